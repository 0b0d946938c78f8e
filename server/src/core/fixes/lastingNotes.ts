import { ruleOwner } from "../cilium/ruleOwners.js";
import type { Finding } from "../findings/finding.js";
import { groupBy } from "../findings/groupBy.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";
import { makerOf } from "./persistent/lasting.js";

/** Programs that configure a node by netplan or by systemd-networkd itself. */
const byNetworkd = /netplan|networkd|cloud-init/;

/** A rule that systemd-networkd may have made, the one in question before others, and why that is so. */
function ruleOfNetworkd(
  state: NodeState,
  { place }: Finding,
): { readonly rule: Rule; readonly why: string } | undefined {
  const all = ([4, 6] as const).flatMap((family) => state.families[family].rules ?? []);
  const isMeant = (rule: Rule): boolean => rule.place.file === place.file && rule.place.start === place.start;
  const rules = [...all.filter(isMeant), ...all];
  const marked = rules.find(({ protocol }) => protocol === "static");
  if (marked) return { rule: marked, why: "`proto static`" };
  const shaped = rules.find((rule) => byNetworkd.test(ruleOwner(rule)?.owner ?? ""));
  return shaped && { rule: shaped, why: "by its shape" };
}

/**
 * systemd-networkd deletes rules and routes that it did not make when it starts or a device comes up again, unless it is told not to
 * (networkd.conf(5): ManageForeignRoutingPolicyRules since 249, ManageForeignRoutes since 246).
 */
function networkdNote(state: NodeState, finding: Finding, changes: readonly Change[]): string[] {
  const adds = (type: Change["type"]): boolean => changes.some((change) => change.type === type);
  const suspect = ruleOfNetworkd(state, finding);
  if (!suspect || !(adds("add-rule") || adds("add-route"))) return [];
  const settings = [
    ...(adds("add-rule") ? ["ManageForeignRoutingPolicyRules=no"] : []),
    ...(adds("add-route") ? ["ManageForeignRoutes=no"] : []),
  ];
  return [
    `systemd-networkd may have made rule ${suspect.rule.priority} (${suspect.why}). Where it runs, it deletes what it did not make when it starts: use its own form below, or set ${settings.join(" and ")} in networkd.conf.`,
  ];
}

/** What is deleted comes back if somebody makes it: who it is, where a rule tells, and in one sentence for all others. */
function deletionNotes(changes: readonly Change[]): string[] {
  const deleted = changes.flatMap((change) => {
    if (change.type === "delete-route") return [{ what: "The route", maker: undefined }];
    if (change.type !== "delete-rule") return [];
    const owner = ruleOwner(change.rule);
    const maker = owner && owner.confidence !== "possible" ? owner.owner : undefined;
    return [{ what: `Rule ${change.rule.priority}`, maker }];
  });
  return [...groupBy(deleted, ({ maker }) => maker)].flatMap(([maker, [first, ...others]]) => {
    if (!first) return [];
    const isOne = others.every(({ what }) => what === first.what);
    const what = isOne ? first.what : `${first.what} and the others`;
    const verb = (one: string, many: string): string => (isOne ? one : many);
    return maker === undefined
      ? [
          `${what} ${verb("comes", "come")} back if a configuration makes ${verb("it: delete it", "them: delete them")} there, too.`,
        ]
      : [
          `${what} ${verb("looks like one", "look like some")} of ${maker}, which may make ${verb("it", "them")} again: see to its configuration, too.`,
        ];
  });
}

/** Who makes a rule that is added, where it is one of its own: then no configuration file should. */
function makerNote(change: Change): string[] {
  const maker = change.type === "add-rule" ? makerOf(change.rule) : undefined;
  return maker === undefined ? [] : [`${maker} makes such rules itself: no configuration file should make them.`];
}

/** What to mind so that a repair lasts, a sentence each. */
export function lastingNotes(state: NodeState, finding: Finding, changes: readonly Change[]): string[] {
  const notes = new Set([...deletionNotes(changes), ...changes.flatMap(makerNote)]);
  return [...notes, ...networkdNote(state, finding, changes)];
}
