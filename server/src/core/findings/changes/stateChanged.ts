import type { CaseNode } from "../../case/case.js";
import { isPodDevice } from "../../cilium/devices.js";
import type { ChangedRegion } from "../../fib/comparison/changedRegions.js";
import { regionWords } from "../../fib/comparison/regionWords.js";
import type { Decision } from "../../fib/decision.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import { tableWord } from "../../iproute/names.js";
import { familyBits } from "../../net/address.js";
import { firstForwarding } from "../../path/flowAtRouting.js";
import { lookupRouted } from "../../path/routedPacket.js";
import type { NodeState } from "../../state/nodeState.js";
import { type StateAt, successiveStates } from "../../state/successiveStates.js";
import type { Place } from "../../text/span.js";
import type { Finding, FindingKind, RelatedPlace } from "../finding.js";
import { compareNodes, isSame, leadsToPods, type NodeDifference } from "./nodeDifference.js";

/** The states of the node before and after each repeated dump within one file: there, and only there, the order of time is certain. */
function successions({ name, files }: CaseNode): (readonly [earlier: StateAt, later: StateAt])[] {
  return files.flatMap(({ file, transcript }) => {
    if (successiveStates(name, [transcript]).length === 0) return [];
    const others = files.filter((other) => other.file !== file).map((other) => other.transcript);
    const states = successiveStates(name, [...others, transcript]).filter(({ place }) => place.file === file);
    return states.slice(1).flatMap((later, at) => {
      const earlier = states[at];
      return earlier ? [[earlier, later] as const] : [];
    });
  });
}

