import { isCniDevice } from "../../cilium/devices.js";
import { wordsForTable } from "../../fib/decisionWords.js";
import type { Victim } from "../../findings/finding.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { formatPrefix } from "../../net/prefix.js";
import { collides } from "../../state/editRoutes.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import { ownTable } from "./ownTable.js";
import { nowhere } from "./ruleFor.js";

/** Above this many, copies are nothing that a person would keep in step. */
const mostCopies = 8;

/** The routes that a rule takes packets away from, copied into the table it looks up. */
export function copyRoute(state: NodeState, rule: Rule, victims: readonly Victim[]): Candidate | undefined {
  const table = ownTable(state, rule);
  if (!table || victims.length === 0 || victims.length > mostCopies) return undefined;
  const { id, name } = table;
  const routes = victims.map(({ route: { protocol, rest, ...route } }): Route => {
    return { ...route, table: { id, ...(name === undefined ? {} : { name }) }, place: nowhere };
  });
  // A nexthop object stands for its hops: a route may name the one or the other, and only the kernel knows what the object holds now.
  if (routes.some(({ nhid }) => nhid !== undefined)) return undefined;
  if (routes.some((route) => table.routes.some((other) => collides(other, route)))) return undefined;
  const ofCni = [...new Set(routes.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? [])))].filter(
    isCniDevice,
  );
  const [first] = routes;
  const what = routes.length === 1 && first ? `the route to ${formatPrefix(first.dst)}` : `${routes.length} routes`;
  return {
    kind: "copy-route",
    title: `Copy ${what} into ${wordsForTable(table)}`,
    changes: routes.map((route) => ({ type: "add-route", route })),
    notes: [
      "Needs no further rule, and holds for every rule that looks up this table.",
      "A copy does not follow its original: it is wrong once the route changes, and lost when its device goes down.",
      ...(ofCni.length > 0
        ? [`No configuration file can make it last: ${ofCni.join(", ")} is there only once the CNI has made it.`]
        : []),
    ],
  };
}
