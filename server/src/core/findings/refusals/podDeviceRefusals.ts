import type { CaseNode } from "../../case/case.js";
import { isPodDevice } from "../../cilium/devices.js";
import { fibOf } from "../../fib/fibOf.js";
import { forwardedFlow } from "../../fib/flow.js";
import { validateSource } from "../../fib/validateSource.js";
import type { Route } from "../../iproute/route.js";
import type { Address } from "../../net/address.js";
import { firstAddress } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";
import { withUsualRules } from "../rules/usualRules.js";
import { weighsOn } from "../shadowing/weighsOn.js";
import { type SourceRefusal, settingsOf, sourceRefusals } from "./sourceRefusal.js";

const ownSetting = /^net\.ipv4\.conf\.([^.]{1,15})\.rp_filter$/;

/** So many settings are pointed at, of a node with hundreds of pods. */
const settingsNamed = 10;

/** The devices of pods whose rp_filter was dumped. */
function podDevices({ sysctls }: NodeState): string[] {
  return [...sysctls.keys()].flatMap((key) => {
    const device = ownSetting.exec(key)?.[1];
    return device !== undefined && isPodDevice(device) ? [device] : [];
  });
}

/** The route that leads to all pods of the node together, by cilium_host, with the address of the node's end. */
function podRoute(routes: readonly Route[]): { readonly pod: Address; readonly router: Address } | undefined {
  for (const { type, dst, nexthops, src } of routes) {
    if (type !== "unicast" || dst.length === 0 || dst.length > 30 || !src) continue;
    if (nexthops.length === 1 && nexthops[0]?.dev === "cilium_host") {
      const first = firstAddress(dst);
      return { pod: { ...first, value: first.value + 1n }, router: src };
    }
  }
  return undefined;
}

/**
 * Pods' devices whose rp_filter refuses all that the pods behind them send to the kernel's stack: the way back to any of them is
 * cilium_host. Only where no capture is there to show it, and as one refusal, on the first of the devices.
 */
export function podDeviceRefusals(node: CaseNode): SourceRefusal[] {
  const { context, state: dumped } = node;
  const devices = context.captures.length > 0 ? [] : podDevices(dumped);
  if (devices.length === 0) return [];
  const state = withUsualRules(dumped);
  const routes = [...state.families[4].tables.values()].flatMap((table) => table.routes);
  const ends = podRoute(routes);
  if (!ends) return [];
  const routed = new Set(routes.flatMap(({ nexthops }) => nexthops.map(({ dev }) => dev)));
  const flow = forwardedFlow({ src: ends.pod, dst: ends.router });
  const reported = new Set(sourceRefusals(node).map(({ device }) => device));
  const refusing = devices
    .filter((device) => !routed.has(device) && !reported.has(device))
    .map((device) => ({
      device,
      settings: settingsOf(state, device, "rp_filter"),
      validation: validateSource(fibOf(state, 4), { ...flow, src: ends.pod, iif: device, leavesBy: null }),
    }));
  const [first, ...others] = refusing.filter(({ validation }) => validation.type === "drop");
  if (first?.validation.type !== "drop") return [];
  return [
    {
      device: first.device,
      received: [],
      validation: first.validation,
      settings: [...first.settings, ...others.flatMap(({ settings }) => settings.slice(0, 1))].slice(0, settingsNamed),
      premises: [
        "Cilium uses the kernel's routing for the pods' packets (no BPF host routing)",
        ...(state === dumped ? [] : ["the rules are the usual three"]),
        ...first.validation.assumptions.filter(weighsOn).map(({ text }) => text),
      ],
    },
  ];
}
