import { type Endpoint, type Endpoints, learnEndpoints } from "../capture/endpoints.js";
import { joinPackets } from "../capture/joinPackets.js";
import type { Packet } from "../capture/packet.js";
import type { MonitorEvent } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { captureKnowledge } from "./captureKnowledge.js";
import { inferFacts } from "./inferFacts.js";
import { mayFollowPoints } from "./mayFollowPoints.js";
import { learnDevices } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { learnSightings } from "./sightings.js";

/** The events of one capture file. */
export interface Capture {
  readonly file: string;
  readonly events: readonly MonitorEvent[];
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

/** Joins the packets of a node's captures and gathers what is needed to walk them. */
export function buildPathContext(state: NodeState, captures: readonly Capture[]): JoinedContext {
  const packets = captures.flatMap((capture) => joinPackets(capture.events, mayFollowPoints));
  const endpoints = endpointsByFile(captures);
  const endpointsById = new Map(
    [...endpoints].map(([file, known]) => [file, new Map([...known.values()].map((each) => [each.id, each]))]),
  );
  const conversations = groupPackets(packets, conversationName);
  const delivered = groupPackets(packets, receiverOf);
  const devices = learnDevices(captures.flatMap(({ events }) => events));
  const everyEndpoint = [...endpoints.values()].flatMap((known) => [...known.values()]);
  const knowledge = captures.map(({ file, events }) => captureKnowledge(file, events));
  const lossesOf = (file: string) => knowledge.find((capture) => capture.file === file)?.losses ?? [];
  const { facts, evidence } = inferFacts(learnSightings(packets, lossesOf), everyEndpoint, state);
  return {
    state,
    packets,
    facts,
    evidence,
    captures: knowledge,
    conversationOf: (packet) => conversations.get(conversationName(packet)) ?? [packet],
    deliveredTo: ({ id }) => delivered.get(id) ?? [],
    endpointAt: (file, address) => endpoints.get(file)?.get(formatAddress(address)),
    endpointWithId: (file, id) => endpointsById.get(file)?.get(id),
    deviceWithMac: (mac) => devices.get(mac),
  };
}
