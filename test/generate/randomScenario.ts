import { type DatapathFacts, type FactName, factValues } from "../../server/src/core/path/datapathFacts.js";
import type { DatapathPlaceId } from "../../server/src/core/path/datapathPlaces.js";
import { isSilent } from "../../server/src/core/path/datapathPlaces.js";
import { isNormalWay, waysBetween } from "../../server/src/core/path/ways.js";
import { type Random, randomFrom } from "./random.js";
import type { DrawnPacket, DrawnPlace, Scenario } from "./scenario.js";

const starts = {
  pod: "10.1.0.5",
  wire: "10.2.0.9",
  "host-process": "192.0.2.10",
  "proxy-process": "10.1.0.5",
} as const;
const goals = { "local-pod": "pod", elsewhere: "wire", host: "host-process", proxy: "proxy-process" } as const;
const destinations = { "local-pod": "10.1.0.6", elsewhere: "10.2.0.7", host: "192.0.2.10", proxy: "10.1.0.6" } as const;

function randomFacts(random: Random): DatapathFacts {
  return Object.fromEntries(
    (Object.keys(factValues) as FactName[]).map((fact) => [fact, random.pick<unknown>(factValues[fact])]),
  );
}

/** A packet that a program sends on straight from the device it came in by is a service's or a gateway's: its destination is translated. */
function isTranslated(places: readonly DatapathPlaceId[], at: number): boolean {
  return places[at - 1] === "from-network" && /^to-(?:network|overlay)$/.test(places[at] ?? "");
}

function drawn(places: readonly DatapathPlaceId[], destination: string): DrawnPlace[] {
  return places.map((place, at) => ({
    place,
    silent: isSilent(place),
    ...(isTranslated(places, at) ? { dst: `${destination}:80` } : {}),
  }));
}

/** An encrypted packet is another packet to those who see it: the walk in its parts, each with whether it is encrypted there. */
function partsOf(
  places: readonly DatapathPlaceId[],
): { readonly places: DatapathPlaceId[]; readonly outer: boolean }[] {
  const encrypted = places.indexOf("encryption");
  const decrypted = places.indexOf("decryption");
  if (encrypted >= 0) {
    return [
      { places: places.slice(0, encrypted + 1), outer: false },
      { places: places.slice(encrypted + 1), outer: true },
    ];
  }
  if (decrypted < 0) return [{ places: [...places], outer: false }];
  return [
    { places: places.slice(0, decrypted), outer: true },
    { places: places.slice(decrypted), outer: false },
  ];
}

/** A packet that walks one normal way of the graph under random facts; none where those admit none. */
function randomPacket(random: Random, facts: DatapathFacts, port: number): DrawnPacket[] {
  const start = random.pick(Object.keys(starts) as (keyof typeof starts)[]);
  const destination = random.pick(factValues.destination);
  const known = { ...facts, destination };
  const ways = waysBetween(start, goals[destination], known, "any").filter((way) => isNormalWay(way, known));
  const [way] = ways;
  if (!way) return [];
  // A gateway takes what leaves the cluster.
  const far = destination === "elsewhere" && facts.egressGateway ? "198.51.100.7" : destinations[destination];
  return partsOf(way.places).map(({ places, outer }): DrawnPacket => {
    const walk = { node: "a", places: drawn(places, far), disposition: "" };
    if (outer) {
      return facts.encryption === "wireguard"
        ? { protocol: "udp", src: "192.0.2.10:51871", dst: "192.0.2.20:51871", words: [], walks: [walk] }
        : { protocol: "esp", src: "192.0.2.10", dst: "192.0.2.20", words: [], walks: [walk] };
    }
    const src = `${starts[start]}:${port}`;
    const translated = places.some((_, at) => isTranslated(places, at));
    const dst = translated ? "192.0.2.10:30080" : `${far}:80`;
    return { protocol: "tcp", src, dst, words: ["SYN"], walks: [walk] };
  });
}

/** Further packets of the same connection, which walk the same way; or the packet as a datagram or a ping, again and again. */
function repeated(random: Random, packet: DrawnPacket): DrawnPacket[] {
  // Nothing that a proxy answers is drawn, and who asks it again and again has got no answer.
  const toProxy = packet.walks.some(({ places }) => places.at(-1)?.place === "proxy-process");
  if (packet.protocol !== "tcp" || toProxy) return [packet];
  const further = Array.from({ length: random.below(4) });
  switch (random.pick(["tcp", "udp", "icmp"] as const)) {
    case "tcp":
      return [packet, ...further.map(() => ({ ...packet, words: [random.pick(["PSH", "FIN", "RST"])] }))];
    case "udp":
      return [packet, ...further].map(() => ({ ...packet, protocol: "udp", words: [] }));
    case "icmp":
      return [packet, ...further].map(() => ({ ...packet, protocol: "icmp", words: ["EchoRequest"] }));
  }
}

/** A node with random facts and some packets that walk normal ways through it. */
export function randomScenario(seed: number): Scenario {
  const random = randomFrom(seed);
  const facts = randomFacts(random);
  const packets = Array.from({ length: 2 + random.below(5) }, (_, index) =>
    randomPacket(random, facts, 40_000 + index).flatMap((packet) => repeated(random, packet)),
  );
  return {
    title: `seed ${seed}`,
    facts: new Map([["a", facts]]),
    dumps: new Map(),
    packets: packets.flat(),
  };
}
