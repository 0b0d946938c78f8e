import { analyse, fixScript } from "../../core/index.js";
import { findingJson } from "../findingJson.js";
import { SourceMap } from "../output.js";
import { readPaths } from "../readPaths.js";

/** `packetwalk fix PATH...`: the fixes there are, each as a script to be reviewed. Returns 0 also where there is none. */
export async function fix(
  paths: readonly string[],
  options: { readonly code?: string; readonly format: "text" | "json" },
  print: (line: string) => void,
): Promise<number> {
  const files = await readPaths(paths);
  const sources = new SourceMap(files);
  const all = analyse(files)
    .nodes.flatMap((node) => node.findings.map((analysed) => ({ node, analysed })))
    .filter(
      ({ analysed: { finding, fixes } }) =>
        fixes.length > 0 && (options.code === undefined || options.code === finding.code),
    );
  if (options.format === "json") {
    print(
      JSON.stringify(
        { version: 1, findings: all.map(({ node, analysed }) => findingJson(node, analysed, sources)) },
        null,
        2,
      ),
    );
    return 0;
  }
  if (all.length === 0) print("There is no fix to offer: nothing found that a simulated change of rules repairs.");
  for (const { analysed } of all) for (const each of analysed.fixes) print(fixScript(each));
  return 0;
}
