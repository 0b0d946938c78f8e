import type { Route } from "../iproute/route.js";
import { formatAddress } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import { deviceSysctl } from "../state/deviceSysctl.js";
import type { FamilyState } from "../state/nodeState.js";
import type { Fib } from "./compileFib.js";
import type { Assumption, Decision, RouteDecision } from "./decision.js";
import type { Flow, ForwardedPacket } from "./flow.js";
import { lookup } from "./lookup.js";
import { findMartian, type Martian } from "./martian.js";
import { hasOwnAddress, ownAddress } from "./ownAddress.js";
import { setting } from "./setting.js";

/** A packet that came in by a device, with where it goes from here. */
export interface ReceivedPacket extends ForwardedPacket {
  readonly iif: string;
  /** The device it will leave by; null for a packet to this node. */
  readonly leavesBy: string | null;
  /** Set where the packet goes to a broadcast address: the kernel then looks back without a destination. */
  readonly broadcast?: boolean;
}

/** Why a received packet is dropped. */
export type SourceDrop =
  | Martian["reason"]
  /** The source is one of the node's own addresses, and accept_local is off. */
  | "own-source"
  /** The way back to the source is no plain route: broadcast, multicast ... */
  | "no-unicast-source"
  /** rp_filter 1: the way back leaves by another device. */
  | "strict-reverse-path"
  /** rp_filter 1 or 2: there is no way back, or the device has no address to tell one by. */
  | "no-reverse-path";

/** The answer of source validation. */
export type SourceValidation = {
  /** The look-up of the way back, where one was made. */
  readonly reverse?: Decision;
  readonly assumptions: readonly Assumption[];
} & (
  | { readonly type: "ok" }
  | { readonly type: "drop"; readonly reason: SourceDrop; readonly message: string }
  | { readonly type: "missing"; readonly missing: string; readonly command: string }
);

/** The values of rp_filter: off, strict, loose. */
type ReversePathMode = 0 | 1 | 2;

/**
 * Whether the kernel accepts a received packet's source (net/ipv4/route.c: ip_route_input_slow; net/ipv4/fib_frontend.c:
 * fib_validate_source). IPv6 has no rp_filter outside of netfilter and only refuses impossible addresses (net/ipv6/ip6_input.c).
 * Packets that IPsec has decrypted are not checked by rp_filter; that is not looked at.
 */
export function validateSource(fib: Fib, packet: ReceivedPacket): SourceValidation {
  const martian = findMartian(fib, packet);
  if (martian) return dropped(martian.reason, martian.message);
  if (fib.family === 6) return { type: "ok", assumptions: [] };
  const answers = reversePathModes(fib, packet.iif).map((mode) => validateBy(fib, packet, mode));
  const [first] = answers;
  if (first && answers.every((answer) => answer.type === first.type)) return first;
  const key = (device: string) => `net.ipv4.conf.${device}.rp_filter`;
  return {
    type: "missing",
    missing: `Whether the source is accepted depends on rp_filter of ${packet.iif}, which was not dumped.`,
    command: `sysctl ${key("all")} ${key(packet.iif)}`,
    assumptions: [],
  };
}

/** The values that rp_filter may have in effect: the higher one of `all` and the device's own (IN_DEV_RPFILTER). */
function reversePathModes(fib: Fib, device: string): readonly ReversePathMode[] {
  const { all, device: own } = deviceSysctl(fib.state, 4, device, "rp_filter");
  const least = Math.max(all ?? 0, own ?? 0);
  const modes: readonly ReversePathMode[] = [0, 1, 2];
  return modes.filter((mode) => (all !== undefined && own !== undefined ? mode === least : mode >= least));
}

function validateBy(fib: Fib, packet: ReceivedPacket, mode: ReversePathMode): SourceValidation {
  if (mode > 0 || mayRedirect(fib, packet) || usesRealms(fib)) return validateWayBack(fib, packet, mode);
  if (setting(fib, packet.iif, "accept_local").on) return { type: "ok", assumptions: [] };
  if (!fib.merged || hasOwnLocalRoutes(fib)) return validateWayBack(fib, packet, mode);
  const { own, assumption } = ownAddress(fib, packet.src);
  return own ? ownSource(fib, packet) : { type: "ok", assumptions: assumption ? [assumption] : [] };
}

/** A packet that leaves by the device it came in by may be answered with a redirect, for which its way back is looked up. */
function mayRedirect({ state }: Fib, { iif, leavesBy }: ReceivedPacket): boolean {
  const { all, device } = deviceSysctl(state, 4, iif, "send_redirects");
  return leavesBy === iif && (all !== 0 || device !== 0);
}

/** Realms are attributes of the way back as well. */
function usesRealms({ familyState }: Fib): boolean {
  if (familyState.rules?.some(({ realms }) => realms !== undefined)) return true;
  return allRoutes(familyState).some(({ attributes }) =>
    attributes?.some((attribute) => attribute.startsWith("realm")),
  );
}

