import type { CaseNode } from "../../case/case.js";
import { isCniDevice } from "../../cilium/devices.js";
import type { Place } from "../../text/span.js";
import type { Finding, FindingKind } from "../finding.js";
import { podDeviceRefusals } from "./podDeviceRefusals.js";
import { proxyRefusals } from "./proxyRefusals.js";
import { refusalFinding } from "./refusalFinding.js";
import { packetWords, refusesWord, settingWords } from "./refusalWords.js";
import { isReversePath, type SourceRefusal, sourceRefusals } from "./sourceRefusal.js";

const modes = ["off", "strict", "loose"];

/** The setting that has to change, or the way back that has to. */
function placeOf({ settings, validation, received }: SourceRefusal): Place | undefined {
  const route = validation?.reverse?.type === "route" ? validation.reverse.route.place : undefined;
  return settings.find(({ value }) => Number(value) > 0)?.place ?? route ?? received[0]?.place;
}

function remedyWords({ device, validation }: SourceRefusal): string {
  const looser =
    validation?.reason === "strict-reverse-path"
      ? "1 (strict) wants the way back by the same device, 2 (loose) any way back"
      : undefined;
  const owned = isCniDevice(device)
    ? "systemd-udevd sets it for each new device, so the change belongs in the last file of /etc/sysctl.d"
    : undefined;
  const check = "`nstat -az TcpExtIPReversePathFilter` counts such packets";
  return [looser, owned, check]
    .filter((words) => words !== undefined)
    .join("; ")
    .concat(".");
}

function findingFor(refusal: SourceRefusal): Finding | undefined {
  const { device, settings, validation } = refusal;
  const place = placeOf(refusal);
  if (!place || !validation) return undefined;
  const [deciding] = settings;
  const mode = deciding && modes[Number(deciding.value)];
  const by =
    deciding && mode ? `: ${settingWords(deciding)} (${mode}); of \`all\` and the device the higher one counts` : "";
  return refusalFinding("rp-filter-drop", refusal, {
    place,
    opening: `rp_filter ${refusesWord(refusal)} the packets ${packetWords(refusal)} that come in by ${device}${by}.`,
    remedy: remedyWords(refusal),
  });
}

/** The reverse-path filter refuses what comes in. */
export const rpFilterDrop: FindingKind = {
  code: "rp-filter-drop",
  defaultSeverity: "warning",
  meaning:
    "The reverse-path filter (rp_filter) refuses packets that come in by a device: the way back to their source leaves by another one, or there is none. Names the setting, the route and the rule.",
  silentWhen: [
    "No packet is known to have come in by the device, and it is not a pod's.",
    "The packet is seen again behind the check, or is answered: the settings are of another moment, or BPF took it past the check.",
    "rp_filter is not known, and even a strict one would accept the packet, or the capture would not show the packet again in any case.",
    "Without the kernel's word, what is not dumped (a setting, the rules) makes it an information.",
    "What only tcpdump saw is an information as well where it was answered, was not for the node itself, or BPF of Cilium or Calico may take it past the kernel's check.",
  ],
  example: `IPv4: martian source 10.3.1.200 from 10.3.1.83, on dev lxc0123456789ab
net.ipv4.conf.lxc0123456789ab.rp_filter = 2
10.3.1.0/24 via 10.3.1.200 dev cilium_host`,
  check: (node: CaseNode) =>
    [...[...sourceRefusals(node), ...proxyRefusals(node)].filter(isReversePath), ...podDeviceRefusals(node)].flatMap(
      (refusal) => findingFor(refusal) ?? [],
    ),
};
