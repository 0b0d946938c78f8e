import { wordsForDecision } from "../../fib/decisionWords.js";
import { flowWords } from "../../fib/flowWords.js";
import type { Effect, Fix } from "../../fixes/fix.js";

/** An effect in words: the flow as `ip route get` names it, and the two answers. */
export interface EffectStory {
  readonly flow: string;
  readonly before: string;
  readonly after: string;
}

/** A flow with its answer before and after, in words. */
export function explainEffect({ flow, before, after }: Effect): EffectStory {
  return { flow: flowWords(flow), before: wordsForDecision(before), after: wordsForDecision(after) };
}

function effectLines(effects: readonly Effect[]): string[] {
  return effects
    .map(explainEffect)
    .flatMap(({ flow, before, after }) => [`${flow}`, `  before: ${before}`, `  after:  ${after}`]);
}

/** Side effects that are written out; behind these a line counts the others. */
const shownEffects = 20;

function sideEffectLines({ changes, proof: { sideEffects, whole } }: Fix): string[] {
  if (changes.every(({ type }) => type === "set-sysctl")) {
    return ["Rules and routes stay as they are; the setting holds for every packet that comes in by the device."];
  }
  const unseen = whole
    ? []
    : ["The rules and routes tell more flows apart than were looked up: there may be other changes."];
  if (sideEffects.length === 0) {
    return whole
      ? [
          "Nothing else changes: every region of flows that the rules and routes tell apart was looked up before and after.",
        ]
      : ["No other change was found.", ...unseen];
  }
  const more = sideEffects.length - shownEffects;
  return [
    "Changes besides:",
    ...effectLines(sideEffects.slice(0, shownEffects)).map((line) => `  ${line}`),
    ...(more > 0 ? [`  ... and ${more} more.`] : []),
    ...unseen,
  ];
}

/** The proof of a fix in lines of plain text: what it repairs, and all that changes besides. */
export function proofLines(fix: Fix): string[] {
  const { proof, notes } = fix;
  return [
    proof.purpose === "repair" ? "Repairs (simulated):" : "Leaves as it is (simulated):",
    ...effectLines([proof.main, ...proof.repairs]).map((line) => `  ${line}`),
    ...sideEffectLines(fix),
    ...notes.map((note) => `Note: ${note}`),
  ];
}

/** A name for the file of a fix's script, the same for the same fix. */
export function fixFileName({ changes, kind }: Fix): string {
  const [change] = changes;
  if (change && "rule" in change) return `fix-rule-${change.rule.priority}-${kind}.sh`;
  if (change && "route" in change) return `fix-table-${change.route.table.id ?? "named"}-${kind}.sh`;
  return `fix-${kind}.sh`;
}

/** Text from the dumps in a shell comment: one line, nothing that could end it. */
function comment(line: string): string {
  return `# ${line.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, " ")}`.trimEnd();
}

/**
 * A fix as a shell script to be reviewed: why, the proof and the way back as comments, then the commands. The commands are printed from
 * parsed values (addresses, numbers, and device and table names without anything a shell would interpret), never copied from the input.
 */
export function fixScript(fix: Fix): string {
  const { finding, title, commands, undo, persistent } = fix;
  const forms = Object.entries(persistent).flatMap(([system, text]) => [
    "",
    `To make it last with ${system}:`,
    ...text.split("\n").map((line) => `  ${line}`),
  ]);
  return [
    "#!/bin/sh",
    comment(`${title}.`),
    comment(""),
    comment(finding.message),
    comment(""),
    ...proofLines(fix).map(comment),
    comment(""),
    comment("To undo:"),
    ...undo.map((line) => comment(`  ${line}`)),
    ...forms.map(comment),
    comment(""),
    comment("Packetwalk simulated this on the dumps it was given. Review it before you run it."),
    "",
    "set -eu",
    ...commands,
    "",
  ].join("\n");
}
