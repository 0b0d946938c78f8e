import { decisionJson, diffGroups, explainRegion, type NodeDifference, regionParts } from "../core/index.js";
import { flowJson } from "./findingJson.js";
import type { SourceMap } from "./output.js";

/** What is compared, and under which names. */
export interface Compared {
  readonly node: string;
  /** Where the earlier and the later state were read. */
  readonly before: string;
  readonly after: string;
  readonly difference: NodeDifference;
}

/** A comparison as the contract of `diff --json` has it: lines and columns from 1. */
export function diffJson({ node, before, after, difference }: Compared, sources: SourceMap) {
  const { regions, complete, premises, causes, changes } = difference;
  return {
    node,
    before,
    after,
    changes: diffGroups(difference).flatMap(({ title, lines }) =>
      lines.map(({ sign, text, place, owner }) => ({
        group: title,
        sign,
        text,
        ...(owner === undefined ? {} : { owner }),
        ...sources.place(place),
      })),
    ),
    unknown: changes.unknown,
    flows: {
      complete,
      premises,
      regions: regions.map((region) => {
        const { flows, worse } = explainRegion(region);
        return {
          words: flows,
          worse,
          flow: flowJson(region.flow),
          before: decisionJson(region.before),
          after: decisionJson(region.after),
          parts: regionParts(region),
        };
      }),
    },
    causes,
  };
}
