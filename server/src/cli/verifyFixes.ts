import type { Fix, NodeAnalysis } from "../core/index.js";
import { type Answers, type FixVerdict, type FlowVerdict, verifyFix } from "../node/kernel/verifyFix.js";
import type { Fixable } from "./commands/fix.js";
import { indent, printable } from "./output.js";
import { UnusablePath } from "./readPaths.js";

function answerLine(moment: string, { kernel, simulated }: Answers): string {
  if (simulated === undefined) return `${moment} ${kernel} (the dumps do not tell)`;
  return kernel === simulated ? `${moment} ${kernel}` : `${moment} ${kernel}, but the simulation says ${simulated}`;
}

function flowLines({ question, before, after, undone }: FlowVerdict): string[] {
  const restored = undone.kernel === before.kernel ? "undone: as before" : answerLine("undone:", undone);
  return [
    `ip route get ${question}`,
    ...indent([answerLine("before:", before), answerLine("after: ", after), restored]),
  ];
}

function verdictLines(fix: Fix, { flows, unasked, unmade, refused, agrees }: FixVerdict): string[] {
  const verdict = agrees
    ? flows.length > 0
      ? "The kernel agrees."
      : "The kernel took the commands; no flow of the proof can be asked for."
    : "The kernel does NOT agree.";
  return [
    fix.title,
    ...indent(fix.commands),
    ...indent([verdict]),
    ...indent(flows.flatMap(flowLines), "    "),
    ...indent(refused.map((words) => `refused: ${words}`)),
    ...indent(unasked.map((words) => `not asked: ${words}`)),
    ...indent(unmade.map((words) => `not replayed: ${words}`)),
  ].map(printable);
}

const needs =
  "It takes Linux with iproute2 and util-linux, and root or unprivileged user namespaces. Without --verify-kernel, fixes are simulated only.";

async function verified({ node }: NodeAnalysis, fix: Fix): Promise<FixVerdict> {
  const verdict = await verifyFix(node.state, fix);
  if (typeof verdict === "string") throw new UnusablePath(`the kernel can't be asked: ${verdict}. ${needs}`);
  return verdict;
}

/**
 * Replays every fix in a network namespace of its own and prints what the kernel says. Returns 0 where it agrees with all, else 1.
 *
 * @throws UnusablePath where the machine has no namespaces to give
 */
export async function verifyFixes(fixables: readonly Fixable[], print: (line: string) => void): Promise<number> {
  const fixes = fixables.flatMap(({ node, analysed }) => analysed.fixes.map((fix) => ({ node, fix })));
  if (fixes.length === 0) {
    print("There is no fix to ask the kernel about.");
    return 0;
  }
  let agreed = 0;
  for (const { node, fix } of fixes) {
    const verdict = await verified(node, fix);
    for (const line of [...verdictLines(fix, verdict), ""]) print(line);
    if (verdict.agrees) agreed++;
  }
  print(`The kernel agrees with ${agreed} of ${fixes.length} fixes.`);
  return agreed === fixes.length ? 0 : 1;
}