function counted(count: number, noun: string, what: string): string[] {
  const plural = noun.endsWith("s") ? "es" : "s";
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : plural} ${what}`];
}

/** `2 IPv4 rules gone, 1 moved; 3 routes of table main new`. */
function listWords({ changes }: NodeDifference): string {
  const { rules, tables, links, addresses, sysctls } = changes;
  return [
    ...Object.entries(rules).flatMap(([family, { gone, come, moved }]) => [
      ...counted(gone.length, `IPv${family} rule`, "gone"),
      ...counted(come.length, `IPv${family} rule`, "new"),
      ...counted(moved.length, `IPv${family} rule`, "moved"),
    ]),
    ...tables.flatMap(({ table, gone, come, moved }) => [
      ...counted(gone.length, "route", `of table ${tableWord(table)} gone`),
      ...counted(come.length, "route", `of table ${tableWord(table)} new`),
      ...counted(moved.length, "route", `of table ${tableWord(table)} moved`),
    ]),
    ...counted(links.gone.length, "device", "gone"),
    ...counted(links.come.length, "device", "new"),
    ...counted(links.changed.length, "device", "changed"),
    ...counted(addresses.gone.length, "address", "gone"),
    ...counted(addresses.come.length, "address", "new"),
    ...counted(sysctls.length, "setting", "changed"),
  ].join(", ");
}

/** Earlier and later lines, the gone ones first. */
function changedLines({ changes }: NodeDifference) {
  const { rules, tables, links, addresses, sysctls } = changes;
  const lists = [...Object.values(rules), ...tables];
  const placed = (list: readonly { readonly place: Place }[]) => list.map(({ place }) => place);
  return {
    gone: [
      ...lists.flatMap(({ gone }) => placed(gone)),
      ...placed(links.gone),
      ...placed(addresses.gone.map(({ address }) => address)),
    ],
    come: [
      ...lists.flatMap(({ come, moved }) => [...placed(come), ...placed(moved.map(({ after }) => after))]),
      ...placed(links.come),
      ...placed(links.changed.map(({ after }) => after)),
      ...placed(addresses.come.map(({ address }) => address)),
      ...placed(sysctls.map(({ after }) => after)),
    ],
  };
}

/** The head of the later dump that lacks something: of the rules, else of the routes, else of the devices. */
function headOf({ files }: CaseNode, { place }: StateAt, { changes }: NodeDifference): Place {
  const kind = Object.values(changes.rules).some(({ gone }) => gone.length > 0)
    ? "rules"
    : changes.tables.length > 0
      ? "routes"
      : "links";
  const sections = files.find(({ file }) => file === place.file)?.transcript.sections ?? [];
  const section = sections.find((each) => each.kind === kind && each.place.start >= place.start);
  return section?.command?.place ?? section?.place ?? place;
}

/** A way to more than one pod is lost: a route to a single one goes with its pod, which is the CNI's daily work. */
function losesPods({ before, after }: Pick<ChangedRegion, "before" | "after">): boolean {
  if (before.type !== "route" || after.type === "missing" || after.type === "branch") return false;
  const { dst, nexthops } = before.route;
  const single = dst.length === familyBits(dst.family) && nexthops.some(({ dev }) => isPodDevice(dev ?? ""));
  return leadsToPods(before) && !single && !leadsToPods(after);
}

/** More captured packets than this are not looked up in both states. */
const packetLimit = 500;

function capturedLoss(
  node: CaseNode,
  before: NodeState,
  after: NodeState,
): { before: Decision; after: Decision } | undefined {
  for (const { packet } of node.traces.slice(0, packetLimit)) {
    const routed = firstForwarding(node.context, packet);
    if (!routed) continue;
    const effect = { before: lookupRouted(before, routed), after: lookupRouted(after, routed) };
    if (losesPods(effect) || (effect.before.type === "route" && effect.after.type === "error")) return effect;
  }
  return undefined;
}

function isWhole({ changes, complete }: NodeDifference): boolean {
  return complete && changes.unknown.length === 0;
}

const shownLines = 8;

function findingFor(node: CaseNode, earlier: StateAt, later: StateAt): Finding | undefined {
  const difference = compareNodes(earlier.state, later.state);
  if (isSame(difference)) return undefined;
  const { regions, causes, premises } = difference;
  const { gone, come } = changedLines(difference);
  const inFile = (place: Place) => place.file === later.place.file;
  const lost = regions.find(losesPods);
  const packet = capturedLoss(node, earlier.state, later.state);
  const grave = isWhole(difference) && premises.length === 0 && (lost ?? packet) !== undefined;
  const known = regions.filter((region) => region.before.type !== "missing" && region.after.type !== "missing");
  const shown = lost ?? known[0];
  const unknown = regions.length - known.length;
  const sentences = [
    `This is dumped once more here, and it differs: ${listWords(difference)}. The later dump counts.`,
    ...(shown
      ? [
          `${known.length === 1 ? "Other ways are taken" : `${known.length} kinds of flows take other ways`}, such as ${regionWords(shown)}: before ${wordsForDecision(shown.before)}, now ${wordsForDecision(shown.after)}.`,
        ]
      : []),
    ...(unknown > 0 ? ["Of some flows it is not known, since not all tables were dumped."] : []),
    ...(packet
      ? [
          `A captured packet is among them: before ${wordsForDecision(packet.before)}, now ${wordsForDecision(packet.after)}.`,
        ]
      : []),
    ...(premises.length > 0 ? [`This holds provided that ${premises.join(" and ")}.`] : []),
    ...causes.slice(0, 1).map(({ who }) => `${who} usually does such a thing; \`packetwalk diff\` tells more.`),
  ];
  const related: RelatedPlace[] = [
    ...gone.slice(0, shownLines).map((place) => ({ place, message: "Gone in the later dump" })),
    ...come.slice(1, shownLines).map((place) => ({ place, message: "New or moved in the later dump" })),
  ];
  return {
    code: "state-changed",
    severity: grave ? "warning" : "information",
    confidence: isWhole(difference) && premises.length === 0 ? "confirmed" : "conditional",
    place: come.find(inFile) ?? headOf(node, later, difference),
    message: sentences.join(" "),
    related,
    data: { code: "state-changed", difference },
  };
}

/** The same thing is dumped twice in one file, and the two dumps differ. */
export const stateChanged: FindingKind = {
  code: "state-changed",
  defaultSeverity: "information",
  meaning:
    "The same rules, routes or devices are dumped twice in one file and differ: what came or went, which flows change by it, and who usually does such a thing. A warning where the way to pods is lost.",
  silentWhen: [
    "The two dumps stand in different files: which one is later is not known. `packetwalk diff A B` compares them.",
    "The later list is a quotation of a few lines, filtered or cut.",
    "A route or rule of a single pod is gone with its pod: an information, never a warning.",
  ],
  example: `$ ip rule
9:      from all fwmark 0x200/0xf00 lookup 2004
100:    from all lookup local
32766:  from all lookup main
$ systemctl restart systemd-networkd
$ ip rule
0:      from all lookup local
32766:  from all lookup main`,
  check: (node: CaseNode) => successions(node).flatMap(([earlier, later]) => findingFor(node, earlier, later) ?? []),
};
