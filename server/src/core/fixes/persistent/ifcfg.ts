import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import { type DeviceShare, deviceShares, type FormWriter } from "./formWriter.js";
import type { LastingRoute } from "./lasting.js";

/** What follows the verb of an `ip` command: each line of such a file is that. */
function argumentsOf(command: string): string {
  return command.replace(/^ip (?:-6 )?(?:rule|route) add /, "");
}

/** A route with its table by number and without who made it: where NetworkManager reads the file, it takes nothing else. */
function routeLine({ route, table }: LastingRoute): string {
  const { protocol, ...kept } = route;
  return argumentsOf(printRouteCommand("add", { ...kept, table: { id: table } }));
}

function file(name: string, lines: readonly string[], ...remarks: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`# /etc/sysconfig/network-scripts/${name}`, ...remarks, ...lines];
}

const dispatched =
  "# Where NetworkManager is in charge, this needs its package NetworkManager-dispatcher-routing-rules.";

function files({ device = "DEVICE", rules, routes }: DeviceShare, family: 4 | 6): string[] {
  const six = family === 6 ? "6" : "";
  const ruleLines = rules
    .filter(({ rule }) => rule.family === family)
    .map(({ rule }) => argumentsOf(printRuleCommand("add", rule)));
  const routeLines = routes.filter(({ route }) => route.family === family).map(routeLine);
  return [...file(`rule${six}-${device}`, ruleLines, dispatched), ...file(`route${six}-${device}`, routeLines)];
}

/**
 * For the network-scripts of RHEL 6 to 8 and its like. `DEVICE` is the device whose ifcfg file brings them up.
 *
 * Syntax: initscripts 10, network-scripts/ifup-routes (handle_ip_file): each line of `rule-DEVICE`, `rule6-DEVICE`, `route-DEVICE` and
 * `route6-DEVICE` holds the arguments of `ip rule add` or `ip route add`, so that a rule or route can be whatever `ip` can make. In its
 * place NetworkManager 1.59.2-dev reads the files of routes (src/core/settings/plugins/ifcfg-rh/nms-ifcfg-rh-reader.c, parse_route_line:
 * no `proto`, tables by number) and leaves those of rules to a dispatcher script (ibid.).
 */
export const ifcfgForm: FormWriter = {
  ruleParts: "all",
  routeParts: "all",
  write(lasting) {
    const shares = deviceShares(lasting);
    const lines = ([4, 6] as const).flatMap((family) => shares.flatMap((share) => files(share, family)));
    return lines.length === 0 ? undefined : lines.join("\n");
  },
};
