import type { MaskedValue } from "../net/maskedValue.js";
import { formatPrefix } from "../net/prefix.js";
import { dscpName, ipProtocolName, tableWord } from "./names.js";
import { formatHex } from "./number.js";
import type { NumberRange, Rule, RuleAction, RuleDevice } from "./rule.js";

/** Writes a masked value as iproute2 does: the mask is left out where it covers all of `fullMask`. */
function masked({ value, mask }: MaskedValue, fullMask: number): string {
  return mask === fullMask ? formatHex(value) : `${formatHex(value)}/${formatHex(mask)}`;
}

function ports(selector: NumberRange | MaskedValue): string {
  if ("mask" in selector) return `0x${selector.value.toString(16)}/0x${selector.mask.toString(16)}`;
  return selector.start === selector.end ? `${selector.start}` : `${selector.start}-${selector.end}`;
}

/** Writes a tos byte by its name in rt_dsfield, or as two hex digits. */
export function formatTos(tos: number): string {
  const name = (tos & 3) === 0 && tos !== 0 ? dscpName(tos >> 2) : undefined;
  return name ?? `0x${tos.toString(16).padStart(2, "0")}`;
}

function formatDscp(dscp: MaskedValue): string {
  if (dscp.mask !== 0x3f) return masked(dscp, 0x3f);
  return dscpName(dscp.value) ?? `${dscp.value}`;
}

function device({ name, detached }: RuleDevice, withState: boolean): string {
  return detached && withState ? `${name} [detached]` : name;
}

/** The parts of a rule's text, in iproute2's order. A part that a rule lacks is an empty list. */
export interface RuleParts {
  /** `not`, then `from` and `to`, which are always the first. */
  readonly addresses: readonly string[];
  readonly selectors: readonly string[];
  /** The action with what belongs to a look-up. */
  readonly action: readonly string[];
  readonly suppressors: readonly string[];
  readonly realms: readonly string[];
  readonly protocol: readonly string[];
  /** DSCP and flow label, which `ip` prints last. */
  readonly late: readonly string[];
}

function actionWords(action: RuleAction, withState: boolean): string {
  switch (action.type) {
    case "lookup":
      return action.table.id === undefined && action.table.name === undefined
        ? ""
        : `lookup ${tableWord(action.table)}`;
    case "goto":
      return `goto ${action.target ?? "none"}${action.unresolved && withState ? " [unresolved]" : ""}`;
    case "invalid":
      return action.words;
    default:
      return action.type;
  }
}

/**
 * Writes the parts of a rule. `withState` adds what only a listing shows: devices that are gone, targets that are missing,
 * and the l3mdev table in its brackets.
 */
export function ruleParts(rule: Rule, withState: boolean): RuleParts {
  const some = <T>(value: T | undefined, write: (value: T) => string): string[] =>
    value === undefined ? [] : [write(value)];
  return {
    addresses: [
      ...(rule.not ? ["not"] : []),
      `from ${rule.from ? formatPrefix(rule.from) : "all"}`,
      ...some(rule.to, (to) => `to ${formatPrefix(to)}`),
    ],
    selectors: [
      ...some(rule.tos, (tos) => `tos ${formatTos(tos)}`),
      ...some(rule.fwmark, (mark) => `fwmark ${masked(mark, 0xffffffff)}`),
      ...some(rule.iif, (iif) => `iif ${device(iif, withState)}`),
      ...some(rule.oif, (oif) => `oif ${device(oif, withState)}`),
      ...(rule.l3mdev ? [withState ? "lookup [l3mdev-table]" : "l3mdev"] : []),
      ...some(rule.uidrange, ({ start, end }) => `uidrange ${start}-${end}`),
      ...some(rule.ipproto, (number) => `ipproto ${ipProtocolName(number)}`),
      ...some(rule.sport, (sport) => `sport ${ports(sport)}`),
      ...some(rule.dport, (dport) => `dport ${ports(dport)}`),
      ...some(rule.tunId, (id) => `tun_id ${id}`),
    ],
    action: [actionWords(rule.action, withState)].filter((words) => words !== ""),
    suppressors: [
      ...some(rule.suppressPrefixLength, (length) => `suppress_prefixlength ${length}`),
      ...some(rule.suppressIfGroup, (group) => `suppress_ifgroup ${group === 0 ? "default" : group}`),
    ],
    realms: some(rule.realms, (realms) => `realms ${realms}`),
    protocol: some(rule.protocol, (protocol) => `proto ${protocol}`),
    late: [
      ...some(rule.dscp, (dscp) => `dscp ${formatDscp(dscp)}`),
      ...some(rule.flowlabel, (label) => `flowlabel ${masked(label, 0xfffff)}`),
    ],
  };
}

/**
 * Writes a rule as iproute2 7.1 lists it, without the line's end: `30000:<TAB>from 10.0.0.1 lookup 100`. Reading the result
 * gives the same rule, but for its places.
 */
export function printRule(rule: Rule): string {
  const { addresses, selectors, action, suppressors, realms, protocol, late } = ruleParts(rule, true);
  // Suppressors and realms follow the table; every other action stands behind them.
  const words =
    rule.action.type === "lookup" ? [...action, ...suppressors, ...realms] : [...suppressors, ...realms, ...action];
  return `${rule.priority}:\t${[...addresses, ...selectors, ...words, ...protocol, ...late].join(" ")}`;
}

/**
 * Writes the command that adds or deletes a rule, the priority last. A priority of -1 is left out: the kernel chooses one.
 * Deleting names every part, so that no other rule of the same priority can be meant.
 */
export function printRuleCommand(verb: "add" | "del", rule: Rule): string {
  const { addresses, selectors, action, suppressors, realms, protocol, late } = ruleParts(rule, false);
  const words = [
    rule.family === 6 ? "ip -6 rule" : "ip rule",
    verb,
    ...addresses,
    ...selectors,
    ...late,
    ...action,
    ...suppressors,
    ...realms,
    ...protocol,
    ...(rule.priority < 0 ? [] : [`priority ${rule.priority}`]),
  ];
  return words.join(" ");
}
