import { describeDevice } from "../../cilium/devices.js";
import type { Nexthop, Route, RouteType } from "../../iproute/route.js";
import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Explanation, Fact } from "../explanation.js";

/** What a route does with a packet that has no next hop, after "Packets to X". */
const refusals: Partial<Readonly<Record<RouteType, string>>> = {
  blackhole: "are dropped silently",
  unreachable: "are refused: the sender is told that the host is unreachable",
  prohibit: "are refused: the sender is told that it is prohibited",
  throw: "are not decided here: the look-up goes on with the next rule",
};

/** Explains a route in words; with the node's state, also what is known of its device. */
export function explainRoute(route: Route, state?: NodeState): Explanation {
  const facts: Fact[] = [];
  if (route.metric !== undefined) {
    facts.push({
      name: "metric",
      value: String(route.metric),
      text: "among routes of the same prefix the lowest wins",
    });
  }
  if (route.protocol !== undefined)
    facts.push({ name: "protocol", value: route.protocol, text: protocolWords(route.protocol) });
  if (route.scope !== undefined) facts.push({ name: "scope", value: route.scope, text: scopeWords(route.scope) });
  for (const { dev } of route.nexthops) if (dev !== undefined) facts.push(...deviceFacts(dev, state));
  for (const flag of route.nexthops.flatMap(({ flags }) => flags)) {
    const text = flagWords[flag];
    facts.push({ name: "flag", value: flag, ...(text && { text }) });
  }
  return {
    title: `route ${destinationText(route)}`,
    sentences: [routeSentence(route)],
    facts,
    notes: route.incomplete
      ? ["The line has words that could not be read, or breaks off: the route may say more."]
      : [],
    sources: ["ip-route(8)"],
  };
}

/** The route as one sentence: `Packets to 10.0.0.0/24 go by eth0 to the gateway 10.0.0.1.` */
export function routeSentence(route: Route): string {
  const to = route.dst.length === 0 ? "Packets to every other destination" : `Packets to ${formatPrefix(route.dst)}`;
  const from = route.from ? ` from ${formatPrefix(route.from)}` : "";
  const refusal = refusals[route.type];
  if (refusal) return `${to}${from} ${refusal}.`;
  if (route.type === "local") return `${to}${from} are this node's own and are delivered here.`;
  if (route.type === "broadcast") return `${to}${from} are link-layer broadcasts${via(route.nexthops)}.`;
  if (route.type !== "unicast") return `${to}${from} are handled as ${route.type}${via(route.nexthops)}.`;
  const src = route.src ? `; this node's own packets take ${formatAddress(route.src)} as their source` : "";
  return `${to}${from} go${via(route.nexthops)}${src}.`;
}

function via(nexthops: readonly Nexthop[]): string {
  if (nexthops.length > 1) {
    const ways = nexthops.map(
      (nexthop) => `${nexthopWords(nexthop)}${nexthop.weight ? ` (weight ${nexthop.weight})` : ""}`,
    );
    return ` one of several ways, chosen by a hash of the flow:${ways.join(",")}`;
  }
  const [nexthop] = nexthops;
  return nexthop ? nexthopWords(nexthop) : "";
}

function nexthopWords({ dev, via: gateway }: Nexthop): string {
  const device = dev === undefined ? "" : ` by ${dev}`;
  return gateway
    ? `${device} to the gateway ${formatAddress(gateway)}`
    : `${device}, straight to the destination on that link`;
}

function destinationText(route: Route): string {
  return route.dst.length === 0 ? "default" : formatPrefix(route.dst);
}

function deviceFacts(dev: string, state: NodeState | undefined): Fact[] {
  const device = describeDevice(dev);
  const link = state?.links.get(dev);
  const text = device ? `${device.meaning} (${device.owner})` : undefined;
  const facts: Fact[] = [];
  if (text || link)
    facts.push({ name: "device", value: dev, ...(text && { text }), ...(link && { place: link.place }) });
  if (link?.state !== undefined) facts.push({ name: "device state", value: link.state, place: link.place });
  if (!link && state?.linksComplete)
    facts.push({ name: "device", value: dev, text: "the node's list of devices does not have it" });
  return facts;
}

function protocolWords(protocol: string): string {
  const words: Readonly<Record<string, string>> = {
    kernel: "the kernel made it, or a program that asks for this mark",
    static: "an administrator or a network service set it",
    boot: "set by a plain `ip route add`, without saying who",
    dhcp: "learned by DHCP",
    ra: "learned from a router advertisement",
    redirect: "learned from an ICMP redirect",
    bird: "set by the BIRD routing daemon",
    zebra: "set by FRR",
  };
  return (Object.hasOwn(words, protocol) ? words[protocol] : undefined) ?? "who made it";
}

function scopeWords(scope: string): string {
  const words: Readonly<Record<string, string>> = {
    link: "the destination is reached directly on the link",
    host: "the destination is this node",
    global: "the destination lies behind a gateway",
  };
  return (Object.hasOwn(words, scope) ? words[scope] : undefined) ?? "how far the destination lies";
}

const flagWords: Readonly<Record<string, string>> = {
  linkdown: "the device has no carrier; the kernel still uses the route unless ignore_routes_with_linkdown is set",
  dead: "the next hop is not used",
  onlink: "the gateway is taken to be on the link, even where no route says so",
};
