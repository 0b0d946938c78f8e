import { describeIdentity } from "../../cilium/identities.js";
import type { PacketEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import type { Packet } from "../packet.js";
import { encryptionOf } from "./encryptionOf.js";

type Encryption = "wireguard" | "ipsec";

/**
 * Where a packet goes out of sight to be encrypted, and where it comes back decrypted, by the kind of encryption (Cilium 1.19, bpf_wireguard.c,
 * bpf_lxc.c: set_ipsec_encrypt, bpf_network.c). With a tunnel, the tunnel's packet is what is encrypted, and no event shows it.
 */
const doors: Readonly<Record<Encryption, { readonly out: ReadonlySet<string>; readonly in: ReadonlySet<string> }>> = {
  wireguard: { out: new Set(["to-crypto", "to-overlay"]), in: new Set(["from-crypto", "from-overlay"]) },
  ipsec: {
    out: new Set(["to-stack", "to-overlay"]),
    in: new Set(["from-network", "from-stack", "from-overlay"]),
  },
};

/** An event at which a packet goes out of sight to be encrypted or comes back, or at which an encrypted one leaves or comes in. */
export interface EncryptedEnd {
  /** Index of its packet. */
  readonly index: number;
  readonly event: PacketEvent;
  readonly kind: Encryption;
  /** The node at the other end of an encrypted packet; the pod at that of a plain one. */
  readonly peer: string;
  readonly point: string;
}

/** Those of one direction, in the order of the file. */
export interface EncryptedEnds {
  readonly plain: readonly EncryptedEnd[];
  readonly encrypted: readonly EncryptedEnd[];
}

/** Whether a packet with this identity at its far end may be encrypted: what leaves the cluster or is for the node itself is not. */
function isEncryptable(identity: number): boolean {
  const { name, scope } = describeIdentity(identity);
  return identity === 0 || scope === "cluster" || scope === "clustermesh" || name === "remote-node";
}

/**
 * The ends of packets that are encrypted (`out`) or decrypted (`in`) on this node, and those of the packets that may carry them.
 *
 * @param packets of one capture
 */
export function encryptedEnds(packets: readonly Packet[], direction: "out" | "in"): EncryptedEnds {
  const isOut = direction === "out";
  const plain: EncryptedEnd[] = [];
  const encrypted: EncryptedEnd[] = [];
  const seen = new Set<Encryption>();
  packets.forEach(({ events, carriedBy }, index) => {
    const event = (isOut ? events.at(-1) : events[0])?.event;
    const { headers } = event ?? {};
    if (event?.type !== "trace" || !headers?.ip) return;
    const point = event.observationPoint;
    const peer = formatAddress(isOut ? headers.ip.dst : headers.ip.src);
    const kind = encryptionOf(headers);
    if (kind) {
      if (point !== (isOut ? "to-network" : "from-network")) return;
      seen.add(kind);
      encrypted.push({ index, event, kind, peer, point });
      return;
    }
    if (carriedBy || !isEncryptable(isOut ? event.dstIdentity : event.srcIdentity)) return;
    for (const each of ["wireguard", "ipsec"] as const) {
      if (doors[each][direction].has(point)) plain.push({ index, event, kind: each, peer, point });
    }
  });
  const byPlace = (a: EncryptedEnd, b: EncryptedEnd) => a.event.place.start - b.event.place.start;
  return { plain: plain.filter(({ kind }) => seen.has(kind)).sort(byPlace), encrypted: encrypted.sort(byPlace) };
}
