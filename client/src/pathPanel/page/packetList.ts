import type { PacketsResult, PacketView } from "../../../../server/src/lsp/protocol.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import { type CaseContent, listPage, type PanelState } from "./panelState.js";
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

  let drawn: PacketsResult | undefined;
  let rows = new Map<string, HTMLElement>();
  let shown: HTMLElement | undefined;

  function draw(list: PacketsResult): void {
    drawn = list;
    rows = new Map();
    shown = undefined;
    setAttributes(box, { "aria-activedescendant": undefined });
    box.replaceChildren(...groupByConversation(list.packets).map(drawGroup));
    box.hidden = list.packets.length === 0;
    const rest = list.total - list.packets.length;
    more.hidden = rest === 0;
    more.textContent = `Show ${Math.min(rest, listPage)} more of ${countWords(rest)}`;
  }

  function drawGroup(packets: readonly PacketView[], index: number): HTMLElement {
    const id = `conversation-${index}`;
    const [first] = packets;
    return element(
      "div",
      { role: "group", class: "conversation", "aria-labelledby": id },
      element("div", { class: "conversation-name", id }, `Conversation ${first?.conversation} · ${first?.file}`),
      ...packets.map(drawRow),
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

/** The rows of a conversation stand together already. */
function groupByConversation(packets: readonly PacketView[]): PacketView[][] {
  const groups: PacketView[][] = [];
  for (const packet of packets) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before?.conversation === packet.conversation && before.file === packet.file) group.push(packet);
    else groups.push([packet]);
  }
  return groups;
}
