import type { WalkView } from "../../../../server/src/lsp/protocol.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import { type CaseContent, listPage, type PanelState, type WalkFilter } from "./panelState.js";
import type { Action } from "./reduce.js";
import { visibleWalks, type WalkGroup } from "./visibleWalks.js";
import { packetDetail } from "./words.js";

export interface PacketList {
  readonly root: HTMLElement;
  /** The box that takes the keyboard's focus. */
  readonly box: HTMLElement;
  update(state: PanelState, content: CaseContent): void;
}

/** The packets of the case, a group for each conversation: an ARIA listbox whose box keeps the focus while rows are selected. */
export function createPacketList(dispatch: (action: Action) => void): PacketList {
  const box = element("div", { class: "packets", role: "listbox", tabindex: 0, "aria-label": "Packets" });
  const none = element("p", { class: "muted nothing" }, "No packet passes this filter.");
  const more = button({ class: "link" }, () => dispatch({ type: "showMore" }));
  const root = element("div", { class: "packet-list" }, box, none, more);

  let drawn: { content: CaseContent; filter: WalkFilter; limit: number } | undefined;
  let rows = new Map<string, HTMLElement>();
  let shown: HTMLElement | undefined;

  function draw(state: PanelState, content: CaseContent): void {
    drawn = { content, filter: state.filter, limit: state.limit };
    rows = new Map();
    shown = undefined;
    setAttributes(box, { "aria-activedescendant": undefined });
    const visible = visibleWalks(content.result.walks, state.filter, state.limit);
    box.replaceChildren(...visible.groups.map((group, index) => drawGroup(group, index, content)));
    box.hidden = visible.walks.length === 0;
    none.hidden = visible.walks.length > 0 || content.result.walks.length === 0;
    more.hidden = visible.more === 0;
    more.textContent = `Show ${Math.min(visible.more, listPage)} more of ${visible.more}`;
  }

  function drawGroup(group: WalkGroup, index: number, content: CaseContent): HTMLElement {
    const id = `conversation-${index}`;
    return element(
      "div",
      { role: "group", class: "conversation", "aria-labelledby": id },
      element("div", { class: "conversation-name", id }, `Conversation ${group.conversation} · ${group.file}`),
      ...group.walks.map((walk) => drawRow(walk, content)),
    );
  }

  function drawRow(walk: WalkView, content: CaseContent): HTMLElement {
    const retried = content.tried?.walks.find(({ id }) => id === walk.id);
    const { status } = retried ?? walk;
    const row = element(
      "div",
      { role: "option", class: "packet", id: `packet-${rows.size}`, "aria-selected": "false" },
      icon(status, `status-${status}`),
      element("span", { class: "packet-title" }, walk.title),
      element("span", { class: "packet-detail muted" }, packetDetail(walk, status, retried !== undefined)),
    );
    row.addEventListener("click", () => dispatch({ type: "selectWalk", walk: walk.id }));
    rows.set(walk.id, row);
    return row;
  }

  /** Scrolls the box alone: the page must not jump to the list while someone reads the walk. */
  function scrollTo(row: HTMLElement): void {
    const above = row.offsetTop - box.offsetTop - box.scrollTop;
    const below = above + row.offsetHeight - box.clientHeight;
    if (above < 0) box.scrollTop += above;
    else if (below > 0) box.scrollTop += below;
  }

  return {
    root,
    box,
    update(state, content) {
      if (content !== drawn?.content || state.filter !== drawn.filter || state.limit !== drawn.limit)
        draw(state, content);
      const selected = rows.get(state.walk ?? "");
      if (selected === shown) return;
      if (shown !== undefined) setAttributes(shown, { "aria-selected": "false" });
      if (selected !== undefined) setAttributes(selected, { "aria-selected": "true" });
      setAttributes(box, { "aria-activedescendant": selected?.id });
      if (selected !== undefined) scrollTo(selected);
      shown = selected;
    },
  };
}
