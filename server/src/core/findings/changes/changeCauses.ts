import { ruleOwner } from "../../cilium/ruleOwners.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { type NodeState, reservedTables, tableId } from "../../state/nodeState.js";
import type { Changed, StateChanges } from "../../state/stateChanges.js";

/** Who usually changes a node so. Knowledge, not evidence: the dumps show what changed, never who did it. */
export interface ChangeCause {
  /** Begins a sentence: `systemd-networkd`. */
  readonly who: string;
  /** What it does and when, one or two sentences. */
  readonly text: string;
  /** What to run or to set. */
  readonly check: string;
  readonly source: string;
}

/** What a pattern looks at: the rules of both families together, and the states. */
interface Facts {
  readonly before: NodeState;
  readonly after: NodeState;
  readonly gone: readonly Rule[];
  readonly come: readonly Rule[];
  readonly moved: readonly Changed<Rule>[];
  readonly routesGone: readonly Route[];
  readonly routesCome: readonly Route[];
  readonly changes: StateChanges;
}

type Pattern = ChangeCause & { readonly fits: (facts: Facts) => boolean };

const families: readonly Family[] = [4, 6];

/** The rules every network namespace begins with. */
function isDefault({ priority, action }: Rule): boolean {
  const ids: readonly (number | undefined)[] = [reservedTables.local, reservedTables.main, reservedTables.default];
  return [0, 32766, 32767].includes(priority) && action.type === "lookup" && ids.includes(action.table.id);
}

function isLocalRule({ action, from, to }: Rule): boolean {
  return action.type === "lookup" && action.table.id === reservedTables.local && !from && !to;
}

/** Whether all of a device's routes in the tables of `before` are gone from `after`. */
function lostDevices({ before, after, routesGone }: Facts): string[] {
  const devices = new Set(routesGone.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? [])));
  const left = routesOf(after).flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? []));
  const still = new Set(left);
  return [...devices].filter((device) => !still.has(device) && before.links.has(device) === before.links.size > 0);
}

function routesOf(state: NodeState): Route[] {
  return families.flatMap((family) =>
    [...state.families[family].tables.values()]
      .filter(({ origin }) => origin !== "derived")
      .flatMap(({ routes }) => routes),
  );
}

function isHostRule({ from, to }: Rule): boolean {
  return [from, to].some((prefix) => prefix?.length === 32 || prefix?.length === 128);
}

const networkd = "man networkd.conf; systemd/systemd#19287";

