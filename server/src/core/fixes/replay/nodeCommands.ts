import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { type Family, familyBits, formatAddress } from "../../net/address.js";
import { type NodeState, reservedTables, tableId } from "../../state/nodeState.js";

/**
 * What makes an empty network namespace route as a state says: lines for `ip -batch`, in this order, and settings. What the kernel sets up
 * by itself (entries of table local) is among the lines, and may exist already.
 */
export interface NodeCommands {
  /** Devices and addresses. */
  readonly links: readonly string[];
  /** Files under /proc/sys/net and what to write there. */
  readonly settings: readonly (readonly [path: string, value: string])[];
  /** By family. Of each route the lines to try in turn: as it is, and with the kernel's check of the gateway left out. */
  readonly routes: Readonly<Record<Family, readonly (readonly string[])[]>>;
  readonly rules: Readonly<Record<Family, readonly string[]>>;
  /** By family: the rules that every namespace begins with and this state lacks. */
  readonly unwanted: Readonly<Record<Family, readonly string[]>>;
  /** The last lines: devices that lose their carrier. */
  readonly carriers: readonly string[];
  /** What of the state can't be made, a sentence each. */
  readonly missing: readonly string[];
}

/** Names the kernel takes for a device (net/core/dev.c: dev_valid_name), and nothing that `ip -batch` would read as more than a word. */
const deviceName = /^[\w.:@+-]{1,15}$/;

function devicesOf(state: NodeState, flowDevices: readonly string[]): string[] {
  const families = Object.values(state.families);
  const routes = families.flatMap(({ tables }) => [...tables.values()].flatMap((table) => table.routes));
  const rules = families.flatMap(({ rules: list }) => list ?? []);
  const named = [
    ...state.links.keys(),
    ...routes.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? [])),
    ...rules.flatMap(({ iif, oif }) => [iif, oif].flatMap((device) => (device && !device.detached ? device.name : []))),
    ...flowDevices,
  ];
  return [...new Set(named)].filter((name) => name !== "lo" && deviceName.test(name));
}

/** Addresses with their devices: of `ip addr` where it was dumped, else those that table local knows. */
function addressLines(state: NodeState, family: Family, devices: ReadonlySet<string>): string[] {
  const options = family === 6 ? " nodad" : "";
  const lines = new Set<string>();
  for (const link of state.links.values()) {
    if (!devices.has(link.name)) continue;
    for (const { address, prefixLength, peer } of link.addresses) {
      if (address.family !== family) continue;
      const toPeer = peer ? ` peer ${formatAddress(peer)}` : "";
      const at = `${formatAddress(address)}${toPeer}/${prefixLength}`;
      lines.add(`addr add ${at} dev ${link.name} noprefixroute${options}`);
    }
  }
  const known = [...lines].join(" ");
  for (const { type, dst, nexthops } of state.families[family].tables.get(reservedTables.local)?.routes ?? []) {
    const dev = nexthops[0]?.dev ?? "";
    const address = formatAddress(dst);
    if (type !== "local" || dst.length !== familyBits(family) || !devices.has(dev)) continue;
    if (!known.includes(`addr add ${address}/`) && !known.includes(`addr add ${address} `))
      lines.add(`addr add ${address}/${dst.length} dev ${dev}${options}`);
  }
  return [...lines];
}

function linkLines(state: NodeState, devices: readonly string[]): string[] {
  return [
    "link set lo up",
    ...devices.flatMap((device, at) => {
      const group = state.links.get(device)?.group;
      return [
        `link add ${device} type veth peer name packetwalk${at}`,
        `link set ${device} addrgenmode none`,
        `link set packetwalk${at} addrgenmode none`,
        ...(group === undefined || group === "default" ? [] : [`link set ${device} group ${group}`]),
        `link set packetwalk${at} up`,
        `link set ${device} up`,
      ];
    }),
  ];
}

function withoutIp(command: string): string {
  return command.replace(/^ip (?:-6 )?/, "");
}

function routeLines(state: NodeState, family: Family): string[][] {
  const routes = [...state.families[family].tables.values()].flatMap((table) => table.routes);
  const hasGateway = ({ nexthops }: Route): boolean => nexthops.some(({ via }) => via !== undefined);
  // A gateway is looked up when its route is added: what leads to it must be there already.
  const ordered = [...routes.filter((route) => !hasGateway(route)), ...routes.filter(hasGateway)];
  return ordered.map(({ protocol, pref, ...others }) => {
    // Whether somebody but the kernel made a local route decides how sources are checked (net/ipv4/fib_frontend.c: fib_validate_source).
    const route: Route = others.type === "local" && protocol !== undefined ? { ...others, protocol } : others;
    const onlink: Route = {
      ...route,
      nexthops: route.nexthops.map((hop) => ({ ...hop, flags: hop.via && hop.dev ? ["onlink"] : [] })),
    };
    const lines = [route, onlink].map((each) => withoutIp(printRouteCommand("append", each)));
    return hasGateway(route) ? lines : lines.slice(0, 1);
  });
}

