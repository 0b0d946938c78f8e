import type { CaseNode } from "../case/case.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { lookup } from "../fib/lookup.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import { decisionsOf } from "../findings/divergedPath.js";
import type { Finding, Victim } from "../findings/finding.js";
import { isGrave } from "../findings/shadowingRule.js";
import { printRuleCommand } from "../iproute/printRule.js";
import type { Rule, TableRef } from "../iproute/rule.js";
import { aggregatePrefixes, containsPrefix, formatPrefix, networkOf, type Prefix, samePrefix } from "../net/prefix.js";
import { firstForwarding } from "../path/flowAtRouting.js";
import { flowOf, lookupRouted } from "../path/routedPacket.js";
import { addRule, removeRule } from "../state/editRules.js";
import type { NodeState } from "../state/nodeState.js";
import { changedFlows, judgeSideEffects } from "./compareStates.js";
import type { Effect, Fix } from "./fix.js";
import { persistentForms } from "./persistentForms.js";
import { prioritiesBefore } from "./priorityGap.js";

/** A repair before it is simulated. */
interface Candidate {
  readonly kind: string;
  readonly title: string;
  readonly rules: readonly Rule[];
  readonly notes: readonly string[];
}

/** Device and table names come from the input. A command with a character that a shell would interpret is not offered. */
const harmlessWords = /^[\w .:/@+-]+$/;

/** A destination and the table in which it is to be looked up. */
interface Wanted {
  readonly to: Prefix;
  readonly table: TableRef;
}

const nowhere = { file: "", start: 0, end: 0 };

/** A rule for the packets that `shadowing` takes, narrowed and pointed elsewhere, which stands nowhere yet. */
function ruleLike(
  shadowing: Rule,
  priority: number,
  table: TableRef,
  more: { to?: Prefix; suppressPrefixLength?: number },
): Rule {
  const { rest, protocol, realms, suppressPrefixLength, suppressIfGroup, ...selectors } = shadowing;
  return {
    ...selectors,
    ...more,
    priority,
    action: { type: "lookup", table },
    place: nowhere,
    fields: {},
    incomplete: false,
  };
}

/** The part of a victim's prefix that the shadowing rule takes. */
function takenPrefix(rule: Rule, { route }: Victim): Prefix {
  return networkOf(rule.to && !rule.not && rule.to.length > route.dst.length ? rule.to : route.dst);
}

/** One rule for each prefix, to the table that holds its route. */
function narrowRules(state: NodeState, rule: Rule, wanted: readonly Wanted[]): Rule[] | undefined {
  const priorities = prioritiesBefore(state, rule, wanted.length);
  return priorities && wanted.map(({ to, table }, index) => ruleLike(rule, priorities[index] ?? 0, table, { to }));
}

/** Up to this many prefixes get a rule each, so that every rule can be told by its route; more are put together. */
const readablePrefixes = 4;

/** What has to be looked up elsewhere, in the fewest prefixes that hold nothing else where there are many. */
function narrowest(wanted: readonly Wanted[]): readonly Wanted[] {
  const [first] = wanted;
  if (!first || wanted.length <= readablePrefixes || wanted.some(({ table }) => table.id !== first.table.id))
    return wanted;
  return aggregatePrefixes(wanted.map(({ to }) => to)).map((to) => ({ to, table: first.table }));
}

function candidates(state: NodeState, rule: Rule, victims: readonly Victim[]): Candidate[] {
  const wanted = narrowest(victims.map((victim) => ({ to: takenPrefix(rule, victim), table: tableOf(victim) })));
  const [table] = wanted.map((each) => each.table);
  if (!table) return [];
  const oneTable = wanted.every((each) => each.table.id === table.id);
  const result: Candidate[] = [];
  const narrow = narrowRules(state, rule, wanted);
  if (narrow) {
    const list = wanted.map(({ to }) => formatPrefix(to)).join(" and ");
    result.push({
      kind: "narrow",
      title: `Look up ${list} in table ${table.name ?? table.id} before rule ${rule.priority}`,
      rules: narrow,
      notes: ["Changes these destinations only. A pod prefix that the cluster adds later needs a rule of its own."],
    });
  }
  const priorities = prioritiesBefore(state, rule, 1);
  if (oneTable && priorities) {
    result.push({
      kind: "specific-first",
      title: `Let every route of table ${table.name ?? table.id} but its default go before rule ${rule.priority}`,
      rules: [ruleLike(rule, priorities[0] ?? 0, table, { suppressPrefixLength: 0 })],
      notes: [
        "Ages better: routes that are added to the table later, for new nodes or pod prefixes, are found without another rule.",
        "Changes more: every specific route of the table goes before the rule, and an `unreachable default` in it would end the look-up here.",
        "Needs Linux 3.12 or newer (suppress_prefixlength).",
      ],
    });
  }
  return result;
}

