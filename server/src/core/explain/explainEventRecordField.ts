import { describeIdentity } from "../cilium/identities.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

const meanings: Readonly<Record<string, string>> = {
  observationPoint: "On which side the proxy enforced: Ingress of the destination, or Egress of the source.",
  flowType: "Whether this is a request, a response, or a sample.",
  l7Proto: "The protocol the proxy spoke: http, dns, kafka, or a parser's own name.",
  srcEpID: "The endpoint that sent the request; 0 where it is not on this node.",
  dstEpID: "The endpoint the request is for; 0 where it is not on this node.",
  srcEpLabels: "The labels of the sender of the request.",
  dstEpLabels: "The labels of the receiver of the request.",
  verdict: "What the proxy did: Forwarded, Denied, Error.",
  http: "The HTTP request or response. Code is 0 in requests.",
  kafka: "The Kafka request or response.",
  dns: "The DNS question and, in a response, its answers. QTypes are the numbers of RFC 1035: 1 is A, 28 is AAAA.",
  l7: "The fields of a generic parser.",
};

/** The fields of L7 records (LogRecordNotifyVerbose, pkg/monitor/logrecord.go). */
export function explainRecordField(field: EventField): FieldExplanation | undefined {
  const key = String(field.path[0]);
  const sources = ["pkg/monitor/logrecord.go and pkg/proxy/accesslog/record.go, Cilium 1.19"];
  if (/^(?:src|dst|Dst)Identity$/.test(key)) {
    const end = key.startsWith("src") ? "source" : "destination";
    const id = /^\d{1,10}$/.test(field.value ?? "") ? describeIdentity(Number(field.value)) : undefined;
    return { sentences: [`The security identity of the ${end}${id ? `: ${id.meaning}` : ""}.`], sources };
  }
  const meaning = Object.hasOwn(meanings, key) ? meanings[key] : undefined;
  return meaning === undefined ? undefined : { sentences: [meaning], sources };
}
