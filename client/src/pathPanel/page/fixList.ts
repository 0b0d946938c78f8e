import type { EffectView, FixView, ListedFixes, LocationView } from "../../../../server/src/lsp/protocol.js";
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import type { CaseContent } from "./panelState.js";
import { prose } from "./prose.js";
import { countWords, sideEffectSentence } from "./words.js";

export interface FixListActions {
  tryFix(fixId: string): void;
  copy(text: string): void;
  reveal(location: LocationView, focus: boolean): void;
}

export interface FixList {
  readonly root: HTMLElement;
  update(content: CaseContent): void;
}

/** The fixes of the case, each with its commands, what it repairs and what else it changes. */
export function createFixList(actions: FixListActions): FixList {
  const root = element("section", { class: "fixes", "aria-label": "Fixes" });
  let drawn: CaseContent | undefined;
  return {
    root,
    update(content) {
      const { known, fixes: listed, tried } = content;
      root.hidden = !known.mayHaveFixes || listed?.fixes.length === 0;
      if (drawn && drawn.fixes === listed && drawn.tried === tried) return;
      drawn = content;
      root.replaceChildren(
        element("h2", {}, "Try the fix"),
        ...(listed ? fixCards(listed, tried, actions) : [pending()]),
      );
    },
  };
}

function pending(): HTMLElement {
  return element("p", { class: "muted", role: "status" }, "Working out fixes…");
}

function fixCards({ fixes, more }: ListedFixes, tried: FixView | undefined, actions: FixListActions): HTMLElement[] {
  const lead = "Worked out from these files and tried in a simulation. Nothing on the node is changed.";
  const rest = `These are the fixes of the gravest findings. ${countWords(more)} more ${more === 1 ? "finding" : "findings"} may have some: see the light bulb at each.`;
  return [
    element("p", { class: "muted" }, lead),
    ...fixes.map((fix) => fixCard(fix, fix.id === tried?.id, actions)),
    ...(more > 0 ? [element("p", { class: "muted" }, rest)] : []),
  ];
}

function fixCard(fix: FixView, tried: boolean, actions: FixListActions): HTMLElement {
  return element(
    "article",
    { class: `fix${tried ? " tried" : ""}`, "aria-label": fix.title },
    element("h3", {}, fix.title),
    commandBlock(fix.commands, actions.copy),
    ...(fix.repairs.length === 0
      ? []
      : [element("p", { class: "effects-name" }, "Repairs"), effectList(fix.repairs, fix.repairCount)]),
    element("p", { class: "effects-name" }, sideEffectSentence(fix)),
    ...(fix.sideEffects.length === 0 ? [] : [effectList(fix.sideEffects, fix.sideEffectCount)]),
    ...fix.notes.map((note) => element("p", { class: "muted" }, ...prose(note))),
    fix.undo.length === 0
      ? undefined
      : element(
          "details",
          { class: "undo" },
          element("summary", {}, "How to undo it"),
          commandBlock(fix.undo, actions.copy),
        ),
    element(
      "div",
      { class: "fix-actions" },
      tried
        ? element("p", { class: "tried-mark" }, icon("ok"), "This fix is being tried")
        : button(
            { class: "primary", "aria-label": `Try the fix: ${fix.title}` },
            () => actions.tryFix(fix.id),
            icon("try"),
            "Try the fix",
          ),
      button({ class: "link" }, () => actions.reveal(fix.location, false), "Show the rule"),
    ),
  );
}

function commandBlock(commands: readonly string[], copy: (text: string) => void): HTMLElement {
  const text = commands.join("\n");
  return element(
    "div",
    { class: "commands" },
    element("pre", { tabindex: 0, "aria-label": "Commands" }, element("code", {}, text)),
    button(
      { class: "icon-button", title: "Copy the commands", "aria-label": "Copy the commands" },
      () => copy(text),
      icon("copy"),
    ),
  );
}

/** @param count how many there are, of which these are the first */
function effectList(effects: readonly EffectView[], count: number): HTMLElement {
  return element(
    "ul",
    { class: "effects" },
    ...effects.map(({ flow, before, after }) =>
      element(
        "li",
        {},
        element("span", { class: "flow" }, flow),
        element("span", { class: "muted" }, "before"),
        element("span", {}, before),
        element("span", { class: "muted" }, "after"),
        element("span", {}, after),
      ),
    ),
    ...(count > effects.length
      ? [element("li", { class: "muted" }, `and ${countWords(count - effects.length)} more`)]
      : []),
  );
}
