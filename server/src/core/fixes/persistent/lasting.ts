import { isCniDevice } from "../../cilium/devices.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { familyBits } from "../../net/address.js";
import { formatPrefix, type Prefix } from "../../net/prefix.js";
import { type NodeState, tableId } from "../../state/nodeState.js";
import type { Change } from "../change.js";

/** A rule, and the number of the table it looks up; undefined for one that looks nothing up, which only commands can say. */
export interface LastingRule {
  readonly rule: Rule;
  readonly table: number | undefined;
}

/** A route, and its table's number. */
export interface LastingRoute {
  readonly route: Route;
  readonly table: number;
}

/** What a node must be given again at every boot. */
export interface Lasting {
  readonly rules: readonly LastingRule[];
  readonly routes: readonly LastingRoute[];
  readonly sysctls: readonly { readonly key: string; readonly value: string }[];
}

/** The software that makes a rule itself, and would find one of a file in its way; undefined for the kernel's own rules and anybody's. */
export function makerOf(rule: Rule): string | undefined {
  const owner = ruleOwner(rule);
  return owner && owner.confidence !== "possible" && owner.owner !== "The kernel" ? owner.owner : undefined;
}

/**
 * What is lasting of a repair: all that it adds. `undefined` where a configuration file could not say it, or should not: a table whose
 * number is not known, a device that a CNI makes long after the files were read, a rule that its owner makes itself.
 */
export function lastingOf(state: NodeState, changes: readonly Change[]): Lasting | undefined {
  const rules: LastingRule[] = [];
  const routes: LastingRoute[] = [];
  const sysctls: Lasting["sysctls"][number][] = [];
  for (const change of changes) {
    if (change.type === "add-rule") {
      const { rule } = change;
      const table = rule.action.type === "lookup" ? tableId(state, rule.action.table) : undefined;
      if (rule.action.type === "lookup" && (table === undefined || table < 0)) return undefined;
      if (makerOf(rule) !== undefined) return undefined;
      rules.push({ rule, table });
    } else if (change.type === "add-route") {
      const { route } = change;
      const table = tableId(state, route.table);
      if (table === undefined || table < 0 || route.nexthops.some(({ dev }) => isCniDevice(dev ?? "")))
        return undefined;
      routes.push({ route, table });
    } else if (change.type === "set-sysctl") sysctls.push({ key: change.key, value: change.value });
  }
  return { rules, routes, sysctls };
}

/** A prefix with its length, which several systems want even for one address. */
export function withLength(prefix: Prefix): string {
  return prefix.length === familyBits(prefix.family)
    ? `${formatPrefix(prefix)}/${prefix.length}`
    : formatPrefix(prefix);
}
