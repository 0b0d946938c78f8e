import type { PacketView } from "../../../../server/src/lsp/protocol.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import { type CaseContent, type ListedPackets, listPage, type PanelState } from "./panelState.js";
import type { Action } from "./reduce.js";
import { countWords, packetCount, packetDetail } from "./words.js";

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

  let drawn: ListedPackets | undefined;
  let rows = new Map<string, HTMLElement>();
  let shown: HTMLElement | undefined;

  function clear(): void {
    rows = new Map();
    shown = undefined;
    setAttributes(box, { "aria-activedescendant": undefined });
    box.replaceChildren();
  }

  /** Draws the rows; those that are drawn already stay, and keep their place under the reader's eyes. */
  function draw(list: ListedPackets): void {
    const stay = drawn?.packets ?? [];
    const isMore = stay.length <= list.packets.length && stay.every((packet, at) => packet === list.packets[at]);
    if (!isMore) clear();
    let before = isMore ? stay.at(-1) : undefined;
    for (const packet of list.packets.slice(isMore ? stay.length : 0)) {
      const isNext = before?.conversation === packet.conversation && before.file === packet.file;
      if (!isNext) box.append(drawGroup(packet));
      box.lastElementChild?.append(drawRow(packet));
      before = packet;
    }
    drawn = list;
    box.hidden = list.packets.length === 0;
    const rest = list.total - list.packets.length;
    more.hidden = rest === 0;
    more.textContent = `Show ${Math.min(rest, listPage)} more of ${countWords(rest)}`;
  }

  /** The rows of a conversation stand together already. */
  function drawGroup({ conversation, file }: PacketView): HTMLElement {
    const id = `conversation-${box.childElementCount}`;
    return element(
      "div",
      { role: "group", class: "conversation", "aria-labelledby": id },
      element("div", { class: "conversation-name", id }, `Conversation ${conversation} · ${file}`),
    );
  }

  function drawRow(packet: PacketView): HTMLElement {
    const status = packet.statusWithFix ?? packet.status;
    const row = element(
      "div",
      { role: "option", class: "packet", id: `packet-${rows.size}`, "aria-selected": "false" },
      icon(status, `status-${status}`),
      element("span", { class: "packet-title" }, packet.title),
      element("span", { class: "packet-detail muted" }, packetDetail(packet)),
    );
    row.addEventListener("click", () => dispatch({ type: "selectPacket", packet: packet.id }));
    rows.set(packet.id, row);
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
    update(state, { known, list }) {
      if (list !== undefined && list !== drawn) draw(list);
      none.hidden = list?.total !== 0 || packetCount(known) === 0;
      const selected = rows.get(state.packet ?? "");
      if (selected === shown) return;
      if (shown !== undefined) setAttributes(shown, { "aria-selected": "false" });
      if (selected !== undefined) setAttributes(selected, { "aria-selected": "true" });
      setAttributes(box, { "aria-activedescendant": selected?.id });
      if (selected !== undefined) scrollTo(selected);
      shown = selected;
    },
  };
}
