import type { HopView, WalkView } from "../../../../server/src/lsp/protocol.js";
import type { Side } from "./panelState.js";

/** What a drawn line says: both walked it, the way that arrives, the way that goes astray, or neither is known. */
export type LineKind = "shared" | "right" | "wrong" | "plain";

/** A stretch of one walk, drawn as one line. */
export interface Stretch {
  readonly side: Side;
  readonly kind: LineKind;
  /** Whose way it is; undefined for the stretch that both share. */
  readonly heading?: string;
  /** Whether no packet went here: it should have, or would have with a fix. */
  readonly hypothetical: boolean;
  /** Index in its walk of the first hop of the stretch. */
  readonly from: number;
  readonly hops: readonly HopView[];
}

/** Two walks beside each other: the trunk both share, then a branch each. Without branches there is nothing to compare with. */
export interface Comparison {
  readonly trunk: Stretch;
  readonly walked?: Stretch;
  readonly beside?: Stretch;
}

/**
 * What to draw for a packet.
 *
 * @param captured the walk as the capture shows it
 * @param tried the same walk with a fix applied in the simulation, where one is tried and changes it
 */
export function compareWalks(captured: WalkView, tried: WalkView | undefined): Comparison {
  if (tried !== undefined) {
    const parting = firstDifference(tried.hops, captured.hops, captured.parting);
    return compare(
      { hops: tried.hops, kind: lineOf(tried), heading: "With the fix", hypothetical: true },
      parting === undefined
        ? undefined
        : { hops: captured.hops, kind: lineOf(captured), heading: "As captured", hypothetical: false },
      parting,
    );
  }
  const { expected, parting } = captured;
  return compare(
    { hops: captured.hops, kind: lineOf(captured), heading: "Observed", hypothetical: false },
    expected === undefined || parting === undefined
      ? undefined
      : { hops: expected, kind: "right", heading: "Expected", hypothetical: true },
    parting,
  );
}

/** The hops of one side of a comparison, from the first one on. */
export function hopsOf(comparison: Comparison, side: Side): readonly HopView[] {
  const branch = comparison[side];
  return branch === undefined ? comparison.trunk.hops : [...comparison.trunk.hops, ...branch.hops];
}

interface Way {
  readonly hops: readonly HopView[];
  readonly kind: LineKind;
  readonly heading: string;
  readonly hypothetical: boolean;
}

function compare(walked: Way, beside: Way | undefined, parting: number | undefined): Comparison {
  const trunk = { side: "walked", hypothetical: false, from: 0 } as const;
  if (beside === undefined || parting === undefined) {
    return { trunk: { ...trunk, kind: walked.kind, hops: walked.hops } };
  }
  const branch = (side: Side, way: Way): Stretch => ({
    side,
    kind: way.kind,
    heading: way.heading,
    hypothetical: way.hypothetical,
    from: parting,
    hops: way.hops.slice(parting),
  });
  return {
    trunk: { ...trunk, kind: "shared", hops: walked.hops.slice(0, parting) },
    walked: branch("walked", walked),
    beside: branch("beside", beside),
  };
}

function lineOf(walk: WalkView): LineKind {
  if (walk.status === "broken") return "wrong";
  return walk.status === "ok" ? "right" : "plain";
}

/** A look-up at the same place may decide differently: there `known`, the parting point of the capture, comes first. */
function firstDifference(
  one: readonly HopView[],
  other: readonly HopView[],
  known: number | undefined,
): number | undefined {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const a = one[index];
    const b = other[index];
    if (index === known || a?.place !== b?.place || a?.device !== b?.device) return index;
  }
  return undefined;
}
