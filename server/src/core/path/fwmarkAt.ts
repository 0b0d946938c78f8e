import { encryptionOf } from "../capture/linking/encryptionOf.js";
import type { BranchDecision } from "../fib/decision.js";
import type { PacketEvent } from "../monitor/event.js";
import { matchesMasked } from "../net/maskedValue.js";
import type { NodeFacts } from "./datapathFacts.js";
import { placeOfEvent } from "./observation.js";

/** Bits 8 to 11 of the fwmark, in which Cilium's programs and netfilter rules keep their own number (bpf/lib/common.h, 1.14 to 1.19). */
const magicMask = 0xf00;

const magic = {
  none: 0,
  toProxy: 0x200,
  overlay: 0x400,
  skipTproxy: 0x800,
  proxyEgressEndpoint: 0x900,
  proxyIngress: 0xa00,
  proxyEgress: 0xb00,
  decrypt: 0xd00,
  encrypt: 0xe00,
  identity: 0xf00,
} as const;

/** What is known of a packet's fwmark at a look-up. The rest of its bits stays open: other software may use them. */
export interface FwmarkKnowledge {
  /** Values that the bits of `magicMask` can have. */
  readonly magic: readonly number[];
  /** A clause that completes "provided that ...". */
  readonly words: string;
}

/** A packet that was never handed to a proxy carries none of the proxy's marks. Nothing else is known. */
export function fwmarkWithoutProxy(events: readonly PacketEvent[]): FwmarkKnowledge | undefined {
  if (events.some((event) => event.type === "trace" && /-proxy$/.test(event.observationPoint))) return undefined;
  const proxies: readonly number[] = [magic.toProxy, magic.proxyIngress, magic.proxyEgress];
  return {
    magic: Array.from({ length: 16 }, (_, index) => index << 8).filter((value) => !proxies.includes(value)),
    words: "its fwmark is none of the proxy's (the capture shows no redirection to a proxy)",
  };
}

function known(values: readonly number[], where: string): FwmarkKnowledge {
  const printed = values.map((value) => (value === 0 ? "0" : `0x${value.toString(16)}`));
  const words = [printed.slice(0, -1).join(", "), ...printed.slice(-1)].filter((part) => part !== "").join(" or ");
  return { magic: values, words: `Cilium's bits of its fwmark are ${words}, as ${where} leaves them` };
}

/**
 * The fwmark with which the kernel looks up a packet that `event` saw last. What a program sets, and what the reply of a connection
 * that a proxy holds gets from netfilter, is in bpf_lxc.c (pass_to_stack), bpf_host.c (cil_to_host, handle_ipv4_cont), lib/proxy.h,
 * lib/encrypt.h and pkg/datapath/iptables (CILIUM_PRE_mangle), 1.14 to 1.19.
 */
export function fwmarkAfter(
  event: PacketEvent,
  events: readonly PacketEvent[],
  facts: NodeFacts,
): FwmarkKnowledge | undefined {
  const mayBeIpsec = facts.encryption !== "none" && facts.encryption !== "wireguard";
  const encrypted = event.headers && encryptionOf(event.headers) === "ipsec";
  const ingressProxy = event.type === "trace" && event.dstIdentity === 8;
  switch (placeOfEvent(event)) {
    case "to-proxy":
      return known([magic.toProxy], "to-proxy");
    case "to-stack": {
      if (ingressProxy) return known([magic.toProxy], "netfilter, for a connection of the proxy,");
      if (events.some((other) => placeOfEvent(other) === "from-proxy")) return known([magic.skipTproxy], "from-proxy");
      if (event.type === "trace" && event.ifname !== undefined) return fwmarkWithoutProxy(events);
      const values = [magic.identity, magic.none, ...(mayBeIpsec ? [magic.encrypt] : [])];
      return fwmarkWithoutProxy(events) && known(values, "to-stack");
    }
    case "from-network":
      if (encrypted) return known([magic.decrypt], "the decryption program");
      if (mayBeIpsec) return fwmarkWithoutProxy(events);
      return known([magic.none], "from-network");
    default:
      return fwmarkWithoutProxy(events);
  }
}

/**
 * The fwmark with which the kernel looks up a packet that this node itself sends: by its proxy, which sets it on the socket
 * (pkg/proxy, pkg/envoy), by the tunnel's device (bpf/bpf_overlay.c: cil_to_overlay, since 1.15), or by another process, before
 * netfilter's OUTPUT marks it 0xc00.
 */
export function fwmarkSent(by: "proxy" | "tunnel" | "process"): FwmarkKnowledge {
  switch (by) {
    case "proxy":
      return known([magic.proxyIngress, magic.proxyEgress, magic.proxyEgressEndpoint], "the proxy");
    case "tunnel":
      return known([magic.overlay, magic.identity, magic.none], "the tunnel's device");
    case "process":
      return known([magic.none], "a process of this node");
  }
}

/**
 * Whether a branch's condition on the fwmark holds, as far as it asks for Cilium's own bits alone; `undefined` where it asks for others,
 * or where that stays open.
 */
export function testFwmark({ rule, field }: BranchDecision, { magic: values }: FwmarkKnowledge): boolean | undefined {
  const { fwmark } = rule;
  if (field !== "fwmark" || !fwmark || (fwmark.mask & ~magicMask) !== 0) return undefined;
  const matching = values.filter((value) => matchesMasked(fwmark, value)).length;
  if (matching === 0) return false;
  return matching === values.length ? true : undefined;
}
