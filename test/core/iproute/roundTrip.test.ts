import assert from "node:assert/strict";
import fc from "fast-check";
import { printRoute, printRouteCommand } from "../../../server/src/core/iproute/printRoute.js";
import { printRule, printRuleCommand } from "../../../server/src/core/iproute/printRule.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Route } from "../../../server/src/core/iproute/route.js";
import type { Rule } from "../../../server/src/core/iproute/rule.js";
import type { Section } from "../../../server/src/core/iproute/section.js";
import type { Family } from "../../../server/src/core/net/address.js";
import { formatPrefix } from "../../../server/src/core/net/prefix.js";
import { prefix, route, rule } from "./arbitraryRule.js";

const families: readonly Family[] = [4, 6];

function read(command: string, printed: string): readonly Section[] {
  const { sections, problems } = readTranscript("", `$ ${command}\n${printed}\n`);
  assert.deepEqual(problems, []);
  return sections;
}

/** A rule without what depends on the text it was read from. */
function bareRule({ place: _place, ...parts }: Rule): unknown {
  return parts;
}

function bareRoute({ place: _place, ...parts }: Route): unknown {
  return parts;
}

/** A rule as a command can name it: the state of devices and targets is the kernel's. */
function asCommanded(listed: Rule): unknown {
  const { action, iif, oif } = listed;
  return bareRule({
    ...listed,
    action: action.type === "goto" ? { ...action, unresolved: false } : action,
    ...(iif ? { iif: { ...iif, detached: false } } : {}),
    ...(oif ? { oif: { ...oif, detached: false } } : {}),
  });
}

for (const family of families) {
  const option = family === 6 ? "-6 " : "";

  describe(`printing and reading IPv${family}`, () => {
    it("a rule", () => {
      fc.assert(
        fc.property(rule(family), (any) => {
          const [section] = read(`ip ${option}rule`, printRule(any));
          assert.deepEqual(section?.kind === "rules" ? section.rules.map(bareRule) : section, [bareRule(any)]);
        }),
      );
    });

    it("a list of rules", () => {
      fc.assert(
        fc.property(fc.array(rule(family), { minLength: 1, maxLength: 8 }), (any) => {
          const list = any.toSorted((a, b) => a.priority - b.priority);
          const sections = read(`ip ${option}rule`, list.map(printRule).join("\n"));
          assert.deepEqual(
            sections.flatMap((section) => (section.kind === "rules" ? section.rules.map(bareRule) : [section])),
            list.map(bareRule),
          );
        }),
      );
    });

    it("the command that adds a rule", () => {
      const addable = rule(family).filter(({ action }) => action.type !== "invalid");
      fc.assert(
        fc.property(addable, (any) => {
          const [section] = read(printRuleCommand("add", any), "");
          assert.deepEqual(section?.kind === "change" && section.rule && bareRule(section.rule), asCommanded(any));
        }),
      );
    });

    it("a table of routes", () => {
      fc.assert(
        fc.property(fc.array(route(family), { minLength: 1, maxLength: 8 }), (list) => {
          const sections = read(`ip ${option}route show table all`, list.map(printRoute).join("\n"));
          assert.deepEqual(
            sections.flatMap((section) => (section.kind === "routes" ? section.routes.map(bareRoute) : [section])),
            list.map(bareRoute),
          );
        }),
      );
    });

    it("a line reads the same whether or not one like it came before", () => {
      const tails = fc.constantFrom(
        " dev eth0 scope link",
        " dev veth1 scope link",
        " dev  scope link",
        " dev eth0\\ scope link",
        " dev <hidden> scope link",
        " via 10.0.0.1 dev eth0 ",
        " dev eth0 复 scope link",
        " metric 5",
        " dev eth0 dev eth1",
        " proto bird dev eth0",
      );
      const line = fc.tuple(prefix(family).map(formatPrefix), tails).map(([dst, tail]) => dst + tail);
      fc.assert(
        fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), (lines) => {
          const parts = (text: string) =>
            readTranscript("", `$ ip ${option}r\n${text}\n`).sections.flatMap((section) =>
              section.kind === "routes" ? section.routes.map(({ place: _place, rest: _rest, ...route }) => route) : [],
            );
          assert.deepEqual(parts(lines.join("\n")), lines.flatMap(parts));
        }),
      );
    });

    it("the command that adds a route", () => {
      fc.assert(
        fc.property(route(family), (any) => {
          const [section] = read(printRouteCommand("add", any), "");
          const back = section?.kind === "change" ? section.route : undefined;
          assert.deepEqual(
            [back?.dst, back?.type, back?.table, back?.metric],
            [any.dst, any.type, any.table, any.metric],
          );
          assert.deepEqual(
            back?.nexthops.map(({ via, dev, weight }) => [via, dev, weight]),
            any.nexthops.map(({ via, dev, weight }) => [via, dev, weight]),
          );
        }),
      );
    });
  });
}

describe("the command of a rule", () => {
  const lookup: Rule = {
    family: 4,
    priority: 32759,
    not: false,
    from: { family: 4, value: 0x0a3200den, length: 32 },
    to: { family: 4, value: 0x0ac80100n, length: 24 },
    action: { type: "lookup", table: { id: 254, name: "main" } },
    place: { file: "", start: 0, end: 0 },
    incomplete: false,
  };

  it("has its addresses first and its priority last", () => {
    assert.equal(
      printRuleCommand("add", lookup),
      "ip rule add from 10.50.0.222 to 10.200.1.0/24 lookup main priority 32759",
    );
  });

  it("names the suppressor behind the table, and the family", () => {
    const { from: _from, to: _to, ...any } = lookup;
    assert.equal(
      printRuleCommand("del", { ...any, family: 6, suppressPrefixLength: 0 }),
      "ip -6 rule del from all lookup main suppress_prefixlength 0 priority 32759",
    );
  });

  it("leaves the priority to the kernel where there is none", () => {
    assert.equal(
      printRuleCommand("add", { ...lookup, priority: -1 }),
      "ip rule add from 10.50.0.222 to 10.200.1.0/24 lookup main",
    );
  });
});
