import {
  type Decision,
  decide,
  type Effect,
  expectedMatch,
  type Fix,
  fibOf,
  flowWords,
  type KernelQuestion,
  kernelQuestion,
  type NodeState,
} from "../../core/index.js";
import { kernelMatch } from "./kernelMatch.js";
import { type Namespace, openNamespace } from "./namespace.js";
import { replayNode } from "./replayNode.js";

/** What the kernel and the simulation answer for one flow at one moment. */
export interface Answers {
  readonly kernel: string;
  /** Absent where the simulation does not know: the dumps lack what the kernel was given as empty. */
  readonly simulated?: string;
}

/** One flow of a proof, put to the kernel. */
export interface FlowVerdict {
  /** The words behind `ip route get`. */
  readonly question: string;
  readonly before: Answers;
  readonly after: Answers;
  /** After the undo. */
  readonly undone: Answers;
}

/** What came of a fix on the kernel. */
export interface FixVerdict {
  readonly flows: readonly FlowVerdict[];
  /** Flows that can't be asked for, and why, a sentence each. */
  readonly unasked: readonly string[];
  /** What of the node could not be made, a sentence each: answers that rest on it may differ. */
  readonly unmade: readonly string[];
  /** Commands of the fix or of its undo that the kernel refused, with its words. */
  readonly refused: readonly string[];
  readonly agrees: boolean;
}

/** Side effects beyond these are of the same kinds. */
const askedSideEffects = 200;

interface Asked {
  readonly question: KernelQuestion;
  readonly effect: Effect;
}

function agree({ kernel, simulated }: Answers): boolean {
  return simulated === undefined || kernel === simulated;
}

/** The preferred source is not what rules decide, and lists leave it out where it is the kernel's own choice. */
function withoutSource(match: string): string {
  return match.replace(/ src \S+/, "");
}

function ask(ns: Namespace, asked: readonly Asked[]): string[] {
  const answers = new Map<Asked, string>();
  for (const family of [4, 6] as const) {
    const ofFamily = asked.filter(({ question }) => question.family === family);
    const lines = ofFamily.map(({ question }) => `route get fibmatch ${question.words}`);
    const results = ns.batch(lines, `-${family}`, "-j", "-d");
    for (const [at, each] of ofFamily.entries()) {
      const result = results[at];
      answers.set(each, result ? withoutSource(kernelMatch(result)) : "no answer");
    }
  }
  return asked.map((each) => answers.get(each) ?? "no answer");
}

/** What the simulation says of a question; of source validation its proof already does. */
function simulate(state: NodeState, { question, effect }: Asked, moment: "before" | "after", proven: boolean) {
  const fib = fibOf(state, question.family);
  const decision: Decision = proven ? effect[moment] : decide(fib, question.flow);
  // Without dumped rules the namespace keeps those it began with, and its tables local and main are one.
  const merged = fib.merged !== undefined || (question.family === 4 && !fib.rules);
  const match = expectedMatch(decision, merged);
  return match === undefined ? {} : { simulated: match };
}

/** Runs commands of a fix, in order; answers what the kernel refused. */
function runCommands(ns: Namespace, commands: readonly string[]): string[] {
  return commands.flatMap((command) => {
    try {
      ns.run("sh", "-c", command);
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message.replace(/^sh -c /, "") : String(error)];
    }
  });
}

function verify(ns: Namespace, state: NodeState, fix: Fix): FixVerdict {
  const { proof } = fix;
  const unasked: string[] = [];
  const effects = [proof.main, ...proof.repairs, ...proof.sideEffects.slice(0, askedSideEffects)];
  const asked = effects.flatMap((effect): Asked[] => {
    const question = kernelQuestion(state, effect.flow);
    if (typeof question !== "string") return [{ question, effect }];
    unasked.push(`${flowWords(effect.flow)}: ${question}.`);
    return [];
  });
  const validation = fix.changes.some(({ type }) => type === "set-sysctl");
  const devices = [
    ...asked.flatMap(({ question: { flow } }) => [flow.iif, flow.oif]),
    ...fix.changes.flatMap((change) => ("route" in change ? change.route.nexthops.map(({ dev }) => dev) : [])),
  ].flatMap((device) => device ?? []);
  const unmade = replayNode(ns, state, devices, validation);
  const before = ask(ns, asked);
  const refused = runCommands(ns, fix.commands);
  const after = ask(ns, asked);
  refused.push(...runCommands(ns, fix.undo));
  const undone = ask(ns, asked);
  const flows = asked.map((each, at): FlowVerdict => {
    const simulatedBefore = simulate(state, each, "before", validation);
    return {
      question: each.question.words,
      before: { kernel: before[at] ?? "", ...simulatedBefore },
      after: { kernel: after[at] ?? "", ...simulate(fix.state, each, "after", validation) },
      undone: { kernel: undone[at] ?? "", ...simulatedBefore },
    };
  });
  const agrees = refused.length === 0 && flows.every((flow) => [flow.before, flow.after, flow.undone].every(agree));
  return { flows, unasked, unmade, refused, agrees };
}

/**
 * Replays a node in a network namespace, runs the commands of a fix there, and its undo, and asks the kernel for every flow of the proof before,
 * in between and after. Nothing of the machine's own network is touched.
 *
 * @returns the verdict, or in words why this machine has no namespace to give
 */
export async function verifyFix(state: NodeState, fix: Fix): Promise<FixVerdict | string> {
  const ns = await openNamespace();
  if (typeof ns === "string") return ns;
  try {
    return verify(ns, state, fix);
  } finally {
    ns.close();
  }
}