/** The likeliest first. A pattern says nothing where the lists fit another story as well. */
const patterns: readonly Pattern[] = [
  {
    who: "systemd-networkd",
    text: "When it starts, is upgraded or reads its configuration again, it removes the rules that it did not make itself, except those with `proto kernel` (since version 248). What is left here are default rules and its own (`proto static`).",
    check:
      "Set ManageForeignRoutingPolicyRules=no (version 249 or newer) in /etc/systemd/networkd.conf; look into `journalctl -u systemd-networkd` for a restart",
    source: networkd,
    fits: ({ gone, come, after }) =>
      gone.some((rule) => rule.protocol === undefined || !["static", "kernel"].includes(rule.protocol)) &&
      come.every(({ protocol }) => protocol === "static") &&
      families.every((family) =>
        (after.families[family].rules ?? []).every(
          (rule) => isDefault(rule) || isLocalRule(rule) || ["static", "kernel", "dhcp"].includes(rule.protocol ?? ""),
        ),
      ),
  },
  {
    who: "`ip rule flush`, or a network service that starts anew",
    text: "`ip rule flush` removes every rule but those of priority 0, main and default included.",
    check:
      "Add `from all lookup main priority 32766` and `from all lookup default priority 32767` again; then look for who flushed them",
    source: "ip/iprule.c (iprule_flush_or_save), iproute2; systemd/systemd#41350",
    fits: ({ gone }) => gone.some(({ priority, action }) => priority === 32766 && action.type === "lookup"),
  },
  {
    who: "Cilium's agent",
    text: "It moves the kernel's `lookup local` from priority 0 to 100 while it needs room for its proxy rules before it, and moves it back when it cleans up.",
    check:
      "See whether the agent was (re)started, or removed, between the dumps: `kubectl -n kube-system get pods -l k8s-app=cilium`",
    source: "pkg/datapath/linux/linux_defaults/linux_defaults.go (RulePriorityLocalLookup), Cilium 1.14 to 1.19",
    fits: ({ moved, gone, come }) =>
      moved.some(
        ({ before: { priority }, after }) => isLocalRule(after) && Math.abs(priority - after.priority) === 100,
      ) ||
      (gone.some(isCiliumRule) && come.some(isCiliumRule)),
  },
  {
    who: "Whoever deletes a rule and adds it again",
    text: "A rule that is added stands behind all others of its priority, so that the same rules may now be looked up in another order.",
    check: "Give the rules priorities of their own, so that the order does not depend on who came last",
    source: "net/core/fib_rules.c (fib_nl_newrule), Linux",
    fits: ({ moved }) => moved.some(({ before, after }) => before.priority === after.priority),
  },
  {
    who: "Whoever adds a rule without a priority",
    text: "The kernel then takes the priority of the second rule in the list, less one: which it is depends on what was there at that moment.",
    check: "Name a priority in the command or the configuration that makes the rule",
    source: "net/core/fib_rules.c (fib_default_rule_pref), Linux",
    fits: ({ moved }) =>
      moved.some(
        ({ before, after }) => before.priority !== after.priority && after.priority > 32_000 && !isLocalRule(after),
      ),
  },
  {
    who: "A device that was set down, removed, or taken away from its service (ifdown, `ip link set down`, a bond that lost its leg)",
    text: "The kernel removes all routes of a device that goes down, and whoever brings it up again has to add them anew.",
    check: "See `ip link` and the log of the service that configures the device (ifupdown, NetworkManager, networkd)",
    source: "net/ipv4/fib_frontend.c (fib_disable_ip), Linux",
    fits: (facts) =>
      lostDevices(facts).length > 0 && facts.changes.links.gone.length + facts.changes.links.changed.length > 0,
  },
  {
    who: "systemd-networkd",
    text: "When it starts or configures a device anew, it removes routes that it did not make itself, except the kernel's own (`proto kernel`).",
    check:
      "Set ManageForeignRoutes=no in /etc/systemd/networkd.conf; look into `journalctl -u systemd-networkd` for a restart",
    source: "man networkd.conf; cloudnativelabs/kube-router#1815",
    fits: (facts) =>
      facts.routesGone.length > 0 &&
      facts.routesGone.every(({ protocol }) => !["kernel", "static", "dhcp", "ra"].includes(protocol ?? "")) &&
      lostDevices(facts).length === 0 &&
      facts.routesCome.length === 0 &&
      routesOf(facts.after).some(({ protocol }) => protocol === "static" || protocol === "dhcp"),
  },
  {
    who: "A DHCP client, NetworkManager or networkd",
    text: "A lease that was renewed or lost, or a connection that was activated again, changes the default route and its metric.",
    check: "See the log of the DHCP client or `journalctl -u NetworkManager -u systemd-networkd`",
    source: "common practice",
    fits: ({ routesGone, routesCome }) =>
      [...routesGone, ...routesCome].some(
        ({ dst, protocol }) => dst.length === 0 && (protocol === "dhcp" || protocol === "ra"),
      ),
  },
  {
    who: "cloud-init, a cloud's network scripts, NetworkManager's nm-cloud-setup or netplan",
    text: "Where a host has several interfaces, they write a rule for each source address and a table with a default route for it, when the interface is configured or `netplan apply` runs.",
    check: "See /etc/netplan, /etc/cloud, and `journalctl -u cloud-init -u nm-cloud-setup`",
    source: "canonical/cloud-init#5249; NetworkManager commit fe80b2d1ec",
    fits: ({ come, after }) =>
      come.some(
        (rule) =>
          rule.from !== undefined &&
          isHostRule(rule) &&
          rule.action.type === "lookup" &&
          after.families[rule.family].tables
            .get(tableId(after, rule.action.table) ?? -1)
            ?.routes.some(({ dst }) => dst.length === 0) === true &&
          !isPodOwner(rule),
      ),
  },
  {
    who: "The CNI, in its daily work",
    text: "Rules and routes of single pods come and go with their pods.",
    check: "Compare with the list of pods of the node: `kubectl get pods -A -o wide`",
    source: "AWS VPC CNI, Cilium in ENI mode, Calico",
    fits: ({ gone, come, routesGone, routesCome }) =>
      [...gone, ...come].some((rule) => isHostRule(rule) && isPodOwner(rule)) ||
      [...routesGone, ...routesCome].some(
        ({ dst, nexthops }) =>
          (dst.length === 32 || dst.length === 128) &&
          nexthops.some(({ dev }) => /^(?:lxc|cali|eni)[0-9a-f]/.test(dev ?? "")),
      ),
  },
];

function isPodOwner(rule: Rule): boolean {
  const owner = ruleOwner(rule)?.owner;
  return owner === "Cilium" || owner === "AWS VPC CNI";
}

function isCiliumRule(rule: Rule): boolean {
  return ruleOwner(rule)?.owner === "Cilium" && !isHostRule(rule);
}

/** Who usually does such a thing; empty where the changes are nobody's in particular. */
export function causesOf(before: NodeState, after: NodeState, changes: StateChanges): ChangeCause[] {
  const rules = Object.values(changes.rules);
  const facts: Facts = {
    before,
    after,
    gone: rules.flatMap(({ gone }) => gone),
    come: rules.flatMap(({ come }) => come),
    moved: rules.flatMap(({ moved }) => moved),
    routesGone: changes.tables.flatMap(({ gone }) => gone),
    routesCome: changes.tables.flatMap(({ come }) => come),
    changes,
  };
  return patterns
    .filter(({ fits }) => fits(facts))
    .map(({ who, text, check, source }) => ({ who, text, check, source }));
}