function tableOf({ otherwise }: Victim): TableRef {
  const { id, name } = otherwise.table;
  return { id, ...(name === undefined ? {} : { name }) };
}

/** The captured packets that this very rule sent astray, before and after. */
function capturedEffects(node: CaseNode, rule: Rule, after: NodeState): Effect[] {
  return node.traces.flatMap((trace) => {
    const packet = trace.parting === undefined ? undefined : firstForwarding(node.context, trace.packet);
    if (!packet || decisionsOf(trace).taken?.rule !== rule) return [];
    return [{ flow: flowOf(packet), before: lookupRouted(node.state, packet), after: lookupRouted(after, packet) }];
  });
}

/** Simulates a candidate; `undefined` where it does not repair what it is for. */
function simulate(
  node: CaseNode,
  finding: Finding,
  rule: Rule,
  grave: readonly Victim[],
  candidate: Candidate,
): Fix | undefined {
  const { rules } = candidate;
  const state = rules.reduce(addRule, node.state);
  const fib = fibOf(state, rule.family);
  const examples = grave.map(({ taken, otherwise }) => ({
    flow: taken.flow,
    before: taken,
    after: lookup(fib, taken.flow),
    wanted: otherwise,
  }));
  if (!examples.every(({ after, wanted }) => sameOutcome(after, wanted))) return undefined;
  const captured = capturedEffects(node, rule, state);
  if (captured.some(({ before, after }) => sameOutcome(before, after))) return undefined;
  // A captured packet says more than a made-up one for the same route.
  const shown = examples.filter(
    ({ wanted }) => !captured.some(({ after }) => after.type === "route" && after.route === wanted.route),
  );
  const repairs: Effect[] = shown.map(({ flow, before, after }) => ({ flow, before, after }));
  const [main = repairs[0], ...others] = captured;
  const commands = rules.map((each) => printRuleCommand("add", each));
  if (!main || !commands.every((command) => harmlessWords.test(command))) return undefined;
  const without = fibOf(removeRule(node.state, rule), rule.family);
  const isWanted = ({ after }: Effect, natural: Decision): boolean =>
    after.type === "route" && grave.some(({ route }) => after.route === route) && sameOutcome(after, natural);
  return {
    id: `${candidate.kind}:${rule.family}:${rule.priority}:${rule.place.start}`,
    finding,
    title: candidate.title,
    rules,
    commands,
    undo: rules.map((each) => printRuleCommand("del", each)).reverse(),
    persistent: persistentForms(node.state, rules),
    proof: {
      main,
      repairs: captured.length > 0 ? [...others, ...repairs] : repairs.slice(1),
      sideEffects: judgeSideEffects(changedFlows(node.state, state, rules), isWanted, (flow) => decide(without, flow)),
    },
    notes: candidate.notes,
    state,
  };
}

/**
 * The repairs of a shadowing rule, each simulated on every captured packet the rule sent astray, on an example of each route it takes
 * away, and on every destination that the rules and routes tell apart. What does not repair, or does harm, is not among them.
 */
export function fixShadowingRule(node: CaseNode, finding: Finding): Fix[] {
  if (finding.data.code !== "shadowing-rule") return [];
  const { rule, victims } = finding.data;
  const grave = victims.filter(isGrave);
  return candidates(node.state, rule, withoutNested(grave))
    .flatMap((candidate) => simulate(node, finding, rule, grave, candidate) ?? [])
    .filter(({ proof }) => proof.sideEffects.every(({ judgement }) => judgement !== "harmful"));
}

/** A victim inside another one is looked up in the same table by the wider one's rule. */
function withoutNested(victims: readonly Victim[]): Victim[] {
  return victims.filter(
    ({ route, otherwise }) =>
      !victims.some(
        (other) =>
          other.otherwise.table.id === otherwise.table.id &&
          containsPrefix(other.route.dst, route.dst) &&
          !samePrefix(other.route.dst, route.dst),
      ),
  );
}
