import type { Location, Position } from "vscode-languageserver";
import { dumpItemAt, type Place, tableId } from "../../core/index.js";
import { type AnalysedCase, nodeAt } from "../caseStore.js";
import { toLocation } from "../toLsp.js";

function targetAt(analysed: AnalysedCase, uri: string, position: Position): readonly Place[] {
  const file = analysed.files.get(uri);
  const offset = file?.lines.offset(position);
  const state = offset === undefined ? undefined : nodeAt(analysed, uri, offset)?.node.state;
  const item = file && offset !== undefined && dumpItemAt(file.read.transcript, offset);
  if (!item || !state) return [];
  if ("route" in item) {
    return item.route.nexthops.flatMap(({ dev }) => (dev === undefined ? [] : (state.links.get(dev)?.place ?? [])));
  }
  const { rule } = item;
  const family = state.families[rule.family];
  if (rule.action.type === "goto") {
    const { target } = rule.action;
    return (family.rules ?? []).filter(({ priority }) => priority === target).map(({ place }) => place);
  }
  if (rule.action.type !== "lookup") return [];
  const id = tableId(state, rule.action.table);
  const routes = id === undefined ? [] : (family.tables.get(id)?.routes ?? []);
  return routes
    .map(({ place }) => place)
    .filter(({ file: source }) => analysed.files.has(source))
    .slice(0, 1);
}

/** `textDocument/definition`: from a rule to its table's routes or the target of its jump, from a route to its device. */
export function definition(analysed: AnalysedCase, uri: string, position: Position): Location[] {
  return targetAt(analysed, uri, position).map((place) => toLocation(analysed, place));
}
