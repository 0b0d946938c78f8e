import { type Endpoint, type Endpoints, learnEndpoints } from "../capture/columns/endpoints.js";
import { joinPackets } from "../capture/joinPackets.js";
import { relatePackets } from "../capture/linking/relatePackets.js";
import type { Packet } from "../capture/packet.js";
import { renumberPackets } from "../capture/renumberPackets.js";
import type { MonitorEvent } from "../monitor/event.js";
import type { Setting } from "../monitor/settings/setting.js";
import { formatAddress } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { type CaptureKnowledge, captureKnowledge } from "./captureKnowledge.js";
import { deliverySteps } from "./deliverySteps.js";
import { inferFacts } from "./inferFacts.js";
import { kernelWitnesses } from "./kernelWalks.js";
import { mayFollowPoints } from "./mayFollowPoints.js";
import { neighbourRequests } from "./neighbourRequests.js";
import { learnDevices } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { learnSightings } from "./sightings.js";
import { socketWitnesses } from "./socketTranslations.js";

/** The events of one capture file. */
export interface Capture {
  readonly file: string;
  readonly events: readonly MonitorEvent[];
  /** Whether they are some of a larger file's events. */
  readonly isPart?: boolean;
  /** How many packets and conversations of other nodes the file holds before these, where it is of several. */
  readonly before?: { readonly packets: number; readonly conversations: number };
}

/** A context whose captures were small enough to be joined whole. */
export interface JoinedContext extends PathContext {
  readonly packets: readonly Packet[];
}

/** Names a packet's conversation; numbers alone are unique within a capture only. */
function conversationName({ file, conversation }: Packet): string {
  return `${conversation} ${file}`;
}

function groupPackets<K>(packets: readonly Packet[], keyOf: (packet: Packet) => K | undefined): Map<K, Packet[]> {
  const groups = new Map<K, Packet[]>();
  for (const packet of packets) {
    const key = keyOf(packet);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(packet);
    else groups.set(key, [packet]);
  }
  return groups;
}

/** The endpoint that a packet's last event delivers it to. */
function receiverOf({ events }: Packet): number | undefined {
  const last = events.at(-1)?.event;
  return last?.type === "trace" && last.observationPoint === "to-endpoint" ? last.dstEndpoint : undefined;
}

/** Endpoints as their own capture shows them, with the device that another capture of the same endpoint names. */
function endpointsByFile(captures: readonly Capture[]): Map<string, Endpoints> {
  const byFile = new Map<string, Endpoints>(captures.map(({ file, events }) => [file, learnEndpoints(events)]));
  const named = new Map<string, Endpoint>();
  for (const endpoints of byFile.values()) {
    for (const [address, endpoint] of endpoints) {
      if (endpoint.device !== undefined) named.set(`${endpoint.id} ${address}`, endpoint);
    }
  }
  return new Map(
    [...byFile].map(([file, endpoints]) => [
      file,
      new Map(
        [...endpoints].map(([address, endpoint]): [string, Endpoint] => {
          const device = named.get(`${endpoint.id} ${address}`)?.device;
          return [address, device === undefined ? endpoint : { ...endpoint, device }];
        }),
      ),
    ]),
  );
}

function packetsOf({ events, isPart = false, before }: Capture, { aggregation, losses }: CaptureKnowledge): Packet[] {
  const joined = joinPackets(events, mayFollowPoints);
  const numbered = before ? renumberPackets(joined, before) : joined;
  return relatePackets(numbered, { isWhole: aggregation === "none", losses, isPart });
}

/**
 * Joins the packets of a node's captures and gathers what is needed to walk them.
 *
 * @param settings what the node's files state of its set-up
 */
export function buildPathContext(
  state: NodeState,
  captures: readonly Capture[],
  settings: readonly Setting[] = [],
): JoinedContext {
  const events = captures.flatMap((capture) => capture.events);
  const isPart = captures.some((capture) => capture.isPart);
  const knowledge = captures.map((capture) => captureKnowledge(capture.file, capture.events));
  const packets = captures.flatMap((capture, index) => {
    const known = knowledge[index];
    return known ? packetsOf(capture, known) : [];
  });
  const endpoints = endpointsByFile(captures);
  const endpointsById = new Map(
    [...endpoints].map(([file, known]) => [file, new Map([...known.values()].map((each) => [each.id, each]))]),
  );
  const conversations = groupPackets(packets, conversationName);
  const delivered = groupPackets(packets, receiverOf);
  const devices = learnDevices(events);
  const everyEndpoint = [...endpoints.values()].flatMap((known) => [...known.values()]);
  const lossesOf = (file: string) => knowledge.find((capture) => capture.file === file)?.losses ?? [];
  const { facts, evidence } = inferFacts(learnSightings(packets, lossesOf), everyEndpoint, state, settings);
  return {
    state,
    packets,
    facts,
    evidence,
    // A file of pwru's alone shows no packet of Cilium's: what it lacks tells nothing.
    captures: knowledge.filter((_, index) => captures[index]?.events.some(({ type }) => type !== "pwru")),
    conversationOf: (packet) => conversations.get(conversationName(packet)) ?? [packet],
    deliveredTo: ({ id }) => delivered.get(id) ?? [],
    endpointAt: (file, address) => endpoints.get(file)?.get(formatAddress(address)),
    endpointWithId: (file, id) => endpointsById.get(file)?.get(id),
    deviceWithMac: (mac) => devices.get(mac),
    witnesses: {
      kernel: kernelWitnesses(events, packets, !isPart),
      socket: socketWitnesses(events),
      delivery: deliverySteps(events),
      // Of a part it can't be said that nobody answered.
      neighbours: neighbourRequests(isPart ? [] : events),
    },
  };
}
