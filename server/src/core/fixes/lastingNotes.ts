import { ruleOwner } from "../cilium/ruleOwners.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";
import { makerOf } from "./persistent/lasting.js";

/** Programs that configure a node by netplan or by systemd-networkd itself. */
const byNetworkd = /netplan|networkd|cloud-init/;

/** A rule that systemd-networkd may have made, and why that is so. */
function ruleOfNetworkd(state: NodeState): { readonly rule: Rule; readonly why: string } | undefined {
  const rules = ([4, 6] as const).flatMap((family) => state.families[family].rules ?? []);
  const marked = rules.find(({ protocol }) => protocol === "static");
  if (marked) return { rule: marked, why: "`proto static`" };
  const shaped = rules.find((rule) => byNetworkd.test(ruleOwner(rule)?.owner ?? ""));
  return shaped && { rule: shaped, why: "by its shape" };
}

/**
 * systemd-networkd deletes rules and routes that it did not make when it starts or a device comes up again, unless it is told not to
 * (networkd.conf(5): ManageForeignRoutingPolicyRules since 249, ManageForeignRoutes since 246).
 */
function networkdNote(state: NodeState, changes: readonly Change[]): string[] {
  const adds = (type: Change["type"]): boolean => changes.some((change) => change.type === type);
  const suspect = ruleOfNetworkd(state);
  if (!suspect || !(adds("add-rule") || adds("add-route"))) return [];
  const settings = [
    ...(adds("add-rule") ? ["ManageForeignRoutingPolicyRules=no"] : []),
    ...(adds("add-route") ? ["ManageForeignRoutes=no"] : []),
  ];
  return [
    `systemd-networkd may have made rule ${suspect.rule.priority} (${suspect.why}). Where it runs, it deletes what it did not make when it starts: use its own form below, or set ${settings.join(" and ")} in networkd.conf.`,
  ];
}

function deletionNote(change: Change): string[] {
  if (change.type !== "delete-rule" && change.type !== "delete-route") return [];
  const what = change.type === "delete-rule" ? `Rule ${change.rule.priority}` : "The route";
  const owner = change.type === "delete-rule" ? ruleOwner(change.rule) : undefined;
  if (owner && owner.confidence !== "possible") {
    return [`${what} looks like one of ${owner.owner}, which may make it again: see to its configuration, too.`];
  }
  return [`${what} comes back if a configuration makes it: delete it there, too.`];
}

/** Who makes a rule that is added, where it is one of its own: then no configuration file should. */
function makerNote(change: Change): string[] {
  const maker = change.type === "add-rule" ? makerOf(change.rule) : undefined;
  return maker === undefined ? [] : [`${maker} makes such rules itself: no configuration file should make them.`];
}

/** What to mind so that a repair lasts, a sentence each. */
export function lastingNotes(state: NodeState, changes: readonly Change[]): string[] {
  const notes = new Set([...changes.flatMap(deletionNote), ...changes.flatMap(makerNote)]);
  return [...notes, ...networkdNote(state, changes)];
}
