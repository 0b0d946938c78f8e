import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { evaluateSample, type SampleVerdict } from "./evaluateSample.js";
import { readExpectations, silence } from "./expectation.js";

/** Other people's texts, which lie beside the repository and are not part of it. */
const samples = resolve("..", "shared", "samples");
const expectations = resolve("test", "fixtures", "incidents");

/** The folders of samples that are evaluated; each has a file of expectations of its name. */
export const sampleSets = ["incidents", "iproute2", "cilium"] as const;

export type SampleSet = (typeof sampleSets)[number];

/** Evaluates all samples of a set; `undefined` where they are not on this machine. */
export function evaluateSet(set: SampleSet): SampleVerdict[] | undefined {
  const folder = join(samples, set);
  if (!existsSync(folder)) return undefined;
  const wanted = readExpectations(join(expectations, `${set}.txt`));
  return readdirSync(folder)
    .filter((file) => /\.(?:txt|log)$/.test(file))
    .sort()
    .map((file) => {
      const name = basename(file).replace(/\.\w+$/, "");
      return evaluateSample(join(folder, file), wanted.get(name) ?? silence(name));
    });
}

/** One word for a sample: `ok`, or what is wrong. */
export function verdictWord({ missed, falseAlarms }: SampleVerdict): string {
  return (
    [missed.length > 0 ? "missed" : "", falseAlarms.length > 0 ? "false alarm" : ""].filter(Boolean).join(", ") || "ok"
  );
}

export interface Totals {
  readonly named: number;
  readonly positives: number;
  readonly conditional: number;
  readonly uncertain: number;
  readonly silent: number;
  readonly quiet: number;
  readonly falseAlarms: number;
}

/** What was reached, in numbers: of so many wanted, so many. `quiet` are the samples in which nothing may be loud. */
export function totalsOf(verdicts: readonly SampleVerdict[]): Totals {
  const of = (...kinds: readonly string[]) => verdicts.filter(({ expectation }) => kinds.includes(expectation.kind));
  const complete = (list: readonly SampleVerdict[]) => list.filter(({ missed }) => missed.length === 0).length;
  const quiet = of("open", "silent");
  return {
    named: complete(of("named")),
    positives: of("named").length,
    conditional: complete(of("conditional")),
    uncertain: of("conditional").length,
    silent: quiet.filter(({ falseAlarms }) => falseAlarms.length === 0).length,
    quiet: quiet.length,
    falseAlarms: verdicts.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0),
  };
}
