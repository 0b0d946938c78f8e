import type { CaseNode } from "../../case/case.js";
import type { ReadFile } from "../../case/readFile.js";
import { findDropReason } from "../../cilium/dropReasons.js";
import { fibResults } from "../../cilium/fibResults.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import type { PolicyVerdictEvent } from "../../monitor/event.js";
import { decisionPlaces } from "../decisionPlaces.js";
import { fieldPlace } from "../fieldPlace.js";
import type { Finding, FindingKind, RelatedPlace } from "../finding.js";
import { droppingEvents, lookupOf, verdictOf, verdictsByFlow } from "./dropEvidence.js";
import { dropExcuse } from "./dropExcuse.js";
import { type DropGroup, type DroppingEvent, groupDrops } from "./dropGroups.js";
import { droppedWords, sourceWords } from "./dropWords.js";

const policyDenied = 133;
const fibLookupFailed = 169;

/** What the files of a node tell about the drops of one of them. */
interface DropContext {
  readonly node: CaseNode;
  readonly verdicts: ReadonlyMap<string | undefined, readonly PolicyVerdictEvent[]>;
  /** Minor number of Cilium 1.x, where the capture shows it. */
  readonly version: number | undefined;
}

function findingFor(context: DropContext, group: DropGroup): Finding | undefined {
  const [first, ...others] = group.events;
  const { reason, extError } = group;
  const known = findDropReason(reason);
  if (!first || known?.handled) return undefined;
  const denied = known?.code === policyDenied;
  const fib = known?.code === fibLookupFailed;
  const result = fib ? fibResults.find(({ code }) => code === extError) : undefined;
  const decision = fib ? lookupOf(context.node, first) : undefined;
  const verdict = denied && first.type === "drop" ? verdictOf(context.verdicts, first) : undefined;
  const decided = first.type === "policy-verdict" ? first : verdict;
  const excuse = dropExcuse(group);
  const isReply = first.headers?.l4?.protocol === "tcp" && ["SYN", "ACK"].every((flag) => hasFlag(first, flag));
  const sentences = [
    `Cilium dropped ${droppedWords(group)}: ${reason}${extError === 0 ? "" : `, ${extError}`}.`,
    ...(result ? [] : [known ? known.cause : "No version of Cilium known here has this reason."]),
    ...(result ? [`The kernel's look-up answered ${result.name}: ${result.meaning}.`, result.check] : []),
    ...(decision ? [`By the dumps of this folder it comes to ${wordsForDecision(decision)}.`] : []),
    ...(decided ? [`The verdict at ${decided.direction} was ${decided.action}, match ${decided.match}.`] : []),
    ...(denied && isReply
      ? ["It answers a request, and answers need no rule: connection tracking here does not know the request."]
      : []),
    ...(known?.check && !excuse && !result ? [known.check] : []),
    ...(excuse ? [excuse] : []),
    ...[sourceWords(first, context.version)].filter((words) => words !== undefined),
  ];
  const last = others.at(-1);
  const related: RelatedPlace[] = [
    ...(last ? [{ place: last.place, message: `The last of ${group.events.length}` }] : []),
    ...(verdict ? [{ place: verdict.place, message: "The policy's verdict on it" }] : []),
    ...(decision ? decisionPlaces(decision) : []),
  ];
  return {
    code: "dropped-packet",
    severity: excuse ? "information" : "warning",
    confidence: "confirmed",
    place: fieldPlace(context.node, first.place, "reason"),
    message: sentences.join(" "),
    related,
    data: { code: "dropped-packet", group },
  };
}

function hasFlag({ headers }: DroppingEvent, flag: string): boolean {
  return headers?.l4?.protocol === "tcp" && headers.l4.flags.includes(flag);
}

function checkFile(node: CaseNode, file: ReadFile): Finding[] {
  const events = droppingEvents(file);
  if (events.length === 0) return [];
  const { since, until } = file.version;
  const version = since !== undefined && since === until ? since : undefined;
  const context: DropContext = { node, verdicts: verdictsByFlow(file), version };
  return groupDrops(events).flatMap((group) => findingFor(context, group) ?? []);
}

/** Cilium says that it dropped packets. */
export const droppedPacket: FindingKind = {
  code: "dropped-packet",
  defaultSeverity: "warning",
  meaning:
    "Cilium dropped the packet; says the reason in words, its usual cause, what to look at, and for a policy the verdict. Equal drops are one finding.",
  silentWhen: [
    "The capture has no drop event: a packet that the kernel lost, or the wire, leaves none.",
    "Link-local and multicast chatter, what a policy or service denies in so many words, and what is usual for a moment is only an information.",
    "A program took the packet and reports that like a drop, as it does with IGMP and multicast.",
  ],
  noFix:
    "What Cilium drops, its policies, services and programs decide, not the rules and routes that are simulated here; where the kernel's look-up refused, the finding about the rule has the fix.",
  example:
    "xx drop (Policy denied) flow 0x0 to endpoint 0, identity 4711->world: 10.3.1.83:40000 -> 192.0.2.7:80 tcp SYN",
  check: (node: CaseNode) => node.files.flatMap((file) => checkFile(node, file)),
};
