import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import type { Action, Move } from "./reduce.js";

export interface HopStepper {
  readonly root: HTMLElement;
  /** @param index of the selected hop, from 0 */
  update(index: number, count: number): void;
}

/** The buttons that step along the walk. At its ends they stay where they are, so that they keep the focus. */
export function createHopStepper(dispatch: (action: Action) => void): HopStepper {
  const move = (to: Move) => () => dispatch({ type: "moveHop", move: to });
  const previous = button(
    { class: "step", title: "Previous hop (Left)" },
    move("previous"),
    icon("previous"),
    element("span", { class: "step-word" }, "Previous"),
  );
  const next = button(
    { class: "step", title: "Next hop (Right)" },
    move("next"),
    element("span", { class: "step-word" }, "Next"),
    icon("next"),
  );
  const counter = element("span", { class: "muted" });
  return {
    root: element(
      "div",
      { class: "stepper", role: "group", "aria-label": "Step along the walk" },
      previous,
      counter,
      next,
    ),
    update(index, count) {
      counter.textContent = `Hop ${index + 1} of ${count}`;
      setAttributes(previous, { "aria-disabled": index === 0 ? "true" : undefined });
      setAttributes(next, { "aria-disabled": index === count - 1 ? "true" : undefined });
    },
  };
}
