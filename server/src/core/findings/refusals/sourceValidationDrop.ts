import type { CaseNode } from "../../case/case.js";
import type { Place } from "../../text/span.js";
import type { Finding, FindingKind } from "../finding.js";
import { proxyRefusals } from "./proxyRefusals.js";
import { refusalFinding } from "./refusalFinding.js";
import { packetWords, refusesWord } from "./refusalWords.js";
import { isReversePath, type SourceRefusal, sourceRefusals } from "./sourceRefusal.js";

function placeOf({ settings, validation, received }: SourceRefusal): Place | undefined {
  const route = validation?.reverse?.type === "route" ? validation.reverse.route.place : undefined;
  const inFile = route?.file === "" ? undefined : route;
  return validation?.reason === "own-source"
    ? (settings[0]?.place ?? inFile ?? received[0]?.place)
    : received[0]?.place;
}

function remedyWords({ device, validation }: SourceRefusal): string {
  switch (validation?.reason) {
    case "own-source":
      return `See who else uses the address; \`net.ipv4.conf.${device}.accept_local = 1\` lets it in.`;
    case undefined:
      return "The dumps do not tell why: add `ip rule show`, `ip route show table all` and `sysctl -a` of the same moment.";
    default:
      return "See who sends such packets.";
  }
}

function findingFor(refusal: SourceRefusal): Finding | undefined {
  const place = placeOf(refusal);
  return (
    place &&
    refusalFinding("source-validation-drop", refusal, {
      place,
      opening: `The kernel ${refusesWord(refusal)} the source of the packets ${packetWords(refusal)} that come in by ${refusal.device}.`,
      remedy: remedyWords(refusal),
    })
  );
}

/** The kernel refuses a source for another reason than rp_filter. */
export const sourceValidationDrop: FindingKind = {
  code: "source-validation-drop",
  defaultSeverity: "warning",
  meaning:
    "The kernel refuses the source of packets that come in, and not because of rp_filter: it is one of the node's own addresses (also by src_valid_mark, with a rule for the fwmark), or no source a packet from outside can have.",
  silentWhen: [
    "No packet is known to have come in by the device.",
    "The packet is seen again behind the check, or is answered.",
    "Without the kernel's word, what is not dumped makes it an information.",
  ],
  example: `net.ipv4.conf.all.src_valid_mark = 1
9: from all fwmark 0x200/0xf00 lookup 2004
local default dev lo    (table 2004: with the proxy's fwmark, every source looks like an own address)`,
  check: (node: CaseNode) =>
    [...sourceRefusals(node), ...proxyRefusals(node)]
      .filter((refusal) => !isReversePath(refusal))
      .flatMap((refusal) => findingFor(refusal) ?? []),
};
