import { encryptionOf } from "../capture/linking/encryptionOf.js";
import type { PacketEvent } from "../monitor/event.js";
import { sameAddress } from "../net/address.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";
import { placeOfEvent } from "./observation.js";
import type { Subject } from "./subject.js";
import { passedSilently } from "./ways.js";

/**
 * Whether `to-host` says that the packet is for this node: the pod's program does (bpf/bpf_lxc.c, 1.16), where that of a device reports
 * a decrypted packet on its way to cilium_host, without identities (bpf/bpf_network.c, 1.19).
 */
export function isForHost(event: PacketEvent): boolean {
  return event.dstIdentity === 1;
}

function isEncrypted(event: PacketEvent): boolean {
  if (event.type === "trace" && (event.encrypted || event.observationPoint.endsWith("-crypto"))) return true;
  return event.headers !== undefined && encryptionOf(event.headers) !== undefined;
}

function sameEnds({ headers: a }: PacketEvent, { headers: b }: PacketEvent): boolean {
  return sameAddress(a?.ip?.src, b?.ip?.src) && sameAddress(a?.ip?.dst, b?.ip?.dst);
}

/** The places that emit no event and that a packet must have passed between two events. */
export function placesBetween({ facts }: Subject, before: PacketEvent, after: PacketEvent): readonly DatapathPlaceId[] {
  const from = placeOfEvent(before);
  const to = placeOfEvent(after);
  if (!from || !to) return [];
  // Both events show the packet in the clear, so nothing encrypted it in between.
  const inClear = !isEncrypted(before) && !isEncrypted(after);
  const destination = from === "to-proxy" || to === "to-proxy" ? "proxy" : facts.destination;
  // A service's packet has its addresses changed.
  const untouched = from === "from-network" && sameEnds(before, after);
  const known = {
    ...facts,
    ...(untouched ? { nodePort: false } : {}),
    ...(destination ? { destination } : {}),
    ...(inClear ? { encryption: "none" as const } : {}),
  };
  const places = passedSilently(from, to, known);
  return places.length > 0 ? places : passedSilently(from, to, destination ? { destination } : {});
}

/** The places before the first event, where that tells where the packet came from. */
export function placesBefore(event: PacketEvent): readonly DatapathPlaceId[] {
  switch (placeOfEvent(event)) {
    case "from-endpoint":
      return ["pod"];
    case "from-network":
      return ["wire"];
    case "from-overlay":
      return ["decapsulation"];
    case "from-crypto":
      return ["decryption"];
    case "from-proxy":
      return ["proxy-process", "routing", "postrouting"];
    case "from-host":
      return event.srcIdentity === 1 ? ["host-process", "routing", "postrouting"] : [];
    default:
      return [];
  }
}

/** The places behind the last event that it leads to without a decision. */
export function placesAfter(event: PacketEvent): readonly DatapathPlaceId[] {
  switch (placeOfEvent(event)) {
    case "to-endpoint":
      return ["pod"];
    case "to-network":
      return ["wire"];
    case "to-overlay":
      return ["encapsulation"];
    case "to-crypto":
      return ["encryption"];
    case "to-host":
      return isForHost(event) ? ["host-process"] : [];
    default:
      return [];
  }
}
