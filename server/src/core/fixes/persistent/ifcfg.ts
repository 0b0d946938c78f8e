import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { Lasting } from "./lasting.js";

/** What follows the verb of an `ip` command: each line of such a file is that. */
function argumentsOf(command: string): string {
  return command.replace(/^ip (?:-6 )?(?:rule|route) add /, "");
}

function file(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`# /etc/sysconfig/network-scripts/${name}`, ...lines];
}

/**
 * For the network-scripts of RHEL 6 to 8 and its like. `DEVICE` is the device whose ifcfg file brings them up.
 *
 * Syntax: initscripts' sysconfig.txt, `rule-DEVICE`, `rule6-DEVICE`, `route-DEVICE`, `route6-DEVICE`: each line holds the arguments of
 * `ip rule add` or `ip route add`.
 */
export function ifcfgForm({ rules, routes }: Lasting): string | undefined {
  const lines = ([4, 6] as const).flatMap((family) => {
    const six = family === 6 ? "6" : "";
    const ofFamily = rules.filter(({ rule }) => rule.family === family);
    const ownRoutes = routes.filter(({ route }) => route.family === family);
    const device = ownRoutes.flatMap(({ route }) => route.nexthops[0]?.dev ?? [])[0] ?? "DEVICE";
    return [
      ...file(
        `rule${six}-DEVICE`,
        ofFamily.map(({ rule }) => argumentsOf(printRuleCommand("add", rule))),
      ),
      ...file(
        `route${six}-${device}`,
        ownRoutes.map(({ route }) => argumentsOf(printRouteCommand("add", route))),
      ),
    ];
  });
  return lines.length === 0 ? undefined : lines.join("\n");
}
