import { describeIdentity } from "../../cilium/identities.js";
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
  text: "The request or response in a few words, by its protocol.",
};

/** What stands in the protocols' own objects (pkg/proxy/accesslog/record.go). */
const innerMeanings: Readonly<Record<string, string>> = {
  "http.Code": "The status of the response; 0 in requests.",
  "http.Method": "The method.",
  "http.URL": "The URL, in the parts that Go takes it apart into.",
  "http.Protocol": "The version of HTTP.",
  "http.Headers": "The headers, as far as the proxy is to report them.",
  "http.MissingHeaders": "Headers that a policy asks for and the request lacked.",
  "http.RejectedHeaders": "Headers that a policy refused.",
  "kafka.ErrorCode": "The error of the response; 0 is none.",
  "kafka.APIVersion": "The version of the request's kind.",
  "kafka.APIKey": "The kind of request.",
  "kafka.CorrelationID": "The number that request and response have in common.",
  "kafka.Topic": "The topic.",
  "dns.Query": "The name that was asked for.",
  "dns.IPs": "The addresses in the answer.",
  "dns.TTL": "Seconds for which the answer holds.",
  "dns.CNAMEs": "Other names in the answer.",
  "dns.ObservationSource": "Where the answer was seen: the proxy, or the agent's own poll.",
  "dns.RCode": "The response code (RFC 1035): 0 is no error, 3 is no such name.",
  "dns.QTypes": "The kinds of records that were asked for, by number: 1 is A, 28 is AAAA.",
  "dns.AnswerTypes": "The kinds of records in the answer, by number: 1 is A, 28 is AAAA.",
  "l7.Proto": "The name of the parser.",
  "l7.Fields": "The fields that the parser reports.",
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
  const inner = `${key}.${field.path[1]}`;
  const meaning = Object.hasOwn(innerMeanings, inner)
    ? innerMeanings[inner]
    : Object.hasOwn(meanings, key)
      ? meanings[key]
      : undefined;
  return meaning === undefined ? undefined : { sentences: [meaning], sources };
}
