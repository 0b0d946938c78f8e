import { fwmarkCollisions, fwmarkUse } from "../../cilium/fwmarks.js";
import type { Ownership } from "../../cilium/owners.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { tableOwner } from "../../cilium/tableOwners.js";
import { tableWord } from "../../iproute/names.js";
import type { Rule, TableRef } from "../../iproute/rule.js";
import { type NodeState, tableId } from "../../state/nodeState.js";
import type { Explanation, Fact } from "../explanation.js";
import { routeSentence } from "./explainRoute.js";
import { maskedWords, ruleSentence, suppressorSentences } from "./explainRuleSentence.js";

/** Tables with more routes than this are shown in part. */
const shownRoutes = 12;
const wholeMark = 0xffffffff;

/** Explains a rule in words, who installs such a rule, and, with the node's state, what its table holds. */
export function explainRule(rule: Rule, state?: NodeState): Explanation {
  const owner = ruleOwner(rule);
  const table = rule.action.type === "lookup" && !rule.l3mdev ? rule.action.table : undefined;
  const content = table && state ? tableContent(rule, table, state) : { facts: [], notes: [] };
  return {
    title: `rule ${rule.priority}`,
    sentences: [ruleSentence(rule), ...suppressorSentences(rule), ...(owner ? [ownerSentence(owner)] : [])],
    facts: [...markFacts(rule), ...(table ? tableFacts(table, state) : []), ...content.facts],
    notes: [...ruleNotes(rule), ...content.notes],
    sources: ["ip-rule(8); net/core/fib_rules.c, Linux", ...(owner ? [owner.source] : [])],
  };
}

function ownerSentence({ owner, purpose, confidence }: Ownership): string {
  if (confidence === "certain") return `${owner} installs this rule ${purpose}.`;
  if (confidence === "likely") return `${owner} installs such a rule ${purpose}.`;
  return `Who made it can't be told. Such rules come from ${owner.charAt(0).toLowerCase()}${owner.slice(1)}, ${purpose}.`;
}

function markFacts({ fwmark }: Rule): Fact[] {
  if (!fwmark) return [];
  const use = fwmarkUse(fwmark);
  const own = use && { name: "fwmark", value: maskedWords(fwmark, wholeMark), text: `${use.owner}: ${use.meaning}` };
  const others = fwmarkCollisions(fwmark, use?.owner ?? "").map(({ owner, meaning, fwmark: other }) => ({
    name: "may share bits with",
    value: maskedWords(other, wholeMark),
    text: `${owner}: ${meaning}`,
  }));
  return [...(own ? [own] : []), ...others];
}

function tableFacts(table: TableRef, state: NodeState | undefined): Fact[] {
  const id = state ? tableId(state, table) : table.id;
  const owner = id === undefined ? undefined : tableOwner(id);
  return owner ? [{ name: "table", value: tableWord(table), text: `${owner.owner} uses it ${owner.purpose}` }] : [];
}

/** The routes of the rule's table, each as a fact with its place, or what to run to see them. */
function tableContent(rule: Rule, ref: TableRef, state: NodeState): { facts: Fact[]; notes: string[] } {
  const id = tableId(state, ref);
  const name = tableWord(ref);
  const table = id === undefined ? undefined : state.families[rule.family].tables.get(id);
  const command = `ip${rule.family === 6 ? " -6" : ""} route show table ${name}`;
  if (!table) return { facts: [], notes: [`No dump shows what table ${name} holds. To see it: \`${command}\``] };
  const facts = table.routes
    .slice(0, shownRoutes)
    .map((route): Fact => ({ name: `in table ${name}`, text: routeSentence(route), place: route.place }));
  const more = table.routes.length - facts.length;
  const notes: string[] = [];
  if (table.origin === "absent") notes.push(`Table ${name} does not exist: the look-up goes on with the next rule.`);
  else if (table.origin === "partial") notes.push(`The dump of table ${name} is not whole: it may hold other routes.`);
  else if (table.routes.length === 0) notes.push(`Table ${name} is empty: the look-up goes on with the next rule.`);
  if (table.origin === "derived")
    notes.push(`Table ${name} was not dumped; its routes were put together from the node's addresses.`);
  if (more > 0) notes.push(`Table ${name} holds ${more} more ${more === 1 ? "route" : "routes"}.`);
  return { facts, notes };
}

function ruleNotes(rule: Rule): string[] {
  const notes = ["Rules are looked at by ascending number; the first whose table has a route for the packet decides."];
  if (rule.incomplete)
    notes.push("The line has words that could not be read, or breaks off: the rule may compare more.");
  if (rule.iif?.detached || rule.oif?.detached)
    notes.push("Its device does not exist (any more), so it matches nothing.");
  return notes;
}
