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

/** How much of a proof is written out. */
export interface ProofDetail {
  /** Every flow, however many there are. */
  readonly allEffects?: boolean;
}

/** Flows that are written out of what a fix repairs, and of what it changes besides; behind these a line counts the others. */
const shown = { repairs: 8, sideEffects: 20 } as const;

/** Some effects in lines, indented; the first ones, and how many more there are. */
function effectLines(effects: readonly Effect[], most: number): string[] {
  const more = effects.length - most;
  const lines = effects
    .slice(0, most)
    .map(explainEffect)
    .flatMap(({ flow, before, after }) => [`  ${flow}`, `    before: ${before}`, `    after:  ${after}`]);
  return more > 0 ? [...lines, `  ... and ${more} more, which \`packetwalk fix --all-effects\` lists.`] : lines;
}

/** What a fix does besides, and how it is said. */
function sideEffectHeading(isSetting: boolean, count: number): string {
  if (isSetting) {
    return count === 0
      ? "Rules and routes stay as they are, and no other source that the routes tell apart is accepted or refused."
      : "Rules and routes stay as they are; accepted besides, an example of each way back to a source:";
  }
  return count === 0
    ? "Nothing else changes: every region of flows that the rules and routes tell apart was looked up before and after."
    : "Changes besides:";
}

const tooManyFlows = "The rules and routes tell more flows apart than were looked up: there may be other changes.";
const unknownSettings = "Not all settings and tables were dumped: other sources may be accepted as well.";

function sideEffectLines({ changes, proof: { sideEffects, moreSideEffects, whole } }: Fix, most: number): string[] {
  const isSetting = changes.every(({ type }) => type === "set-sysctl");
  const { length } = sideEffects;
  return [
    length === 0 && !whole ? "No other change was found." : sideEffectHeading(isSetting, length),
    ...effectLines(sideEffects, most),
    ...(moreSideEffects > 0
      ? [`And ${moreSideEffects} more regions of flows like these, by other devices or tables.`]
      : []),
    ...(whole ? [] : [isSetting ? unknownSettings : tooManyFlows]),
  ];
}

/** The proof of a fix in lines of plain text: what it repairs, and what changes besides. */
export function proofLines(fix: Fix, { allEffects = false }: ProofDetail = {}): string[] {
  const { proof, notes } = fix;
  const most = allEffects ? { repairs: Infinity, sideEffects: Infinity } : shown;
  return [
    proof.purpose === "repair" ? "Repairs (simulated):" : "Leaves as it is (simulated):",
    ...effectLines([proof.main, ...proof.repairs], most.repairs),
    ...sideEffectLines(fix, most.sideEffects),
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
export function fixScript(fix: Fix, detail: ProofDetail = {}): string {
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
    ...proofLines(fix, detail).map(comment),
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
