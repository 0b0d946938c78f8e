import { bpfSourceFileMeaning, bpfSourceFileNames, bpfSourceFileSource } from "../../cilium/bpfSourceFiles.js";
import { dropReasonSource, findDropReason } from "../../cilium/dropReasons.js";
import { fibResultSource, fibResults } from "../../cilium/fibResults.js";
import type { DropEvent } from "../../monitor/event.js";
import { explainCommonField, explainIdentity } from "./explainCommonField.js";
import type { EventContext, EventField, FieldExplanation } from "./explainEventField.js";
import { explainTraceId } from "./explainTraceField.js";

const fibFailed = 169;
const authenticationRequired = 189;

/** The fields of drop messages (DropNotifyVerbose, pkg/monitor/datapath_drop.go). */
export function explainDropField(
  event: DropEvent,
  field: EventField,
  context: EventContext,
): FieldExplanation | undefined {
  const key = String(field.path[0]);
  switch (key) {
    case "reason":
      return explainReason(event);
    case "File":
      return explainFile(event, context);
    case "Line":
      return {
        sentences: [
          "The line of the BPF source file at which the drop was decided. Lines compare only within the very same version of Cilium.",
        ],
      };
    case "ExtError":
      return explainExtError(event);
    case "Ifindex":
      return {
        sentences: [
          event.ifindex
            ? `The number of the interface, ${event.ifindex}; \`ip link\` on the node tells its name. Drops print the number, traces the name.`
            : "No interface was named.",
        ],
      };
    case "srcLabel":
      return explainIdentity(event.srcIdentity, "source");
    case "dstLabel":
      return explainIdentity(event.dstIdentity, "destination");
    case "dstID":
      return {
        sentences: [
          event.dstEndpoint === 0
            ? "No endpoint of this node is the destination, or it was not known yet."
            : `The packet was for endpoint ${event.dstEndpoint} of this node.`,
        ],
      };
    case "IPTraceID":
      return explainTraceId(event.ipTraceId);
    default:
      return explainCommonField(event, key);
  }
}

function explainReason(event: DropEvent): FieldExplanation {
  const reason = findDropReason(event.reason);
  if (!reason)
    return { sentences: ["No version of Cilium known here has this drop reason."], sources: [dropReasonSource] };
  const extended = explainExtError(event);
  return {
    sentences: [
      reason.cause,
      ...(reason.check ? [reason.check] : []),
      ...(event.extError ? (extended.sentences ?? []) : []),
    ],
    facts: [
      { name: "drop code", value: String(reason.code) },
      ...(reason.since ? [{ name: "since", text: `Cilium ${reason.since}` }] : []),
    ],
    notes: reason.harmless ? ["This is usually no fault."] : [],
    sources: [dropReasonSource, ...(event.extError ? (extended.sources ?? []) : [])],
  };
}

function explainExtError(event: DropEvent): FieldExplanation {
  const { extError = 0 } = event;
  if (extError === 0) return { sentences: ["There is no extended error."] };
  const code = findDropReason(event.reason)?.code;
  if (code === fibFailed) {
    const result = fibResults.find((known) => known.code === extError);
    if (!result)
      return {
        sentences: [`The kernel's look-up answered ${extError}${extError < 0 ? ", an errno" : ""}.`],
        sources: [fibResultSource],
      };
    return {
      sentences: [`The kernel's look-up answered ${result.code} (${result.name}): ${result.meaning}.`, result.check],
      sources: [fibResultSource],
    };
  }
  if (code === authenticationRequired) {
    const type = extError === 1 ? "SPIRE" : extError === 2 ? "test-always-fail" : `type ${extError}`;
    return { sentences: [`The policy asks for authentication by ${type}.`] };
  }
  return { sentences: ["The extended error of the step that failed; its meaning depends on the reason."] };
}

function explainFile(event: DropEvent, context: EventContext): FieldExplanation {
  if (typeof event.bpfFile !== "number") return { sentences: ["The BPF source file in which the drop was decided."] };
  const { since, until } = context.version ?? {};
  const version = since !== undefined && since === until ? since : undefined;
  const names = bpfSourceFileNames(event.bpfFile, version);
  if (names.length === 0)
    return { sentences: ["No version of Cilium known here has this file id."], sources: [bpfSourceFileSource] };
  const [name = ""] = names;
  const meaning = names.length === 1 ? bpfSourceFileMeaning(name) : undefined;
  return {
    sentences: [
      names.length === 1
        ? `The drop was decided in ${name}${meaning ? `, ${meaning}` : ""}.`
        : `The drop was decided in ${names.slice(0, -1).join(", ")} or ${names.at(-1)}: the number was given to different files by different versions.`,
    ],
    sources: [bpfSourceFileSource],
  };
}
