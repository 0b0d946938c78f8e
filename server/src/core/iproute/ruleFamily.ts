import type { Family } from "../net/address.js";
import type { Rule } from "./rule.js";
import type { RuleSection, Section } from "./section.js";

/** The family that a rule's own words prove. */
function provenFamily({ from, to, flowlabel }: Rule): Family | undefined {
  return from?.family ?? to?.family ?? (flowlabel ? 6 : undefined);
}

function priorities(section: RuleSection): ReadonlySet<number> {
  return new Set(section.rules.map((rule) => rule.priority));
}

/**
 * Whether a list without any address is IPv6's: it follows a whole IPv4 list, and has the kernel's rules 0 and 32766 but not
 * 32767, which IPv6 does not have (net/ipv6/fib6_rules.c: fib6_rules_net_init).
 */
function followsIpv4(section: RuleSection, previous: Section | undefined): boolean {
  if (section.command || previous?.kind !== "rules" || previous.command || previous.family !== 4) return false;
  const own = priorities(section);
  return own.has(0) && own.has(32766) && !own.has(32767) && priorities(previous).has(32767);
}

/** The section with its family settled: by its command, by the addresses of its rules, or by the list before it. */
export function withFamily(section: RuleSection, previous: Section | undefined): RuleSection {
  const proven = section.rules.find((rule) => provenFamily(rule) !== undefined);
  const family = (proven && provenFamily(proven)) ?? (followsIpv4(section, previous) ? 6 : section.family);
  if (section.family === family && section.rules.every((rule) => rule.family === family)) return section;
  const rules = section.rules.map((rule) => {
    const own = provenFamily(rule) ?? family;
    return rule.family === own ? rule : { ...rule, family: own };
  });
  return { ...section, family, rules };
}
