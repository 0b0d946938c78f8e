import type { Action } from "./reduce.js";

/**
 * The part of the page that has the keyboard's focus. `walk`: the drawing, or nothing at all; `details`: any other control;
 * `typing`: a field in which letters are text.
 */
export type Region = "packets" | "walk" | "details" | "typing";

export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  /** Whether Control, Command or Alt is held: such keys belong to the editor. */
  readonly chord: boolean;
}

/** What a key asks for beyond a change of the state. */
export type KeyAction =
  | Action
  | { readonly type: "openEvidence"; readonly focus: boolean }
  | { readonly type: "enterWalk" };

const step = (move: "next" | "previous" | "first" | "last"): Action => ({ type: "moveHop", move });
const pick = (move: "next" | "previous" | "first" | "last"): Action => ({ type: "movePacket", move });

/** Keys that step along the walk wherever the focus is. */
const everywhere: Readonly<Record<string, Action>> = {
  ArrowRight: step("next"),
  ArrowLeft: step("previous"),
  n: step("next"),
  p: step("previous"),
  Home: step("first"),
  End: step("last"),
  e: { type: "switchSide" },
};

const inPackets: Readonly<Record<string, KeyAction>> = {
  ArrowDown: pick("next"),
  ArrowUp: pick("previous"),
  j: pick("next"),
  k: pick("previous"),
  Home: pick("first"),
  End: pick("last"),
  Enter: { type: "enterWalk" },
};

const inWalk: Readonly<Record<string, KeyAction>> = {
  ArrowDown: step("next"),
  ArrowUp: step("previous"),
  j: step("next"),
  k: step("previous"),
  // As in the editor's own lists: Enter goes there, Space only looks.
  Enter: { type: "openEvidence", focus: true },
  " ": { type: "openEvidence", focus: false },
};

/** What a key does, by where the focus is; undefined where it is left to the browser. */
export function keyAction(press: KeyPress, region: Region): KeyAction | undefined {
  if (region === "typing" || press.chord) return undefined;
  const own = region === "packets" ? inPackets : region === "walk" ? inWalk : {};
  return lookUp(own, press.key) ?? lookUp(everywhere, press.key);
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
