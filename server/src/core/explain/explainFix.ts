import { wordsForDecision } from "../fib/decisionWords.js";
import { flowWords } from "../fib/flowWords.js";
import type { Effect, Fix } from "../fixes/fix.js";

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

/** The proof of a fix in lines of plain text: what it repairs, and all that changes besides. */
export function proofLines({ proof, notes }: Fix): string[] {
  return [
    "Repairs (simulated):",
    ...effectLines([proof.main, ...proof.repairs]).map((line) => `  ${line}`),
    proof.sideEffects.length === 0
      ? "Nothing else changes: every destination that the rules and routes tell apart was looked up before and after."
      : "Changes besides:",
    ...effectLines(proof.sideEffects).map((line) => `  ${line}`),
    ...notes.map((note) => `Note: ${note}`),
  ];
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
