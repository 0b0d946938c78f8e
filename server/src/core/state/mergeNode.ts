import type { TableRef } from "../iproute/rule.js";
import type { Section, SysctlValue, Transcript } from "../iproute/section.js";
import type { Family } from "../net/address.js";
import type { Problem } from "../text/span.js";
import { deriveLocalTable } from "./deriveLocalTable.js";
import { type MergedLinks, mergeLinks } from "./mergeLinks.js";
import { mergeRules } from "./mergeRules.js";
import { mergeTables } from "./mergeTables.js";
import { type FamilyState, type NodeState, reservedTables, type Table } from "./nodeState.js";
import { forMentionedTables, nameTables } from "./tableNames.js";

/**
 * All that the dumps of one host say, merged: for each thing the last whole dump counts. What was dumped twice and differs is among the
 * problems. Commands that change the state (`ip rule add`) are not applied: dumps show what they did, or were made before.
 *
 * @param name the host's name, for messages.
 */
export function mergeNode(name: string, transcripts: readonly Transcript[]): NodeState {
  const sections = transcripts.flatMap((transcript) => transcript.sections);
  const tableNames = nameTables(sections);
  const links = mergeLinks(sections.filter((section) => section.kind === "links"));
  const sysctls = mergeSysctls(sections);
  const problems: Problem[] = [];
  const family = (number: Family) => mergeFamily(number, sections, tableNames, links, sysctls, problems);
  return {
    name,
    families: { 4: family(4), 6: family(6) },
    links: links.links,
    linksComplete: links.complete,
    sysctls,
    tableNames,
    problems,
    files: [...new Set(transcripts.map(({ file }) => file))],
  };
}

function mergeSysctls(sections: readonly Section[]): Map<string, SysctlValue> {
  const values = sections.filter((section) => section.kind === "sysctls").flatMap((section) => section.values);
  return new Map(values.map((value) => [value.key, value]));
}

function mergeFamily(
  family: Family,
  sections: readonly Section[],
  tableNames: ReadonlyMap<string, number>,
  links: MergedLinks,
  sysctls: ReadonlyMap<string, SysctlValue>,
  problems: Problem[],
): FamilyState {
  const ofFamily = sections.filter((section) => "family" in section && section.family === family);
  const idOf = ({ id, name }: TableRef) => id ?? (name === undefined ? undefined : tableNames.get(name));
  const rules = mergeRules(
    ofFamily.filter((section) => section.kind === "rules"),
    idOf,
  );
  const {
    tables,
    allTablesDumped,
    problems: tableProblems,
  } = mergeTables(
    ofFamily.filter((section) => section.kind === "routes"),
    tableNames,
  );
  problems.push(...rules.problems, ...tableProblems);
  if (allTablesDumped) {
    forMentionedTables(ofFamily, (ref) => noteAbsence(tables, ref, idOf(ref)));
  }
  const local = tables.get(reservedTables.local);
  if (!local || local.origin === "partial") {
    const vrfTables = new Set([...links.links.values()].map(({ vrfTable }) => vrfTable));
    const derived = deriveLocalTable({
      family,
      links: links.links,
      addressesComplete: links.addressFamilies.has(family),
      routes: [...tables.values()].filter(({ id }) => !vrfTables.has(id)).flatMap((table) => table.routes),
      forwarding: sysctls.get("net.ipv6.conf.all.forwarding")?.value.trim() === "1",
    });
    tables.set(derived.id, derived);
  }
  return {
    rules: rules.rules,
    rulesComplete: rules.rulesComplete,
    hiddenSelectors: rules.hiddenSelectors,
    tables,
    allTablesDumped,
  };
}

function noteAbsence(tables: Map<number, Table>, { name }: TableRef, id: number | undefined): void {
  if (id === undefined || tables.has(id)) return;
  tables.set(id, { id, ...(name !== undefined && { name }), routes: [], origin: "absent", exact: true });
}