/** The three rules that every namespace begins with; IPv6 has no `default`. */
const defaultRules: readonly { readonly priority: number; readonly table: number }[] = [
  { priority: 0, table: reservedTables.local },
  { priority: 32766, table: reservedTables.main },
  { priority: 32767, table: reservedTables.default },
];

function isDefault(state: NodeState, rule: Rule, { priority, table }: (typeof defaultRules)[number]): boolean {
  const plain = printRuleCommand("add", rule).split(" lookup ")[0]?.endsWith("rule add from all") ?? false;
  return (
    rule.priority === priority && plain && rule.action.type === "lookup" && tableId(state, rule.action.table) === table
  );
}

function ruleLines(state: NodeState, family: Family): { readonly add: string[]; readonly gone: string[] } {
  const { rules } = state.families[family];
  // Where nobody dumped the rules, they are taken to be those that every namespace begins with.
  if (!rules) return { add: [], gone: [] };
  const defaults = family === 6 ? defaultRules.slice(0, 2) : defaultRules;
  const kept = (rule: Rule): boolean => defaults.some((each) => isDefault(state, rule, each));
  return {
    add: rules.filter((rule) => !kept(rule)).map((rule) => withoutIp(printRuleCommand("add", rule))),
    gone: defaults
      .filter((each) => !rules.some((rule) => isDefault(state, rule, each)))
      .map(({ priority, table }) => `rule del pref ${priority} lookup ${table}`),
  };
}

/**
 * With forwarding on, every flow can be asked for with a device it came in by. What source validation refuses is left out: that is not what
 * rules and routes say. IPv6 asks no neighbours when it forwards.
 */
function settingsFor(state: NodeState, devices: readonly string[], validation: boolean): NodeCommands["settings"] {
  const every = ["all", "default", "lo", ...devices];
  const lenient = every.flatMap((device) => [
    [`ipv4/conf/${device}/rp_filter`, "0"] as const,
    [`ipv4/conf/${device}/accept_local`, "1"] as const,
    [`ipv4/conf/${device}/send_redirects`, "0"] as const,
    [`ipv4/conf/${device}/route_localnet`, "1"] as const,
  ]);
  const names =
    /^net\.(ipv[46])\.conf\.(.+)\.(rp_filter|accept_local|src_valid_mark|send_redirects|ignore_routes_with_linkdown)$/;
  const dumped = [...state.sysctls.values()].flatMap(({ key, value }) => {
    const [, family = "", written = "", name = ""] = names.exec(key) ?? [];
    const device = written.replaceAll("/", ".");
    const wanted = name === "ignore_routes_with_linkdown" || validation;
    return wanted && every.includes(device) && /^\d+$/.test(value.trim())
      ? [[`${family}/conf/${device}/${name}`, value.trim()] as const]
      : [];
  });
  return [["ipv4/ip_forward", "1"], ["ipv6/conf/all/forwarding", "1"], ...(validation ? [] : lenient), ...dumped];
}

function carrierLines(state: NodeState, devices: readonly string[]): string[] {
  const routes = Object.values(state.families).flatMap(({ tables }) =>
    [...tables.values()].flatMap((table) => table.routes),
  );
  const down = new Set(
    routes.flatMap(({ nexthops }) =>
      nexthops.flatMap(({ dev, flags }) => (flags.includes("linkdown") ? (dev ?? []) : [])),
    ),
  );
  return devices.flatMap((device, at) => (down.has(device) ? [`link set packetwalk${at} down`] : []));
}

function missingOf(state: NodeState): string[] {
  return ([4, 6] as const).flatMap((family) =>
    (state.families[family].rules ?? []).flatMap((rule) => {
      if (rule.l3mdev) return [`Rule ${rule.priority} (IPv${family}) needs a VRF, which is not made.`];
      const id = rule.action.type === "lookup" ? tableId(state, rule.action.table) : undefined;
      return id !== undefined && id < 0 ? [`The number of the table of rule ${rule.priority} is not known.`] : [];
    }),
  );
}

/**
 * The commands that make an empty network namespace route as a state says.
 *
 * @param flowDevices devices that flows come in by, besides those that the state names
 * @param validation whether the settings of source validation are those of the state; else nothing is refused for its source
 */
export function nodeCommands(state: NodeState, flowDevices: readonly string[], validation: boolean): NodeCommands {
  const devices = devicesOf(state, flowDevices);
  const known = new Set([...devices, "lo"]);
  const rules = { 4: ruleLines(state, 4), 6: ruleLines(state, 6) };
  return {
    links: [...linkLines(state, devices), ...addressLines(state, 4, known), ...addressLines(state, 6, known)],
    settings: settingsFor(state, devices, validation),
    routes: { 4: routeLines(state, 4), 6: routeLines(state, 6) },
    rules: { 4: rules[4].add, 6: rules[6].add },
    unwanted: { 4: rules[4].gone, 6: rules[6].gone },
    carriers: carrierLines(state, devices),
    missing: missingOf(state),
  };
}
