import { ruleOwner } from "../../cilium/ruleOwners.js";
import { wordsForDecision, wordsForDestination, wordsForPrefix, wordsForTable } from "../../fib/decisionWords.js";
import type { SysctlValue } from "../../iproute/section.js";
import { formatAddress } from "../../net/address.js";
import { decisionPlaces } from "../decisionPlaces.js";
import type { Confidence, RelatedPlace, Severity } from "../finding.js";
import type { SourceRefusal } from "./sourceRefusal.js";

/** So many packets are pointed at. */
const packetsNamed = 10;

/** How far the evidence carries, and how loud that may be. */
export function gradeRefusal({ received, premises }: SourceRefusal): {
  readonly severity: Severity;
  readonly confidence: Confidence;
} {
  const fate = received[0]?.fate;
  if (fate === "refused") return { severity: "warning", confidence: "confirmed" };
  if ((fate === "vanished" || fate === "unanswered") && premises.length === 0)
    return { severity: "warning", confidence: "likely" };
  return { severity: "information", confidence: "conditional" };
}

/** `refuses`, or `would refuse` where that depends on what is not shown. */
export function refusesWord(refusal: SourceRefusal): string {
  return gradeRefusal(refusal).confidence === "conditional" ? "would refuse" : "refuses";
}

/** `from 10.0.0.1 to 10.0.0.2`, and how many more conversations. */
export function packetWords({ received }: SourceRefusal): string {
  const [first] = received;
  if (!first) return "of the pods";
  const { src, dst } = first.packet;
  const more = received.length === 1 ? "" : ` (and ${received.length - 1} more like them)`;
  return `from ${formatAddress(src)} to ${formatAddress(dst)}${more}`;
}

/** `net.ipv4.conf.all.rp_filter = 1` */
export function settingWords({ key, value }: SysctlValue): string {
  return `${key} = ${value.trim()}`;
}

/** What is known of the packets' fate, a sentence. */
export function fateWords({ received, device }: SourceRefusal): string | undefined {
  const [first] = received;
  if (!first) return undefined;
  switch (first.fate) {
    case "refused":
      return "The kernel's log says that it refused them.";
    case "vanished":
      return `The capture shows them come in by ${device}, and nothing of them behind that.`;
    case "unanswered":
      return `tcpdump saw them come in by ${device} for this node itself, and no answer.`;
    case "unseen":
    case "seen":
      return `They were seen at ${device}; what became of them no file here tells.`;
  }
}

/** The way back that the kernel looked up: where it leads, by which rule and route. */
export function reverseWords({ validation }: SourceRefusal): string | undefined {
  const reverse = validation?.reverse;
  if (!reverse || reverse.type === "missing") return undefined;
  if (reverse.type !== "route") return `The way back comes to ${wordsForDecision(reverse)}.`;
  const { rule, route, table } = reverse;
  const owner = ruleOwner(rule);
  const by = owner && owner.owner !== "The kernel" ? `, which ${owner.owner} installs ${owner.purpose}` : "";
  const decides = rule.place.file === "" ? "" : `rule ${rule.priority}${by}, `;
  const decisive = `${decides}route ${wordsForPrefix(route.dst)} of ${wordsForTable(table)}`;
  return `The way back: ${decisive}, to ${wordsForDestination(reverse)}.`;
}

/** The clause that a conditional conclusion rests on. */
export function premiseWords({ premises }: SourceRefusal): string | undefined {
  return premises.length === 0 ? undefined : `This holds if ${premises.join(", and if ")}.`;
}

/** Every line of the evidence: the settings, the rule and route of the way back, the packets. */
export function refusalPlaces({ received, settings, validation }: SourceRefusal): RelatedPlace[] {
  const reverse = validation?.reverse ? decisionPlaces(validation.reverse) : [];
  return [
    ...settings.map((setting) => ({ place: setting.place, message: settingWords(setting) })),
    ...reverse.map((each) => ({ ...each, message: `Way back: ${each.message}` })),
    ...received.slice(0, packetsNamed).map(({ place, fate }) => ({
      place,
      message: fate === "refused" ? "The kernel says that it refused it" : "It came in here",
    })),
  ];
}
