import type { SourceRefusal } from "../../findings/refusals/sourceRefusal.js";
import type { SysctlValue } from "../../iproute/section.js";
import { deviceSysctl } from "../../state/deviceSysctl.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import type { Change } from "../change.js";

const deviceKey = /^net\.ipv4\.conf\.(.+)\.rp_filter$/;

function change({ key, value }: SysctlValue, to: string): Change {
  return { type: "set-sysctl", key, value: to, before: value.trim() };
}

/** The dumped value of a setting under net.ipv4.conf, for all devices or one. */
function dumped(state: NodeState, device: string, name: string): SysctlValue | undefined {
  return state.sysctls.get(`net.ipv4.conf.${device}.${name}`);
}

/** The devices whose own rp_filter is lower than that of `all`, so that it is `all` that counts for them. */
function ruledByAll(state: NodeState, all: string): string[] {
  return [...state.sysctls.values()].flatMap(({ key, value }) => {
    const device = deviceKey.exec(key)?.[1];
    return device !== undefined && device !== "all" && device !== "default" && Number(value) < Number(all)
      ? [device]
      : [];
  });
}

/** Up to this many devices are named. */
const namedDevices = 8;

function listDevices(devices: readonly string[]): string {
  const more = devices.length - namedDevices;
  return `${devices.slice(0, namedDevices).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The devices that the node's routes or addresses name and whose own rp_filter no dump shows. */
function notDumped(state: NodeState): string[] {
  const tables = [...state.families[4].tables.values()];
  const named = tables.flatMap(({ routes }) =>
    routes.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? [])),
  );
  return [...new Set([...state.links.keys(), ...named])].filter(
    (device) => device !== "lo" && deviceSysctl(state, 4, device, "rp_filter").device === undefined,
  );
}

/** For which other devices it makes a difference that `all` is lower, sentences. */
function wordsForOthers(state: NodeState, device: string, all: string): string {
  const lowered = ruledByAll(state, all).filter((name) => name !== device);
  const open = notDumped(state).filter((name) => name !== device);
  const known = lowered.length > 0 ? [`That lowers it for ${listDevices(lowered)}, too.`] : [];
  const unknown =
    open.length > 0 ? [`Whether it does for ${listDevices(open)} no dump tells: \`sysctl -a\` would.`] : [];
  const words = [...known, ...unknown].join(" ");
  return words === "" ? "No other device of the dump relies on it." : words;
}

/** rp_filter of the device alone to loose: whatever `all` is, the higher of the two counts, and loose is the highest. */
export function looseReversePath(state: NodeState, { device }: SourceRefusal): Candidate | undefined {
  const own = dumped(state, device, "rp_filter");
  if (!own || Number(own.value) === 2) return undefined;
  return {
    kind: "loose-rp-filter",
    title: `Let ${device} take packets whose way back leaves by any device (rp_filter 2)`,
    changes: [change(own, "2")],
    notes: [
      "Of `all` and the device the higher value counts, and 2 is the highest: no other device changes.",
      "Loose mode still refuses sources to which there is no way back at all, and no longer those that should have come by another device.",
    ],
  };
}

/** rp_filter off, for the device and, where its value counts, for `all`. */
export function noReversePath(state: NodeState, { device, settings }: SourceRefusal): Candidate | undefined {
  const deciding = settings.filter(({ key, value }) => deviceKey.test(key) && Number(value) > 0);
  const all = deciding.find(({ key }) => key === "net.ipv4.conf.all.rp_filter");
  if (deciding.length === 0 || !dumped(state, device, "rp_filter")) return undefined;
  return {
    kind: "no-rp-filter",
    title: `Do not check the way back of what comes in by ${device} (rp_filter 0)`,
    changes: deciding.map((setting) => change(setting, "0")),
    notes: [
      all
        ? `Of \`all\` and the device the higher value counts, so \`all\` must be 0 as well. ${wordsForOthers(state, device, all.value)}`
        : "`all` is 0 already, so the device's own value counts.",
      "A device that comes later gets the value of `net.ipv4.conf.default.rp_filter`, or what a file of sysctl.d says of names like it.",
    ],
  };
}

/** Sources that are the node's own are accepted by the device. */
export function acceptLocal(state: NodeState, { device }: SourceRefusal): Candidate | undefined {
  const own = dumped(state, device, "accept_local");
  if (!own || Number(own.value) !== 0) return undefined;
  return {
    kind: "accept-local",
    title: `Let ${device} take packets that bear an address of this node (accept_local 1)`,
    changes: [change(own, "1")],
    notes: ["Such packets may be forged: do this only where the device is a pod's or a tunnel's."],
  };
}

/** The way back is looked up with the packet's fwmark, or without it: by the device, and by `all` where that says otherwise. */
export function sourceValidMark(state: NodeState, { device }: SourceRefusal, on: boolean): Candidate | undefined {
  const values = [dumped(state, device, "src_valid_mark"), dumped(state, "all", "src_valid_mark")];
  const [own] = values;
  const wanted = on ? [own] : values;
  const changes = wanted.flatMap((setting) =>
    setting && Number(setting.value) !== Number(on) ? [change(setting, on ? "1" : "0")] : [],
  );
  if (!own || changes.length === 0) return undefined;
  return {
    kind: on ? "src-valid-mark" : "no-src-valid-mark",
    title: on
      ? `Look up the way back of what comes in by ${device} with its fwmark (src_valid_mark 1)`
      : `Look up the way back of what comes in by ${device} without its fwmark (src_valid_mark 0)`,
    changes,
    notes: [
      on
        ? "The setting is on where `all` or the device says so; the device alone is enough."
        : "The setting is on where `all` or the device says so. VPNs such as Tailscale set it for their own packets: see to them first.",
    ],
  };
}
