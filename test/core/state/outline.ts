import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import type { Family } from "../../../server/src/core/net/address.js";
import type { FamilyState, NodeState } from "../../../server/src/core/state/nodeState.js";

/** A merged state as the fixtures draw it; families of which nothing is known are left out. */
export function outlineState(state: NodeState): string {
  const names = [...state.tableNames].filter(([name]) => !["unspec", "default", "main", "local"].includes(name));
  return [
    ...([4, 6] as const).flatMap((family) => familyLines(state.families[family], family)),
    ...(names.length > 0 ? [`names: ${names.map(([name, id]) => `${name} ${id}`).join(", ")}`] : []),
    ...(state.links.size > 0
      ? [`links${state.linksComplete ? "" : ", not all"}: ${[...state.links.keys()].join(", ")}`]
      : []),
    ...[...state.sysctls].map(([key, { value }]) => `${key} = ${value}`),
    ...state.problems.map(({ place, message }) => `${place.file}: ${message}`),
  ].join("\n");
}

function familyLines(state: FamilyState, family: Family): string[] {
  const { rules, tables } = state;
  if (!rules && [...tables.values()].every(({ origin }) => origin === "derived")) return [];
  return [
    `IPv${family}${state.allTablesDumped ? ", all tables dumped" : ""}`,
    rules ? `  rules${state.rulesComplete ? "" : ", not all"}` : "  no rules",
    ...(state.hiddenSelectors.length > 0 ? [`  hidden: ${state.hiddenSelectors.join(", ")}`] : []),
    ...(rules ?? []).map((rule) => `    ${printRule(rule).replace("\t", " ")}`),
    ...[...tables.values()].flatMap(({ id, name, origin, exact, routes }) => [
      `  table ${name ?? id}, ${origin}${origin === "derived" && !exact ? ", inexact" : ""}`,
      ...routes.map((route) => `    ${printRoute(route).replaceAll("\n\t", " | ")}`),
    ]),
  ];
}
