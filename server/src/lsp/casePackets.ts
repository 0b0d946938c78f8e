import {
  listPackets,
  type NodeAnalysis,
  type PacketFilter,
  type PacketList,
  type PathContext,
  type Trace,
  walkId,
} from "../core/index.js";
import type { AnalysedCase, FilesOfCase } from "./caseStore.js";
import { largePackets } from "./largePackets.js";

/** A packet's trace, with what is needed to say more about it. */
export interface KnownTrace {
  readonly trace: Trace;
  /** All there is to say about its node, the fixes among it. */
  readonly analysis: NodeAnalysis;
  readonly context: PathContext;
  /** The files that its places are in. */
  readonly view: FilesOfCase;
}

/** The packets of a case. */
export interface CasePackets {
  readonly counts: PacketList["counts"];
  /** The first `count` packets that pass a filter, in the order of the list, and how many pass it. */
  select(filter: PacketFilter, count: number): { readonly packets: readonly KnownTrace[]; readonly total: number };
  /** The packet with a name (`walkId`). */
  find(id: string): KnownTrace | undefined;
  /** Packets that did not take their normal way, to try fixes on. */
  astray(): Iterable<KnownTrace>;
}

/** The packets of files that were read whole. */
function smallPackets(view: AnalysedCase): CasePackets {
  const all = view.analysis.nodes.flatMap((analysis) =>
    analysis.node.traces.map((trace): KnownTrace => ({ trace, analysis, context: analysis.node.context, view })),
  );
  const byTrace = new Map(all.map((each) => [each.trace, each]));
  const byId = new Map(all.map((each) => [walkId(each.trace), each]));
  const list = listPackets(all.map(({ trace }) => trace));
  return {
    counts: list.counts,
    select(filter, count) {
      const { traces, total } = list.select(filter, count);
      return { packets: traces.flatMap((trace) => byTrace.get(trace) ?? []), total };
    },
    find: (id) => byId.get(id),
    astray: () => all.filter(({ trace }) => trace.parting !== undefined),
  };
}

const known = new WeakMap<AnalysedCase, CasePackets>();

/** The packets of a case; put together when they are first asked for. */
export function packetsOf(analysed: AnalysedCase): CasePackets {
  const before = known.get(analysed);
  if (before) return before;
  const packets = analysed.large ? largePackets(analysed, analysed.large) : smallPackets(analysed);
  known.set(analysed, packets);
  return packets;
}
