/** A word of a policy verdict. */
export interface PolicyWord {
  /** Its number in the record; an action has none, it is told by the sign of the verdict and a flag for audit. */
  readonly code?: number;
  readonly name: string;
  /** A sentence. */
  readonly meaning: string;
  readonly since?: string;
}

export const policyVerdictSource =
  "pkg/monitor/datapath_policy.go and bpf/lib/policy_log.h, Cilium 1.7 to 1.19; pkg/policy (AuthType), Cilium 1.14 to 1.19";

/** How a rule matched, by the number that Hubble has for it (`policy_match_type`). */
export const policyMatches: readonly PolicyWord[] = [
  {
    code: 0,
    name: "none",
    meaning: "No rule matched: the packet falls to the default, which denies where any rule selects the pod.",
  },
  { code: 1, name: "L3-Only", meaning: "A rule matched by the peer's identity, whatever the port." },
  { code: 2, name: "L3-L4", meaning: "A rule matched by the peer's identity and by port and protocol." },
  { code: 3, name: "L4-Only", meaning: "A rule matched by port and protocol, whoever the peer is." },
  {
    code: 4,
    name: "all",
    meaning: "An entry for everybody and every port matched, as there is where no policy is enforced.",
  },
  {
    code: 5,
    name: "L3-Proto",
    meaning: "A rule matched by the peer's identity and by protocol, whatever the port.",
    since: "1.13",
  },
  {
    code: 6,
    name: "Proto-Only",
    meaning: "A rule matched by protocol, whoever the peer and whatever the port.",
    since: "1.13",
  },
];

/** What was decided. */
export const policyActionWords: readonly PolicyWord[] = [
  { name: "allow", meaning: "The packet may go on." },
  { name: "deny", meaning: "The packet is dropped; a drop event of the same packet follows." },
  {
    name: "redirect",
    meaning: "The packet goes to the L7 proxy, which decides further; a to-proxy event follows.",
  },
  {
    name: "audit",
    meaning: "The packet would be denied, but the policy is in audit mode and lets it pass.",
    since: "1.8",
  },
];

/** Which authentication the rule asks for. */
export const policyAuthTypes: readonly PolicyWord[] = [
  { code: 0, name: "disabled", meaning: "The rule asks for no authentication.", since: "1.14" },
  { code: 1, name: "spire", meaning: "The rule asks for mutual authentication by SPIRE.", since: "1.14" },
  {
    code: 2,
    name: "test-always-fail",
    meaning: "A test setting with which every authentication fails.",
    since: "1.14",
  },
];

/** The entry of a table by its name. */
export function findPolicyWord(table: readonly PolicyWord[], name: string): PolicyWord | undefined {
  return table.find((word) => word.name === name);
}
