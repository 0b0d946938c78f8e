import { ruleOwner } from "../../cilium/ruleOwners.js";
import type { ChangedRegion } from "../../fib/comparison/changedRegions.js";
import { regionWords } from "../../fib/comparison/regionWords.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import { flowWords } from "../../fib/flowWords.js";
import { isWorse, type NodeDifference } from "../../findings/changes/nodeDifference.js";
import { tableWord } from "../../iproute/names.js";
import { printRoute } from "../../iproute/printRoute.js";
import { printRule } from "../../iproute/printRule.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Link } from "../../iproute/section.js";
import { formatAddress } from "../../net/address.js";
import type { Place } from "../../text/span.js";

/** A line of a difference: gone, new, or changed, and where it stands. */
export interface DiffLine {
  readonly sign: "-" | "+" | "~";
  readonly text: string;
  readonly place: Place;
  /** Who makes such a rule, where that is known. */
  readonly owner?: string;
}

/** Lines of one kind: rules of a family, routes of a table, devices ... */
export interface DiffGroup {
  readonly title: string;
  readonly lines: readonly DiffLine[];
}

/** What came, went or changed, by kind. Groups without a line are left out. */
export function diffGroups({ changes }: NodeDifference): DiffGroup[] {
  const { rules, tables, links, addresses, sysctls } = changes;
  const groups: DiffGroup[] = [
    ...Object.entries(rules).map(([family, { gone, come, moved }]) => ({
      title: `IPv${family} rules`,
      lines: [
        ...gone.map((rule) => ruleLine("-", rule)),
        ...come.map((rule) => ruleLine("+", rule)),
        ...moved.map(({ before, after }) => movedLine(before, after)),
      ],
    })),
    ...tables.map(({ family, table, gone, come, moved }) => ({
      title: `IPv${family} routes of table ${tableWord(table)}`,
      lines: [
        ...gone.map((route) => routeLine("-", route)),
        ...come.map((route) => routeLine("+", route)),
        ...moved.map(({ after }) => ({ ...routeLine("~", after), text: `${routeText(after)} (at another place)` })),
      ],
    })),
    {
      title: "Devices",
      lines: [
        ...links.gone.map(({ name, place }): DiffLine => ({ sign: "-", text: name, place })),
        ...links.come.map(({ name, place }): DiffLine => ({ sign: "+", text: name, place })),
        ...links.changed.map(
          ({ before, after }): DiffLine => ({
            sign: "~",
            text: `${after.name}: ${linkWords(before)} > ${linkWords(after)}`,
            place: after.place,
          }),
        ),
      ],
    },
    {
      title: "Addresses",
      lines: (["gone", "come"] as const).flatMap((side) =>
        addresses[side].map(
          ({ link, address: { address, prefixLength, place } }): DiffLine => ({
            sign: side === "gone" ? "-" : "+",
            text: `${formatAddress(address)}/${prefixLength} dev ${link.name}`,
            place,
          }),
        ),
      ),
    },
    {
      title: "Settings",
      lines: sysctls.map(
        ({ before, after }): DiffLine => ({
          sign: "~",
          text: `${after.key}: ${before.value.trim()} > ${after.value.trim()}`,
          place: after.place,
        }),
      ),
    },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

function ruleLine(sign: "-" | "+", rule: Rule): DiffLine {
  return { sign, text: ruleText(rule), place: rule.place, ...ownerOf(rule) };
}

function movedLine(before: Rule, after: Rule): DiffLine {
  const how =
    before.priority === after.priority
      ? "at another place among those of its priority"
      : `priority was ${before.priority}`;
  return { sign: "~", text: `${ruleText(after)} (${how})`, place: after.place, ...ownerOf(after) };
}

function ownerOf(rule: Rule): { readonly owner?: string } {
  const found = ruleOwner(rule);
  return found && found.confidence !== "possible" ? { owner: found.owner } : {};
}

function ruleText(rule: Rule): string {
  return printRule(rule).replace("\t", " ");
}

function routeLine(sign: DiffLine["sign"], route: Route): DiffLine {
  return { sign, text: routeText(route), place: route.place };
}

/** The group's title names the table. */
function routeText(route: Route): string {
  return printRoute({ ...route, table: { id: 254 } }).replaceAll("\n\t", " ");
}

function linkWords({ flags, state, master }: Link): string {
  const words = [
    flags.length === 0 ? (state ?? "") : flags.includes("UP") ? "up" : "down",
    flags.includes("NO-CARRIER") ? "no carrier" : "",
    master === undefined ? "" : `part of ${master}`,
  ];
  return words.filter((word) => word !== "").join(", ") || "as it was";
}

/** A region of flows in words: which flows, an example, and its answer in both states. */
export interface RegionStory {
  readonly flows: string;
  readonly example: string;
  readonly before: string;
  readonly after: string;
  /** The node misses packets for itself, a route is lost, or pods are not reached any more. */
  readonly worse: boolean;
}

/** A changed region in words. */
export function explainRegion(region: ChangedRegion): RegionStory {
  return {
    flows: regionWords(region),
    example: flowWords(region.flow),
    before: wordsForDecision(region.before),
    after: wordsForDecision(region.after),
    worse: isWorse(region),
  };
}

/** More regions than this are counted in text; JSON has all. */
const shownRegions = 25;

/** The flows that change, in lines of plain text. */
export function regionLines({ regions, complete, premises, changes }: NodeDifference): string[] {
  const provided = premises.length > 0 ? `, provided that ${premises.join(" and ")}` : "";
  const title =
    regions.length === 0
      ? complete
        ? `No flow changes${provided}: every kind of flow that rules and routes tell apart is treated as before.`
        : "Which flows change is not known: the rules are not in both states."
      : `Flows that change, ${regions.length} ${regions.length === 1 ? "region" : "regions"}${provided}:`;
  const hidden = regions.length - shownRegions;
  return [
    title,
    ...regions.slice(0, shownRegions).flatMap((region) => {
      const { flows, example, before, after, worse } = explainRegion(region);
      return [
        `${worse ? "!" : " "} ${flows}`,
        `    such as ${example}`,
        `    before: ${before}`,
        `    after:  ${after}`,
      ];
    }),
    ...(hidden > 0 ? [`  ... and ${hidden} more; --json lists all.`] : []),
    ...(complete || regions.length === 0 ? [] : ["  Not all flows were compared: the states differ in too many ways."]),
    ...(changes.unknown.length > 0 ? [`Only one of the two shows, or not whole: ${changes.unknown.join(", ")}.`] : []),
  ];
}

/** Who usually does such a thing, in lines of plain text. */
export function causeLines({ causes }: NodeDifference): string[] {
  if (causes.length === 0) return [];
  return [
    "Who usually does such a thing:",
    ...causes.flatMap(({ who, text, check, source }) => [`  ${who}: ${text}`, `    ${check}. (${source})`]),
  ];
}
