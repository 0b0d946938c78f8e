import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { FormWriter } from "./formWriter.js";

const once =
  "# Taken up at the first start of an instance. On a node that is there already, put the script there by hand.";

/**
 * For cloud-init's user data: a script that it runs at every boot, once the network is up. Of rules its network configuration has no words
 * that hold everywhere: version 1 has none; of version 2's `routing-policy`, netplan gets everything, systemd-networkd what has the same
 * name there but for capitals (cloudinit/net/networkd.py, parseRoutingPolicy: not `mark`, not `type-of-service`), and the renderers for
 * NetworkManager, ifcfg and ifupdown nothing (cloudinit/net/network_manager.py, sysconfig.py, eni.py). A script can say all that `ip` can.
 *
 * Syntax: cloud-init 26.2, cloudinit/config/cc_write_files.py (once per instance) and cc_scripts_per_boot.py (at every boot, later).
 */
export const cloudInitForm: FormWriter = {
  ruleParts: "all",
  routeParts: "all",
  write({ rules, routes }) {
    const commands = [
      ...rules.map(({ rule }) => printRuleCommand("add", rule)),
      ...routes.map(({ route }) => printRouteCommand("add", route)),
    ];
    if (commands.length === 0) return undefined;
    return [
      "#cloud-config",
      once,
      "write_files:",
      "  - path: /var/lib/cloud/scripts/per-boot/50-packetwalk.sh",
      '    permissions: "0755"',
      "    content: |",
      "      #!/bin/sh",
      ...commands.map((command) => `      ${command} || true`),
    ].join("\n");
  },
};
