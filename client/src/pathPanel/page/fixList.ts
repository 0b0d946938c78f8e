import type { EffectView, FixView, LocationView } from "../../../../server/src/lsp/protocol.js";
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import type { CaseContent } from "./panelState.js";
import { prose } from "./prose.js";
import { sideEffectSentence } from "./words.js";

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
      if (content.known === drawn?.known && content.tried === drawn.tried) return;
      drawn = content;
      const { fixes } = content.known;
      root.hidden = fixes.length === 0;
      const triedId = content.tried?.id;
      root.replaceChildren(
        element("h2", {}, "Try the fix"),
        element(
          "p",
          { class: "muted" },
          "Worked out from these files and tried in a simulation. Nothing on the node is changed.",
        ),
        ...fixes.map((fix) => fixCard(fix, fix.id === triedId, actions)),
      );
    },
  };
}

function fixCard(fix: FixView, tried: boolean, actions: FixListActions): HTMLElement {
  return element(
    "article",
    { class: `fix${tried ? " tried" : ""}`, "aria-label": fix.title },
    element("h3", {}, fix.title),
    commandBlock(fix.commands, actions.copy),
    ...(fix.repairs.length === 0 ? [] : [element("p", { class: "effects-name" }, "Repairs"), effectList(fix.repairs)]),
    element("p", { class: "effects-name" }, sideEffectSentence(fix)),
    ...(fix.sideEffects.length === 0 ? [] : [effectList(fix.sideEffects)]),
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

function effectList(effects: readonly EffectView[]): HTMLElement {
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
  );
}
