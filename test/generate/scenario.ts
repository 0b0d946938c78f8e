import type { NodeFacts } from "../../server/src/core/path/datapathFacts.js";
import type { DatapathPlaceId } from "../../server/src/core/path/datapathPlaces.js";

/** One place of a drawn walk. */
export interface DrawnPlace {
  readonly place: DatapathPlaceId;
  /** Whether it is drawn in parentheses: no event there. */
  readonly silent: boolean;
  /** As drawn in brackets; `-` for none. */
  readonly device?: string;
  /** Addresses as they are here, `ADDRESS` or `ADDRESS:PORT`, where they change. */
  readonly src?: string;
  readonly dst?: string;
  /** TTL, where it is not what the hops before it make of it. */
  readonly ttl?: number;
  /** What the event says of the connection, where it is not what it says usually. */
  readonly state?: string;
  /** Why it is dropped here. */
  readonly reason?: string;
}

/** A packet's walk on one node. */
export interface DrawnWalk {
  readonly node: string;
  readonly places: readonly DrawnPlace[];
  /** What becomes of it, as drawn behind `=>`. */
  readonly disposition: string;
}

/** `tcp 10.1.0.5:40000 > 10.2.0.9:80 SYN`, and its walks, one for each node it passes. */
export interface DrawnPacket {
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6" | "esp";
  readonly src: string;
  readonly dst: string;
  readonly words: readonly string[];
  readonly walks: readonly DrawnWalk[];
}

export interface Scenario {
  readonly title: string;
  readonly facts: ReadonlyMap<string, NodeFacts>;
  /** Dumps of rules and routes, by node. */
  readonly dumps: ReadonlyMap<string, string>;
  readonly packets: readonly DrawnPacket[];
}

function readFacts(words: readonly string[]): NodeFacts {
  return Object.fromEntries(
    words.map((word) => {
      const [name = "", value = ""] = word.split("=");
      return [name, value === "true" ? true : value === "false" ? false : value];
    }),
  );
}

/** Reads `(pod) from-endpoint to-network[eth0] src=192.0.2.10`; a changed address holds from the place it stands before. */
export function readPlaces(words: readonly string[]): DrawnPlace[] {
  const places: DrawnPlace[] = [];
  let changes: Pick<DrawnPlace, "src" | "dst" | "ttl" | "state" | "reason"> = {};
  for (const word of words) {
    const change = /^(src|dst|ttl|state|reason)=(\S+)$/.exec(word);
    if (change) {
      changes = {
        ...changes,
        [change[1] ?? ""]: change[1] === "ttl" ? Number(change[2]) : change[2]?.replaceAll("_", " "),
      };
      continue;
    }
    const [, open = "", place = "", device] = /^(\(?)([a-z-]+)(?:\[([^\]]+)\])?\)?$/.exec(word) ?? [];
    places.push({
      place: place as DatapathPlaceId,
      silent: open !== "",
      ...(device === undefined ? {} : { device }),
      ...changes,
    });
    changes = {};
  }
  return places;
}

function readWalk(line: string): DrawnWalk {
  const [walk = "", disposition = ""] = line.split(" => ");
  const [node = "", ...words] = walk.trim().split(/\s+/);
  return { node, places: readPlaces(words), disposition: disposition.trim() };
}

function readPacket(block: string): DrawnPacket {
  const [head = "", ...lines] = block.trim().split("\n");
  const [protocol = "", src = "", , dst = "", ...words] = head.trim().split(/\s+/);
  return { protocol: protocol as DrawnPacket["protocol"], src, dst, words, walks: lines.map(readWalk) };
}

/**
 * Reads drawn scenarios: see test/fixtures/path/README.md.
 *
 * @param text `=== title`, facts of nodes, dumps (`a| line`), then packets (`--- head`) with a walk a line; `#` begins a remark
 */
export function readScenarios(text: string): Scenario[] {
  const bare = text.replace(/^#.*\n/gm, "");
  return bare
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [head = "", ...packets] = section.replace(/\n\n+/g, "\n").split(/^--- /m);
      const [title = "", ...lines] = head.trimEnd().split("\n");
      const facts = new Map<string, NodeFacts>();
      const dumps = new Map<string, string>();
      for (const line of lines) {
        const dumped = /^(\w)\| ?(.*)$/.exec(line);
        if (dumped) {
          const node = dumped[1] ?? "";
          dumps.set(node, `${dumps.get(node) ?? ""}${dumped[2]}\n`);
          continue;
        }
        const [node = "", ...words] = line.trim().split(/\s+/);
        if (node) facts.set(node, readFacts(words));
      }
      return { title, facts, dumps, packets: packets.map(readPacket) };
    });
}
