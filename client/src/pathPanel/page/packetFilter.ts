import type { CaseView } from "../../../../server/src/lsp/protocol.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import type { PacketFilter as Filter } from "./panelState.js";
import type { Action } from "./reduce.js";
import { countWords, packetCount, statusWords } from "./words.js";

export interface PacketFilter {
  readonly root: HTMLElement;
  update(known: CaseView, filter: Filter): void;
}

/** A field for words and one toggle for each status that occurs. */
export function createPacketFilter(dispatch: (action: Action) => void): PacketFilter {
  const field = element("input", {
    type: "search",
    class: "filter-text",
    placeholder: "Filter: address, protocol, device",
    "aria-label": "Filter the packets",
    spellcheck: "false",
  });
  field.addEventListener("input", () => dispatch({ type: "filter", filter: { text: field.value } }));
  const toggles = element("div", { class: "filter-statuses", role: "group", "aria-label": "Show packets that are" });
  const root = element("div", { class: "filter" }, field, toggles);

  let counted = "";
  const buttons = new Map<Filter["status"], HTMLButtonElement>();

  function recount(known: CaseView): void {
    buttons.clear();
    const counts = known.packets;
    const statuses = (["broken", "unknown", "ok"] as const).filter((status) => counts[status] > 0);
    buttons.set("all", toggle("all", "All", packetCount(known)));
    for (const status of statuses) buttons.set(status, toggle(status, statusWords[status], counts[status]));
    toggles.replaceChildren(...buttons.values());
    toggles.hidden = statuses.length < 2;
  }

  function toggle(status: Filter["status"], word: string, count: number): HTMLButtonElement {
    return button(
      {
        class: "toggle",
        title: status === "all" ? "Show all packets" : `Show the packets that are ${status === "ok" ? "OK" : status}`,
      },
      () => dispatch({ type: "filter", filter: { status } }),
      ...(status === "all" ? [`${word} `] : [icon(status), element("span", { class: "toggle-word" }, `${word} `)]),
      element("span", { class: "count" }, countWords(count)),
    );
  }

  return {
    root,
    update(known, filter) {
      // Buttons that stay as they are keep the focus.
      const counts = JSON.stringify(known.packets);
      if (counts !== counted) recount(known);
      counted = counts;
      root.hidden = packetCount(known) < 2;
      if (field.value !== filter.text) field.value = filter.text;
      for (const [status, node] of buttons) setAttributes(node, { "aria-pressed": String(status === filter.status) });
    },
  };
}