function hasOwnLocalRoutes({ familyState }: Fib): boolean {
  return allRoutes(familyState).some(({ type, protocol }) => type === "local" && protocol !== "kernel");
}

function allRoutes({ tables }: FamilyState): readonly Route[] {
  return [...tables.values()].flatMap((table) => table.routes);
}

function validateWayBack(fib: Fib, packet: ReceivedPacket, mode: ReversePathMode): SourceValidation {
  const vmark = setting(fib, packet.iif, "src_valid_mark");
  const vrf = fib.vrfs.of(packet.iif);
  const flow: Flow = {
    family: 4,
    dst: packet.src,
    src: packet.broadcast || addressKind(packet.dst) === "broadcast" ? null : packet.dst,
    iif: packet.leavesBy ?? "lo",
    oif: null,
    fwmark: vmark.on ? packet.fwmark : 0,
    tos: packet.tos,
    flowlabel: undefined,
    uid: 0,
    ipproto: packet.ipproto,
    sport: packet.dport,
    dport: packet.sport,
    tunId: 0n,
    ...(vrf !== undefined && { vrf }),
  };
  const reverse = lookup(fib, flow);
  const judged = judge(fib, packet, mode, reverse);
  const matters = packet.fwmark !== 0 && fib.familyState.rules?.some((rule) => rule.fwmark);
  const marked = matters && vmark.assumption ? [vmark.assumption] : [];
  return { ...judged, reverse, assumptions: [...judged.assumptions, ...marked] };
}

function judge(fib: Fib, packet: ReceivedPacket, mode: ReversePathMode, reverse: Decision): SourceValidation {
  const { assumptions } = reverse;
  switch (reverse.type) {
    case "missing":
      return {
        type: "missing",
        missing: reverse.missing,
        command: reverse.command ?? "ip route show table all",
        assumptions,
      };
    case "error":
      return mode === 0 ? { type: "ok", assumptions } : { ...noWayBack(packet), assumptions };
    case "branch": {
      const [met, not] = [reverse.ifMet, reverse.ifNot].map((side) => judge(fib, packet, mode, side));
      if (met && not && met.type === not.type) return met;
      const missing = `The way back to ${formatAddress(packet.src)} depends on whether ${reverse.condition}.`;
      return { type: "missing", missing, command: "ip rule show", assumptions };
    }
    case "route":
      return judgeRoute(fib, packet, mode, reverse);
  }
}

function judgeRoute(fib: Fib, packet: ReceivedPacket, mode: ReversePathMode, reverse: RouteDecision): SourceValidation {
  const { iif, src } = packet;
  const { route, assumptions } = reverse;
  const accept = setting(fib, iif, "accept_local");
  if (route.type === "local" && !accept.on) return ownSource(fib, packet);
  if (route.type !== "unicast" && route.type !== "local") {
    return {
      ...dropped("no-unicast-source", `The route to ${formatAddress(src)} is of type ${route.type}.`),
      assumptions,
    };
  }
  // All nexthops count, dead ones as well (fib_info_nh_uses_dev).
  const back = route.nexthops.some(({ dev }) => dev !== undefined && (dev === iif || fib.vrfs.of(dev) === iif));
  if (back || mode === 0 || (route.type === "local" && iif === "lo")) return { type: "ok", assumptions };
  const addressed = hasOwnAddress(fib, iif);
  if (addressed === false) {
    const message = `${iif} has no IPv4 address, so that only a route back by it would let ${formatAddress(src)} in.`;
    return { ...dropped("no-reverse-path", message), assumptions };
  }
  if (mode === 1) {
    const devices = [...new Set(route.nexthops.flatMap(({ dev }) => dev ?? []))].join(", ");
    const message = `The way back to ${formatAddress(src)} leaves by ${devices}, not by ${iif}.`;
    return { ...dropped("strict-reverse-path", message), assumptions };
  }
  if (addressed) return { type: "ok", assumptions };
  const missing = `Whether ${iif} has an IPv4 address was not dumped.`;
  return { type: "missing", missing, command: `ip addr show dev ${iif}`, assumptions };
}

function ownSource(fib: Fib, { src, iif }: ReceivedPacket): SourceValidation {
  const { assumption } = setting(fib, iif, "accept_local");
  const drop = dropped(
    "own-source",
    `${formatAddress(src)} is an address of this node, and ${iif} does not accept those.`,
  );
  return { ...drop, assumptions: assumption ? [assumption] : [] };
}

function noWayBack({ src }: ReceivedPacket): SourceValidation {
  return dropped("no-reverse-path", `There is no way back to ${formatAddress(src)}.`);
}

function dropped(reason: SourceDrop, message: string): SourceValidation {
  return { type: "drop", reason, message, assumptions: [] };
}
