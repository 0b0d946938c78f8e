import type { CaseView, HopView, WalkView } from "../../../server/src/lsp/protocol.js";

/**
 * Walks from a drawing, one a line:
 *
 *   reply broken  wire from-network:eth0 | routing to-network:eth0 wire || routing from-host pod
 *
 * Id, status, hops; behind `|` the branch that was observed, behind `||` the one that was expected. A hop is `place` or
 * `place:device`; `(place)` was not seen. Words in `[...]` at the end say file and conversation: `[a.log 2]`.
 */
export function drawWalks(drawing: string): readonly WalkView[] {
  return drawing
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map(drawWalk);
}

/** A case with these packets and nothing else. */
export function caseOf(walks: readonly WalkView[]): CaseView {
  const packets = { broken: 0, ok: 0, unknown: 0 };
  for (const { status } of walks) packets[status]++;
  return { caseName: "case", revision: 1, packets, mayHaveFixes: false, setUp: [], missing: [] };
}

function drawWalk(line: string): WalkView {
  const [, drawn = "", file = "a.log", conversation = "1"] = /^(.*?)(?:\s*\[(\S+) (\d+)\])?$/.exec(line) ?? [];
  const [, id = "", status = "", ways = ""] = /^(\S+)\s+(\S+)\s+(.*)$/.exec(drawn) ?? [];
  const [observed = "", expected] = ways.split("||");
  const [trunk = "", branch = ""] = observed.split(/(?:^|\s)\|(?=\s|$)/);
  const shared = drawHops(trunk);
  return {
    id,
    file,
    title: `Packet ${id}`,
    detail: "ICMP id 1 seq 1",
    direction: "unknown",
    conversation: Number(conversation),
    status: status === "broken" || status === "ok" ? status : "unknown",
    outcome: `The outcome of ${id}.`,
    hops: [...shared, ...drawHops(branch)],
    notes: [],
    ...(expected !== undefined && { expected: [...shared, ...drawHops(expected)], parting: shared.length }),
  };
}

function drawHops(text: string): readonly HopView[] {
  return text.trim().split(/\s+/).filter(Boolean).map(drawHop);
}

function drawHop(text: string): HopView {
  const [place = "", device] = text.replace(/[()]/g, "").split(":");
  return {
    place,
    lane: laneOf(place),
    title: place,
    seen: !text.startsWith("("),
    sentences: [`At ${place}.`],
    evidence: [],
    ...(device !== undefined && { device }),
  };
}

function laneOf(place: string): HopView["lane"] {
  if (place === "wire" || place === "pod") return place;
  if (place.endsWith("network")) return "device";
  return place === "routing" || place === "netfilter" ? "kernel" : "cilium";
}
