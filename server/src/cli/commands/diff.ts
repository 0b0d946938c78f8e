import {
  causeLines,
  compareNodes,
  diffGroups,
  isSame,
  isWorse,
  type NodeState,
  regionLines,
  type Severity,
  severities,
  statesOf,
  successionsOf,
} from "../../core/index.js";
import { type Compared, diffJson } from "../diffJson.js";
import { printable, SourceMap } from "../output.js";
import { readPaths, UnusablePath } from "../readPaths.js";

export interface DiffOptions {
  readonly format: "text" | "json";
  readonly failOn: Severity | "never";
}

/** States that belong together: the nodes of the same name, or the only ones. */
function pairStates(before: readonly NodeState[], after: readonly NodeState[]): (readonly [NodeState, NodeState])[] {
  const [first, ...others] = before;
  const [last, ...rest] = after;
  if (first && last && others.length === 0 && rest.length === 0) return [[first, last]];
  return before.flatMap((state) => {
    const same = after.find(({ name }) => name === state.name);
    return same ? [[state, same] as const] : [];
  });
}

async function compareTwo(before: string, after: string) {
  const [left, right] = [await readPaths([before]), await readPaths([after])];
  const pairs = pairStates(statesOf(left), statesOf(right));
  if (pairs.length === 0) throw new UnusablePath(`${before}, ${after}: no node is in both`);
  return {
    sources: new SourceMap([...left, ...right]),
    compared: pairs.map(([a, b]): Compared => ({ node: b.name, before, after, difference: compareNodes(a, b) })),
  };
}

async function compareSuccessive(path: string) {
  const files = await readPaths([path]);
  const sources = new SourceMap(files);
  const compared = successionsOf(files).flatMap(({ name, states }) =>
    states.slice(1).map((later, at): Compared => {
      const earlier = states[at] ?? later;
      return {
        node: name,
        before: sources.label(earlier.place),
        after: sources.label(later.place),
        difference: compareNodes(earlier.state, later.state),
      };
    }),
  );
  if (compared.length === 0)
    throw new UnusablePath(`${path}: nothing is dumped twice in there; name two paths to compare`);
  return { sources, compared };
}

function comparisonLines({ node, before, after, difference }: Compared, sources: SourceMap): string[] {
  const title = `Node ${node}: ${before} > ${after}`;
  if (isSame(difference)) return [`${title}: no difference`, ...regionLines(difference), ""];
  return [
    title,
    "",
    ...diffGroups(difference).flatMap(({ title: group, lines }) => [
      printable(`${group}:`),
      ...lines.map(
        ({ sign, text, place, owner }) =>
          `  ${sign} ${printable(text)}${owner === undefined ? "" : ` [${owner}]`}  (${sources.label(place)})`,
      ),
      "",
    ]),
    ...regionLines(difference).map(printable),
    "",
    ...causeLines(difference),
    "",
  ];
}

/** Flows that are worse off count as a warning, any other difference as an information. */
function exitCode(compared: readonly Compared[], failOn: DiffOptions["failOn"]): number {
  const level = compared.some(({ difference }) => difference.regions.some(isWorse))
    ? "warning"
    : compared.some(({ difference }) => !isSame(difference))
      ? "information"
      : undefined;
  return level !== undefined && failOn !== "never" && severities.indexOf(level) <= severities.indexOf(failOn) ? 1 : 0;
}

/** `packetwalk diff BEFORE [AFTER]`: what two states, or the successive dumps of one path, have different. Returns the exit code. */
export async function diff(
  before: string,
  after: string | undefined,
  options: DiffOptions,
  print: (line: string) => void,
): Promise<number> {
  const { sources, compared } = after === undefined ? await compareSuccessive(before) : await compareTwo(before, after);
  if (options.format === "json") {
    print(JSON.stringify({ version: 1, comparisons: compared.map((each) => diffJson(each, sources)) }, null, 2));
  } else for (const each of compared) for (const line of comparisonLines(each, sources)) print(line);
  return exitCode(compared, options.failOn);
}
