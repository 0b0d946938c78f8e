import { groupBy } from "../../findings/groupBy.js";
import type { Lasting } from "./lasting.js";
import { routePartsOf } from "./routeParts.js";
import { rulePartsOf } from "./ruleParts.js";

/** What of rules and routes a form has words for, by the names of their parts; "all" for what runs the commands themselves. */
export interface FormWriter {
  readonly ruleParts: ReadonlySet<string> | "all";
  readonly routeParts: ReadonlySet<string> | "all";
  /** The text; undefined where nothing of a repair belongs to the form. Says whatever it can: who calls it looks at the parts first. */
  readonly write: (lasting: Lasting) => string | undefined;
}

/** The parts of a repair that a form has no words for, each once, by the words of `ip`. */
export function unsaidBy({ ruleParts, routeParts }: FormWriter, { rules, routes }: Lasting): string[] {
  const lacking = (said: ReadonlySet<string> | "all", parts: readonly string[]): string[] =>
    said === "all" ? [] : parts.filter((part) => !said.has(part));
  return [
    ...new Set([
      ...rules.flatMap(({ rule }) => lacking(ruleParts, rulePartsOf(rule))),
      ...routes.flatMap(({ route }) => lacking(routeParts, routePartsOf(route))),
    ]),
  ];
}

/** What of a repair belongs to the configuration of one device. */
export interface DeviceShare extends Pick<Lasting, "rules" | "routes"> {
  /** Undefined: any will do. */
  readonly device: string | undefined;
}

/** Shares out a repair among devices, by those of its routes. What belongs to none, rules above all, goes with the first device. */
export function deviceShares({ rules, routes }: Lasting): DeviceShare[] {
  if (rules.length + routes.length === 0) return [];
  const first = routes.flatMap(({ route }) => route.nexthops[0]?.dev ?? [])[0];
  const groups = groupBy(routes, ({ route }) => route.nexthops[0]?.dev ?? first);
  if (groups.size === 0) return [{ device: undefined, rules, routes }];
  return [...groups].map(([device, own]) => ({ device, rules: device === first ? rules : [], routes: own }));
}
