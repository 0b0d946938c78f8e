import type { Rule } from "../../iproute/rule.js";

/**
 * The parts of a rule that not every form can say, by the words of `ip rule`. Variants that some programs refuse or drop have names of
 * their own: a mask, a zero under a mask, a group by its name.
 */
export function rulePartsOf(rule: Rule): string[] {
  const { from, to, fwmark, uidrange, sport, dport, suppressIfGroup, action } = rule;
  const parts: Readonly<Record<string, boolean>> = {
    "a priority that the kernel chooses": rule.priority < 0,
    not: rule.not,
    "neither from nor to": !from && !to,
    tos: rule.tos !== undefined,
    dscp: rule.dscp !== undefined,
    flowlabel: rule.flowlabel !== undefined,
    fwmark: fwmark !== undefined,
    "a mask of fwmark": fwmark !== undefined && fwmark.mask !== 0xffffffff,
    "fwmark 0": fwmark?.value === 0,
    iif: rule.iif !== undefined,
    oif: rule.oif !== undefined,
    l3mdev: rule.l3mdev !== undefined,
    uidrange: uidrange !== undefined,
    "uid 65535 at an end of uidrange": uidrange?.start === 0xffff || uidrange?.end === 0xffff,
    ipproto: rule.ipproto !== undefined,
    sport: sport !== undefined,
    dport: dport !== undefined,
    "a mask of ports": [sport, dport].some((selector) => selector && "mask" in selector),
    tun_id: rule.tunId !== undefined,
    suppress_prefixlength: rule.suppressPrefixLength !== undefined,
    suppress_ifgroup: suppressIfGroup !== undefined,
    "a group by its name": typeof suppressIfGroup === "string" && !/^\d+$/.test(suppressIfGroup),
    realms: rule.realms !== undefined,
    [action.type]: action.type !== "lookup",
  };
  return Object.keys(parts).filter((part) => parts[part]);
}

/** The parts that systemd-networkd and NetworkManager both can say. */
export const usualRuleParts: readonly string[] = [
  ...["not", "neither from nor to", "tos", "fwmark", "a mask of fwmark", "iif", "oif", "uidrange"],
  ...["ipproto", "sport", "dport", "suppress_prefixlength", "unreachable", "prohibit", "blackhole"],
];
