import type { CaseNode } from "../../case/case.js";
import { fibOf } from "../../fib/fibOf.js";
import { type SourceDrop, type SourceValidation, validateSource } from "../../fib/validateSource.js";
import type { SysctlValue } from "../../iproute/section.js";
import { deviceSysctl, sysctlNumber } from "../../state/deviceSysctl.js";
import { setSysctl } from "../../state/editSysctls.js";
import type { NodeState } from "../../state/nodeState.js";
import { withUsualRules } from "../rules/usualRules.js";
import { weighsOn } from "../shadowing/weighsOn.js";
import { type Received, receivedPackets } from "./receivedPackets.js";

export type RefusedSource = Extract<SourceValidation, { type: "drop" }>;

/** Packets that came in by one device and whose source the kernel refuses there for one reason. */
export interface SourceRefusal {
  readonly device: string;
  /** Surest first. None where all that pods send by the device would be refused, and no capture shows any. */
  readonly received: readonly Received[];
  /** Why, by the dumps; of the first packet. Absent where only the kernel's log says that it refused. */
  readonly validation?: RefusedSource;
  /** The dumped values that decide, the one in effect first. */
  readonly settings: readonly SysctlValue[];
  /** What was taken to be so without a dump that shows it: clauses behind "if". */
  readonly premises: readonly string[];
}

const reversePath: ReadonlySet<SourceDrop> = new Set<SourceDrop>(["strict-reverse-path", "no-reverse-path"]);

/** Whether rp_filter refused. */
export function isReversePath({ validation }: SourceRefusal): boolean {
  return validation !== undefined && reversePath.has(validation.reason);
}

/** The values of a setting for all devices and for one of them, as they were dumped, higher first: that one counts. */
export function settingsOf(state: NodeState, device: string, name: string): SysctlValue[] {
  const keys = [device, device.replaceAll(".", "/"), "all"].map((spelt) => `net.ipv4.conf.${spelt}.${name}`);
  return [...new Set(keys)]
    .flatMap((key) => state.sysctls.get(key) ?? [])
    .sort((a, b) => (sysctlNumber(state, b.key) ?? 0) - (sysctlNumber(state, a.key) ?? 0));
}

interface Judgement {
  readonly validation?: RefusedSource;
  readonly premises: readonly string[];
}

/** What source validation answers; where rp_filter is not known, what it would answer if it were strict. */
function judge(state: NodeState, { packet, fate }: Received): Judgement | undefined {
  const validation = validateSource(fibOf(state, 4), packet);
  if (validation.type === "drop") return { validation, premises: [] };
  const { all, device } = deviceSysctl(state, 4, packet.iif, "rp_filter");
  // Captures that show little would make it a guess for every packet that a pod sends.
  if (validation.type === "ok" || fate === "unseen" || (all !== undefined && device !== undefined)) return undefined;
  const strict = strictly(state, packet.iif);
  const assumed = validateSource(fibOf(strict, 4), packet);
  if (assumed.type !== "drop" || !reversePath.has(assumed.reason)) return undefined;
  return { validation: assumed, premises: [`rp_filter of ${packet.iif} or of \`all\` is 1 (strict)`] };
}

/** The node with an rp_filter where none was dumped: the device's own, else that of all devices. The higher one counts. */
function withValues(state: NodeState, device: string, value: string): NodeState {
  const { all, device: own } = deviceSysctl(state, 4, device, "rp_filter");
  const key = (spelt: string) => `net.ipv4.conf.${spelt}.rp_filter`;
  const withAll = all === undefined ? setSysctl(state, key("all"), own === undefined ? "0" : value) : state;
  return own === undefined ? setSysctl(withAll, key(device), value) : withAll;
}

const strictStates = new WeakMap<NodeState, Map<string, NodeState>>();

/** The node as it were with a strict rp_filter on a device; made once for each, so that its look-ups are compiled once. */
function strictly(state: NodeState, device: string): NodeState {
  const known = strictStates.get(state) ?? new Map<string, NodeState>();
  const strict = known.get(device) ?? withValues(state, device, "1");
  strictStates.set(state, known.set(device, strict));
  return strict;
}

function findRefusals(node: CaseNode): SourceRefusal[] {
  const state = withUsualRules(node.state);
  const guessedRules = state === node.state ? [] : ["the rules are the usual three"];
  const groups = new Map<string, SourceRefusal>();
  for (const received of receivedPackets({ ...node, state })) {
    const { iif } = received.packet;
    const judged = judge(state, received);
    if (!judged && received.fate !== "refused") continue;
    const { validation, premises = [] } = judged ?? {};
    const reverse = validation?.reverse?.type === "route" ? validation.reverse.route.place.start : undefined;
    const key = `${iif}|${validation?.reason}|${reverse}`;
    const known = groups.get(key);
    groups.set(
      key,
      known
        ? { ...known, received: [...known.received, received] }
        : {
            device: iif,
            received: [received],
            ...(validation ? { validation } : {}),
            settings: settingsOf(state, iif, "rp_filter"),
            premises: [
              ...guessedRules,
              ...premises,
              ...(validation?.assumptions ?? []).filter(weighsOn).map(({ text }) => text),
            ],
          },
    );
  }
  return [...groups.values()];
}

const refusals = new WeakMap<CaseNode, readonly SourceRefusal[]>();

/** The packets of a node's captures and logs whose source its dumps say, or its log, that the kernel refuses. */
export function sourceRefusals(node: CaseNode): readonly SourceRefusal[] {
  const known = refusals.get(node) ?? findRefusals(node);
  refusals.set(node, known);
  return known;
}
