import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { Lasting } from "./lasting.js";

/**
 * For cloud-init's user data: a script that it runs at every boot, once the network is up. Its network configuration has no words for
 * rules that hold on every renderer.
 *
 * Syntax: cloud-init's documentation, modules `write_files` and `scripts_per_boot`.
 */
export function cloudInitForm({ rules, routes }: Lasting): string | undefined {
  const commands = [
    ...rules.map(({ rule }) => printRuleCommand("add", rule)),
    ...routes.map(({ route }) => printRouteCommand("add", route)),
  ];
  if (commands.length === 0) return undefined;
  return [
    "#cloud-config",
    "write_files:",
    "  - path: /var/lib/cloud/scripts/per-boot/50-packetwalk.sh",
    '    permissions: "0755"',
    "    content: |",
    "      #!/bin/sh",
    ...commands.map((command) => `      ${command} || true`),
  ].join("\n");
}
