import { printRouteCommand } from "../../iproute/printRoute.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { FormWriter } from "./formWriter.js";

/**
 * For a stanza of Debian's ifupdown. What is there already is no error, so that `ifup` does not fail by it.
 *
 * Syntax: interfaces(5), `post-up` and `pre-down`: a shell runs what follows, so that a rule or route can be whatever `ip` can make.
 */
export const ifupdownForm: FormWriter = {
  ruleParts: "all",
  routeParts: "all",
  write({ rules, routes }) {
    const commands = (verb: "add" | "del"): string[] => [
      ...rules.map(({ rule }) => printRuleCommand(verb, rule)),
      ...routes.map(({ route }) => printRouteCommand(verb, route)),
    ];
    const lines = [
      ...commands("add").map((command) => `post-up ${command} || true`),
      ...commands("del")
        .reverse()
        .map((command) => `pre-down ${command} || true`),
    ];
    return lines.length === 0 ? undefined : lines.join("\n");
  },
};
