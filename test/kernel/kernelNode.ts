import type { Namespace } from "../../server/src/node/kernel/namespace.js";
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
  const local =
    drawn.localPriority === undefined ? [] : [`rule add pref ${drawn.localPriority} lookup local`, "rule del pref 0"];
  const commands = [
    ...drawn.routes.map((words) => `route add ${words}`),
    ...local,
    ...drawn.rules.map((words) => `rule add ${words}`),
  ];
  ns.batch(commands, `-${family}`);
  if (drawn.carrierLost) expectAll(ns, ["link set w3 down"]);
}

function linkCommands({ family }: RoutingCase): string[] {
  const { own, ownLength } = pools[family];
  return [
    "link set lo up",
    ...devices.map((device, at) => `link add ${device} type veth peer name w${at}`),
    ...(family === 6
      ? devices.flatMap((device, at) => [`link set ${device} addrgenmode none`, `link set w${at} addrgenmode none`])
      : []),
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

/** Dumps the node as a terminal shows it, once nothing changes any more. */
export function dumpNode(ns: Namespace, { family }: Pick<RoutingCase, "family">): NodeDumps {
  const ip = `ip -${family}`;
  const names = ["forwarding", "ignore_routes_with_linkdown", ...(family === 4 ? validationSettings : [])];
  const settings = `grep -H . ${names.map((name) => `/proc/sys/net/ipv${family}/conf/*/${name}`).join(" ")}`;
  const text = [`${ip} rule show`, `${ip} route show table all`, "ip addr show", settings];
  const json = [`${ip} -j rule show`, `${ip} -j route show table all`, "ip -j addr show", settings];
  const lines = [...text, border, ...json].flatMap((line) => [`echo 'root@node:~# ${line}'`, line]);
  const printed = ns.run(
    "sh",
    "-c",
    [untilQuiet(`${ip} route show table all`), `${border}() { :; }`, ...lines].join("\n"),
  );
  const [textDump = "", jsonDump = ""] = printed.split(`root@node:~# ${border}\n`);
  return { text: textDump, json: jsonDump };
}

const border = "border";
const validationSettings = ["rp_filter", "accept_local", "src_valid_mark", "send_redirects", "route_localnet"];

/** A shell loop that ends when a command has printed the same three times: losing a carrier takes the kernel a moment. */
function untilQuiet(command: string): string {
  return `same=0; last=; tries=0
    while [ $same -lt 3 ] && [ $tries -lt 500 ]; do
      now=$(${command}); tries=$((tries + 1))
      if [ "$now" = "$last" ]; then same=$((same + 1)); else same=0; fi
      last=$now; sleep 0.005
    done`;
}
