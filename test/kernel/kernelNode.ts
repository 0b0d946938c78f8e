import { setTimeout as sleep } from "node:timers/promises";
import type { Namespace } from "./namespace.js";
import { type DeviceSettings, devices, pools, type RoutingCase } from "./routingCase.js";

/** What a user would paste: the dumps of one node, as text and as JSON. */
export interface NodeDumps {
  readonly text: string;
  readonly json: string;
}

/** Makes the node of a case: four devices, addresses, settings, routes, rules. What the kernel refuses is left out. */
export function buildNode(ns: Namespace, drawn: RoutingCase): void {
  const { family } = drawn;
  if (family === 4) write(ns, [["ipv6/conf/all/disable_ipv6", 1]]);
  expectAll(ns, linkCommands(drawn));
  write(ns, settingFiles(drawn));
  // Routes come first: a gateway is checked against the rules in force when it is added.
  const local = drawn.localPriority === undefined ? [] : [`rule add pref ${drawn.localPriority} lookup local`, "rule del pref 0"];
  const commands = [...drawn.routes.map((words) => `route add ${words}`), ...local, ...drawn.rules.map((words) => `rule add ${words}`)];
  ns.batch(commands, `-${family}`);
  if (drawn.carrierLost) expectAll(ns, ["link set w3 down"]);
}

function linkCommands({ family }: RoutingCase): string[] {
  const { own, ownLength } = pools[family];
  return [
    "link set lo up",
    ...devices.map((device, at) => `link add ${device} type veth peer name w${at}`),
    ...(family === 6 ? devices.flatMap((device, at) => [`link set ${device} addrgenmode none`, `link set w${at} addrgenmode none`]) : []),
    "link set v2 group 7",
    ...devices.flatMap((device, at) => [`link set w${at} up`, `link set ${device} up`]),
    ...devices.map((device, at) => `addr add ${own[at]}/${ownLength} dev ${device}${family === 6 ? " nodad" : ""}`),
  ];
}

function expectAll(ns: Namespace, commands: readonly string[]): void {
  for (const [at, result] of ns.batch(commands).entries()) {
    if ("error" in result) throw new Error(`ip ${commands[at]}: ${result.error}`);
  }
}

/** With forwarding on, IPv6 does not ask neighbours before it chooses a route. */
function settingFiles({ family, sysctls }: RoutingCase): [string, number][] {
  if (family === 6) {
    const ignoring = sysctls[0]?.values.ignore_routes_with_linkdown ?? 0;
    return [
      ["ipv6/conf/all/forwarding", 1],
      ["ipv6/conf/all/ignore_routes_with_linkdown", ignoring],
    ];
  }
  const each = ({ device, values }: DeviceSettings) =>
    Object.entries(values).map(([name, value]): [string, number] => [`ipv4/conf/${device}/${name}`, value]);
  return [["ipv4/ip_forward", 1], ...sysctls.flatMap(each)];
}

function write(ns: Namespace, files: readonly (readonly [string, number])[]): void {
  const script = files.map(([path, value]) => `echo ${value} > /proc/sys/net/${path}`).join("\n");
  if (script !== "") ns.run("sh", "-ec", script);
}

/** Dumps the node as a terminal shows it, once nothing changes any more (losing a carrier takes the kernel a moment). */
export async function dumpNode(ns: Namespace, { family }: RoutingCase): Promise<NodeDumps> {
  const routes = `ip -${family} route show table all`;
  const shown = (commands: readonly string[]) => ns.run("sh", "-c", commands.map((line) => `echo 'root@node:~# ${line}'\n${line}`).join("\n"));
  const names = ["forwarding", "ignore_routes_with_linkdown", ...(family === 4 ? ["rp_filter", "accept_local", "src_valid_mark", "send_redirects", "route_localnet"] : [])];
  const settings = `grep -H . ${names.map((name) => `/proc/sys/net/ipv${family}/conf/*/${name}`).join(" ")}`;
  await untilQuiet(() => ns.run("sh", "-c", routes));
  return {
    text: shown([`ip -${family} rule show`, routes, "ip addr show", settings]),
    json: shown([`ip -${family} -j rule show`, `ip -${family} -j route show table all`, "ip -j addr show", settings]),
  };
}

async function untilQuiet(dump: () => string): Promise<void> {
  let last = dump();
  for (let same = 0, tries = 0; same < 3 && tries < 600; tries++) {
    await sleep(4);
    const now = dump();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}
