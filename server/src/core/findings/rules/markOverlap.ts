import type { CaseNode } from "../../case/case.js";
import { fwmarkUse } from "../../cilium/fwmarks.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";

/** Bits of the fwmark that somebody on this node uses, and the rule that shows it. */
interface UsedBits {
  readonly owner: string;
  readonly bits: number;
  readonly what: string;
  readonly rule: Rule;
}

/** Tables by which Cilium's proxy rules are told; the packets they are for have an identity or a port in the upper half of their mark. */
const proxyTables: ReadonlySet<number | undefined> = new Set([2004, 2005]);

function usesOf(rule: Rule): UsedBits[] {
  const { fwmark, action } = rule;
  if (!fwmark || fwmark.mask === 0) return [];
  const owner = ruleOwner(rule);
  // A mark alone is nobody's in particular, unless it is a number that only one piece of software uses.
  const name = owner && owner.confidence !== "possible" ? owner.owner : fwmarkUse(fwmark)?.owner;
  if (name === undefined || name === "The kernel") return [];
  const uses = [{ owner: name, bits: fwmark.mask, what: `the mark of rule ${rule.priority}`, rule }];
  if (name === "Cilium" && action.type === "lookup" && proxyTables.has(action.table.id)) {
    uses.push({
      owner: name,
      bits: 0xffff0000,
      what: "the identity or proxy port in the upper half of its marks",
      rule,
    });
  }
  return uses;
}

/**
 * Whether no fwmark has what both rules ask for. That holds for the upper half of a proxy's marks as well: a mark has it together with
 * what the rule asks of the lower one.
 */
function excludes({ fwmark: one }: Rule, { fwmark: other }: Rule): boolean {
  return one !== undefined && other !== undefined && ((one.value ^ other.value) & one.mask & other.mask) !== 0;
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const uses = (node.state.families[family].rules ?? []).flatMap(usesOf);
    const reported = new Set<string>();
    return uses.flatMap((use): Finding[] => {
      const other = uses.find(
        ({ owner, bits, rule }) => owner !== use.owner && (bits & use.bits) !== 0 && !excludes(rule, use.rule),
      );
      const pair = [use.owner, other?.owner].sort().join();
      if (!other || reported.has(pair)) return [];
      reported.add(pair);
      const bits = (other.bits & use.bits) >>> 0;
      const [first, second] = use.rule.priority <= other.rule.priority ? [use, other] : [other, use];
      return [
        {
          code: "mark-overlap",
          severity: "information",
          confidence: "likely",
          place: second.rule.place,
          message: `${first.owner} and ${second.owner} both use bits 0x${bits.toString(16)} of the packets' fwmark: ${first.owner} for ${first.what}, ${second.owner} for ${second.what}. A packet that one of them has marked may be taken for the other's.`,
          related: [{ place: first.rule.place, message: `${first.owner} uses these bits here` }],
          data: { code: "mark-overlap", bits, owners: [first.owner, second.owner] },
        },
      ];
    });
  });
}

/** Two owners read the same bits of the fwmark. */
export const markOverlap: FindingKind = {
  code: "mark-overlap",
  defaultSeverity: "information",
  meaning:
    "Two pieces of software that have rules on this node use the same bits of the fwmark, so that the packets of one may meet the rules of the other.",
  silentWhen: [
    "Only one of them has a rule here.",
    "The values they ask for exclude each other, so that no packet has both.",
    "Nobody in particular is known to use the mark.",
  ],
  example: `10: from all fwmark 0xa00/0xf00 lookup 2005          (Cilium: the source identity is in the upper half)
5210: from all fwmark 0x80000/0xff0000 lookup main   (Tailscale: identity 8 makes this very mark)`,
  check,
};
