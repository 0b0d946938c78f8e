import { type Endpoint, type Endpoints, learnEndpoints } from "../capture/endpoints.js";
import { joinPackets } from "../capture/joinPackets.js";
import type { Packet } from "../capture/packet.js";
import type { MonitorEvent } from "../monitor/event.js";
import { type Address, formatAddress } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { DatapathFacts } from "./datapathGraph.js";
import { inferFacts } from "./inferFacts.js";
import { type DevicesByMac, learnDevices, mayFollow } from "./observation.js";

/** The events of one capture file. */
export interface Capture {
  readonly file: string;
  readonly events: readonly MonitorEvent[];
}

/** What walking needs to know of the node, from all its captures and dumps together. */
export interface PathContext {
  readonly state: NodeState;
  readonly captures: readonly Capture[];
  readonly packets: readonly Packet[];
  /** The packets of each conversation, by `conversationOf`. */
  readonly conversations: ReadonlyMap<string, readonly Packet[]>;
  /** Packets that were seen to reach an endpoint, by its id. */
  readonly delivered: ReadonlyMap<number, readonly Packet[]>;
  /**
   * By file: the endpoints that this capture shows to live where it was taken. A folder may hold captures of two nodes, and an endpoint
   * of the one is a remote pod to the other.
   */
  readonly endpoints: ReadonlyMap<string, Endpoints>;
  readonly devices: DevicesByMac;
  readonly facts: DatapathFacts;
  /** Files in which a missing event means something: nothing aggregated away, nothing lost. */
  readonly wholeCaptures: ReadonlySet<string>;
}

/**
 * Whether a capture shows every event: `from-*` events exist only where monitor aggregation is `none` (bpf/lib/trace.h: emit_trace_notify),
 * and the monitor says where it lost some.
 */
function isWhole({ events }: Capture): boolean {
  let receives = false;
  for (const event of events) {
    if (event.type === "lost") return false;
    if (event.type === "trace" && event.observationPoint.startsWith("from-")) receives = true;
  }
  return receives;
}

/** Names a packet's conversation; numbers alone are unique within a capture only. */
export function conversationOf({ file, conversation }: Pick<Packet, "file" | "conversation">): string {
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
function deliveredTo({ events }: Packet): number | undefined {
  const last = events.at(-1)?.event;
  return last?.type === "trace" && last.observationPoint === "to-endpoint" ? last.dstEndpoint : undefined;
}

/** Endpoints as their own capture shows them, with the device that another capture of the same endpoint names. */
function endpointsByFile(captures: readonly Capture[]): Map<string, Endpoints> {
  const byFile = new Map<string, Endpoints>(captures.map(({ file, events }) => [file, learnEndpoints(events)]));
  const withDevice = [...byFile.values()].flatMap((endpoints) => [...endpoints].filter(([, { device }]) => device));
  return new Map(
    [...byFile].map(([file, endpoints]) => [
      file,
      new Map(
        [...endpoints].map(([address, endpoint]): [string, Endpoint] => {
          const [, named] = withDevice.find(([other, { id }]) => other === address && id === endpoint.id) ?? [];
          return [address, named?.device === undefined ? endpoint : { ...endpoint, device: named.device }];
        }),
      ),
    ]),
  );
}

/** Joins the packets of a node's captures and gathers what is needed to walk them. */
export function buildPathContext(state: NodeState, captures: readonly Capture[]): PathContext {
  const events = captures.flatMap((capture) => capture.events);
  const packets = captures.flatMap((capture) => joinPackets(capture.events, mayFollow));
  const endpoints = endpointsByFile(captures);
  return {
    state,
    captures,
    packets,
    conversations: groupPackets(packets, conversationOf),
    delivered: groupPackets(packets, deliveredTo),
    endpoints,
    devices: learnDevices(events),
    facts: inferFacts(
      packets,
      [...endpoints.values()].flatMap((known) => [...known.values()]),
      state,
    ),
    wholeCaptures: new Set(captures.filter(isWhole).map(({ file }) => file)),
  };
}

/** The endpoint with this address on the node of a capture, if the capture shows it to live there. */
export function endpointOf(
  { endpoints }: Pick<PathContext, "endpoints">,
  file: string,
  address: Address | undefined,
): Endpoint | undefined {
  return address === undefined ? undefined : endpoints.get(file)?.get(formatAddress(address));
}
