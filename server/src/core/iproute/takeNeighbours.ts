import { parseAddress } from "../net/address.js";
import { type Line, marksLength, placeIn } from "./line.js";
import type { NeighbourSection } from "./section.js";
import { extendSection, openSection, type TranscriptState, takePending } from "./transcriptState.js";
import { splitWords } from "./word.js";

type Neighbour = NeighbourSection["neighbours"][number];

/** States of a neighbour (iproute2 ip/ipneigh.c: nud_state_a2n). */
const states = new Set(["REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "INCOMPLETE", "PERMANENT", "NOARP", "NONE"]);

/** Adds a neighbour to the open section of neighbours, or to a new one. */
export function addNeighbour(state: TranscriptState, neighbour: Neighbour): void {
  if (state.open?.kind === "neighbours") {
    state.open.neighbours.push(neighbour);
    extendSection(state.open, neighbour.place.end);
    return;
  }
  const pending = takePending(state, ({ object, verb }) => object === "neighbour" && verb === "show");
  openSection(state, {
    kind: "neighbours",
    place: neighbour.place,
    ...(pending ? { command: pending.shown } : {}),
    printedBy: pending?.command.busybox ? "busybox" : "unknown",
    neighbours: [neighbour],
  });
}

/** Takes a line of `ip neigh`: `ADDRESS dev NAME [lladdr MAC] [router] STATE`. It begins like a route and ends otherwise. */
export function takeNeighbour(state: TranscriptState, line: Line): boolean {
  if (!/[A-Z]{4}/.test(line.text)) return false;
  const words = splitWords(line.text, marksLength(line.text));
  const nud = words.findLast((word) => states.has(word.text));
  const address = parseAddress(words[0]?.text ?? "");
  if (!nud || !address) return false;
  const pending = state.pending.find(({ command }) => command.object === "neighbour")?.command;
  const after = (keyword: string) => {
    const at = words.findIndex((word) => word.text === keyword);
    return at < 0 ? undefined : words[at + 1]?.text;
  };
  // `ip neigh show dev NAME` leaves the column out.
  const filter = pending?.words.findIndex((word) => word.text === "dev") ?? -1;
  const dev = after("dev") ?? (filter < 0 ? undefined : pending?.words[filter + 1]?.text);
  if (dev === undefined) return false;
  const linkLayer = after("lladdr");
  addNeighbour(state, {
    address,
    dev,
    ...(linkLayer === undefined ? {} : { linkLayer }),
    state: nud.text,
    place: placeIn(line, words[0]?.start ?? 0, nud.end),
  });
  return true;
}
