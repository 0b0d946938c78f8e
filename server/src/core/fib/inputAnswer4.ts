import type { Nexthop } from "../iproute/route.js";
import type { Address } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import { sysctlNumber } from "../state/deviceSysctl.js";
import type { Fib } from "./compileFib.js";
import type { Assumption, RouteDecision } from "./decision.js";
import { lookup } from "./lookup.js";
import { findMartian } from "./martian.js";
import { shownGateway, shownTable } from "./outputAnswer4.js";
import { refuse, refuseBy, refuseLacking } from "./refusedAnswer.js";
import type { AnswerHop, RouteAnswer } from "./routeAnswer.js";
import { chosenSource, queryFlow, type RouteQuery } from "./routeQuery.js";
import { type SourceValidation, validateSource } from "./validateSource.js";

/** A packet that came in. */
interface Arrival {
  readonly fib: Fib;
  readonly query: RouteQuery;
  readonly iif: string;
  readonly src: Address;
}

const unspecified: Address = { family: 4, value: 0n };

/** The answer for a packet that came in by a device in IPv4 (net/ipv4/route.c: ip_route_input_rcu, ip_route_input_slow). */
export function answerInput4(fib: Fib, query: RouteQuery, iif: string): RouteAnswer {
  const { dst } = query;
  if (addressKind(dst) === "multicast") {
    return refuseLacking(
      query,
      `Whether ${iif} has joined the group is not in these dumps.`,
      `ip maddr show dev ${iif}`,
    );
  }
  const arrival: Arrival = { fib, query, iif, src: chosenSource(query) ?? unspecified };
  const martian = findMartian(fib, { ...arrival, dst });
  if (martian) return refuse(query, "invalid-source", martian.message);
  if (addressKind(dst) === "broadcast") return deliverBroadcast(arrival);
  const decision = lookup(fib, queryFlow(query));
  const forwards = forwardingOf(fib, iif);
  if (decision.type === "error" && forwards === false) return { ...notForwarded(arrival), decision };
  if (decision.type !== "route") return refuseBy(query, decision);
  const { type } = decision.route;
  if (type === "local" || type === "broadcast") return deliver(arrival, decision);
  if (forwards === false) return { ...notForwarded(arrival), decision };
  if (type !== "unicast") {
    return { ...refuse(query, "invalid-source", `A packet from outside cannot take a ${type} route.`), decision };
  }
  return forward(arrival, decision, forwards);
}

/** Whether the device forwards; undefined where that was not dumped. */
function forwardingOf(fib: Fib, iif: string): boolean | undefined {
  const own = sysctlNumber(fib.state, `net.ipv4.conf.${iif}.forwarding`);
  const value = own ?? sysctlNumber(fib.state, "net.ipv4.ip_forward");
  return value === undefined ? undefined : value !== 0;
}

function notForwarded({ query, iif }: Arrival): RouteAnswer {
  return refuse(query, "unreachable", `${iif} does not forward packets.`);
}

function validate({ fib, query, iif, src }: Arrival, leavesBy: string | null, broadcast: boolean): SourceValidation {
  return validateSource(fib, { ...queryFlow(query), src, iif, leavesBy, broadcast });
}

function refuseInvalid(query: RouteQuery, validation: SourceValidation): RouteAnswer | undefined {
  const { assumptions } = validation;
  switch (validation.type) {
    case "ok":
      return undefined;
    case "drop":
      return { ...refuse(query, "invalid-source", validation.message, assumptions), validation };
    case "missing":
      return { ...refuseLacking(query, validation.missing, validation.command, assumptions), validation };
  }
}

/** 255.255.255.255 is for this node, whatever the tables say. */
function deliverBroadcast(arrival: Arrival): RouteAnswer {
  const { query, src } = arrival;
  const validation = src.value === 0n ? undefined : validate(arrival, null, true);
  const refused = validation && refuseInvalid(query, validation);
  return (
    refused ?? {
      type: "route",
      query,
      ...(validation && { validation }),
      assumptions: validation?.assumptions ?? [],
      routeType: "broadcast",
      hops: [{ dev: "lo" }],
      cache: ["local", "brd"],
    }
  );
}

/** The packet is for this node. */
function deliver(arrival: Arrival, decision: RouteDecision): RouteAnswer {
  const { fib, query } = arrival;
  const { route } = decision;
  const validation = validate(arrival, null, route.type === "broadcast");
  const dev = route.nexthops[0]?.dev;
  const loopback = dev === undefined ? undefined : fib.vrfs.of(dev);
  const cache = route.type === "broadcast" ? ["local", "brd"] : ["local"];
  const refused = refuseInvalid(query, validation);
  if (refused) return { ...refused, decision };
  return answer(arrival, decision, validation, [{ dev: loopback ?? "lo" }], cache, []);
}

/** The packet passes through. Its way back depends on the device it leaves by, so each one is tried. */
function forward(arrival: Arrival, decision: RouteDecision, forwards: boolean | undefined): RouteAnswer {
  const { fib, query, iif } = arrival;
  const { route, nexthops } = decision;
  const ways = nexthops.map((at) => {
    const nexthop: Nexthop = route.nexthops[at] ?? { flags: [] };
    return { nexthop, validation: validate(arrival, nexthop.dev ?? null, false) };
  });
  const open = ways.filter(({ validation }) => validation.type === "ok");
  const [way] = open.length > 0 ? open : ways;
  const validation = way?.validation ?? validate(arrival, null, false);
  const refused = refuseInvalid(query, validation);
  if (refused) return { ...refused, decision };
  const hops = open.map(({ nexthop }): AnswerHop => {
    const gateway = shownGateway(fib, nexthop);
    return { ...(gateway && { gateway }), ...(nexthop.dev !== undefined && { dev: nexthop.dev }) };
  });
  const assumptions: Assumption[] = forwards
    ? []
    : [{ text: `${iif} forwards IPv4`, command: "sysctl net.ipv4.ip_forward" }];
  if (open.length < ways.length) {
    assumptions.push({ text: "the flow hash chooses a nexthop from which the way back is accepted" });
  }
  return answer(arrival, decision, validation, hops, [], assumptions);
}

function answer(
  { fib, query }: Arrival,
  decision: RouteDecision,
  validation: SourceValidation,
  hops: readonly AnswerHop[],
  cache: readonly string[],
  assumptions: readonly Assumption[],
): RouteAnswer {
  const { route } = decision;
  const table = shownTable(fib, decision.table);
  return {
    type: "route",
    query,
    decision,
    validation,
    assumptions: [...assumptions, ...decision.assumptions, ...validation.assumptions],
    routeType: route.type,
    hops,
    ...(table && { table }),
    route,
    cache,
  };
}
