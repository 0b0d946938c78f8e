import { describeIdentity, parseIdentity } from "../../cilium/identities.js";
import {
  findPolicyWord,
  policyActionWords,
  policyAuthTypes,
  policyMatches,
  policyVerdictSource,
} from "../../cilium/policyVerdicts.js";
import type { PolicyVerdictEvent } from "../../monitor/event.js";
import { ipProtocolName } from "../../monitor/ipProtocols.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

/** The fields of a policy verdict's line (pkg/monitor/datapath_policy.go: DumpInfo), by the names that `textFieldAt` gives them. */
export function explainVerdictField(event: PolicyVerdictEvent, field: EventField): FieldExplanation | undefined {
  const sources = [policyVerdictSource];
  const value = field.value ?? "";
  switch (field.path[0]) {
    case "endpoint":
      return {
        sentences: [
          `Endpoint ${event.endpoint} is the one whose policy was asked: the receiver on the way in, the sender on the way out; for the host firewall it is the node's own endpoint.`,
        ],
        notes: ["Endpoint ids are numbers of this node only; `cilium endpoint list` shows them."],
        sources,
      };
    case "remoteID": {
      const id = parseIdentity(event.remoteIdentity);
      const end = event.direction === "ingress" ? "source" : "destination";
      return {
        sentences: [
          `The security identity of the other end, the packet's ${end}${id === undefined ? "." : `: ${describeIdentity(id).meaning}.`}`,
        ],
        notes:
          id === 2
            ? [
                "For the address of a pod or node, world means that its identity was lost: by NAT, a changed fwmark, or an ipcache that is not up to date.",
              ]
            : [],
        sources,
      };
    }
    case "dstPort":
      return { sentences: ["The destination port; 1.7 alone printed it here."], sources };
    case "proto":
      return {
        sentences: [`The IP protocol: ${/^\d{1,3}$/.test(value) ? ipProtocolName(Number(value)) : value}.`],
        sources,
      };
    case "direction":
      return {
        sentences: [
          event.direction === "ingress"
            ? "The policy for what comes in to the endpoint was asked."
            : "The policy for what goes out of the endpoint was asked.",
        ],
        sources,
      };
    case "action":
      return word(findPolicyWord(policyActionWords, event.action)?.meaning, sources);
    case "auth":
      return word(findPolicyWord(policyAuthTypes, event.auth ?? "")?.meaning, sources);
    case "match":
      return word(findPolicyWord(policyMatches, event.match)?.meaning, sources);
    default:
      return undefined;
  }
}

function word(meaning: string | undefined, sources: readonly string[]): FieldExplanation {
  return { sentences: [meaning ?? "No version of Cilium known here has this word."], sources };
}
