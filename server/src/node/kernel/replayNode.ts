import { type NodeState, nodeCommands } from "../../core/index.js";
import type { BatchResult, Namespace } from "./namespace.js";

/** What the kernel says of an address or route that it has made by itself already. */
const exists = /^File exists$|address already assigned/i;

function refusals(lines: readonly string[], results: readonly BatchResult[], isFine: RegExp): string[] {
  return results.flatMap((result, at) =>
    "error" in result && !isFine.test(result.error) ? [`\`ip ${lines[at]}\`: ${result.error}`] : [],
  );
}

/** No message at all. */
const nothing = /^(?!)/;

function run(ns: Namespace, lines: readonly string[], options: readonly string[] = [], isFine = exists): string[] {
  return refusals(lines, ns.batch(lines, ...options), isFine);
}

/** Tries of each route its lines in turn; answers the last refusal of those that the kernel took in no form. */
function addRoutes(ns: Namespace, routes: readonly (readonly string[])[], family: 4 | 6): string[] {
  const first = routes.map(([line = ""]) => line);
  const results = ns.batch(first, `-${family}`);
  const failed = (at: number): boolean => {
    const result = results[at];
    return result !== undefined && "error" in result && !exists.test(result.error);
  };
  const again = routes.flatMap((lines, at) => (failed(at) ? [lines.at(-1) ?? ""] : []));
  return run(ns, again, [`-${family}`]);
}

function writeSettings(ns: Namespace, settings: readonly (readonly [path: string, value: string])[]): void {
  // A kernel may lack one or the other; what matters of them shows in the answers.
  const script = settings.map(([path, value]) => `echo ${value} > '/proc/sys/net/${path}'`).join("\n");
  ns.run("sh", "-c", `exec 2>/dev/null\n${script}\ntrue`);
}

/**
 * Makes an empty namespace route as a state says.
 *
 * @returns what of it could not be made, a sentence each
 */
export function replayNode(
  ns: Namespace,
  state: NodeState,
  flowDevices: readonly string[],
  validation: boolean,
): string[] {
  const commands = nodeCommands(state, flowDevices, validation);
  const problems = run(ns, commands.links);
  writeSettings(ns, commands.settings);
  // Routes come first: a gateway is checked against the rules in force when its route is added.
  for (const family of [4, 6] as const) problems.push(...addRoutes(ns, commands.routes[family], family));
  for (const family of [4, 6] as const) {
    problems.push(...run(ns, commands.rules[family], [`-${family}`], nothing));
    problems.push(...run(ns, commands.unwanted[family], [`-${family}`], nothing));
  }
  problems.push(...run(ns, commands.carriers));
  return [...commands.missing, ...problems.map((problem) => `The kernel did not take ${problem}.`)];
}
