import {
  type AnalyseOptions,
  type Analysis,
  analyse,
  analyseLargeCase,
  type CasePart,
  type LargeCase,
  openLargeCase,
  type ReadFile,
} from "../core/index.js";
import { type OpenOptions, openPaths, warnOnStderr } from "./openPaths.js";
import { SourceMap } from "./output.js";

/** Everything there is to say about the paths a user named. */
export interface AnalysedPaths {
  readonly analysis: Analysis;
  readonly sources: SourceMap;
  /** The files, in the order in which they were found. Of a large capture only an excerpt was read. */
  readonly files: readonly ReadFile[];
  /** Where captures were too large to be read whole. `analysis` is then about some of their packets. */
  readonly large?: LargeCase;
  close(): Promise<void>;
}

/** Leads from places in excerpts to lines of their files. */
export function sourcesOf(part: CasePart): SourceMap {
  return new SourceMap(part.files, part);
}

/**
 * Reads and analyses what the user named, whatever its size. What of it was not looked at is said by `warn`.
 *
 * @throws UnusablePath as `openPaths` does
 */
export async function analysePaths(
  paths: readonly string[],
  { levels = {}, ...options }: OpenOptions & AnalyseOptions = {},
): Promise<AnalysedPaths> {
  const { ciliumVersion } = options;
  const { files, captures, order, close } = await openPaths(paths, options);
  if (captures.length === 0) {
    return { analysis: analyse(files, { levels }), sources: new SourceMap(files), files, close };
  }
  const large = openLargeCase({
    files,
    captures,
    order,
    levels,
    ...(ciliumVersion === undefined ? {} : { ciliumVersion }),
  });
  const part = analyseLargeCase(large);
  const { warn = warnOnStderr } = options;
  for (const sentence of part.files.flatMap(({ limits = [] }) => limits)) warn(sentence);
  return { analysis: part.analysis, sources: sourcesOf(part), files: part.files, large, close };
}
