import type { CaseNode } from "../../case/case.js";
import type { ReadFile } from "../../case/readFile.js";
import type { L7Event, MonitorEvent } from "../../monitor/event.js";
import { integerOf, recordOf, textOf } from "../../monitor/jsonValues.js";
import { fieldPlace } from "../fieldPlace.js";
import type { Finding, FindingKind } from "../finding.js";
import { type EndDetails, endWords } from "../flowWords.js";
import { groupBy } from "../groupBy.js";

/** What the one who asked is told, by protocol (pkg/envoy, pkg/fqdn/dnsproxy and pkg/proxy/kafka, Cilium 1.8 to 1.19). */
const answers: Readonly<Record<string, string>> = {
  http: "Whoever asked is answered 403.",
  dns: "Whoever asked is answered REFUSED, unless tofqdns-dns-reject-response-code says otherwise. A resolver asks for the names of its search list one after the other, so a few denials are usual where a rule allows certain names.",
  kafka: "Whoever asked is told that it may not use the topic.",
};

/** Requests that are quoted; more nobody reads in a sentence. */
const quotedRequests = 3;

/** A URL may be a page long. */
const longestRequest = 80;

function isDenied(event: MonitorEvent): event is L7Event {
  return event.type === "logRecord" && event.record.verdict === "Denied";
}

function urlWords(url: unknown): string | undefined {
  const { Scheme, Host, Path } = recordOf(url);
  const scheme = textOf(Scheme);
  return textOf(url) ?? `${scheme ? `${scheme}://` : ""}${textOf(Host) ?? ""}${textOf(Path) ?? ""}`;
}

/** A request in a few words: `GET http://shop/`, `db.example.`; as the record has it, in the keys of the monitor or of Hubble. */
function requestWords({ record }: L7Event): string | undefined {
  const http = recordOf(record.http);
  const dns = recordOf(record.dns);
  const topic = recordOf(record.kafka).Topic ?? recordOf(record.kafka).topic;
  const method = textOf(http.Method) ?? textOf(http.method);
  const words =
    textOf(record.text) ??
    (method === undefined ? undefined : `${method} ${urlWords(http.URL ?? http.url)}`) ??
    textOf(dns.Query) ??
    textOf(dns.query) ??
    textOf(topic) ??
    textOf(recordOf(topic).Topic);
  return words?.replace(/\s+/g, " ").trim().slice(0, longestRequest) || undefined;
}

function endOf({ record, hubble }: L7Event, end: "src" | "dst"): EndDetails {
  return {
    pod: end === "src" ? hubble?.sourcePod : hubble?.destinationPod,
    endpoint: integerOf(record[`${end}EpID`]),
    identity: integerOf(record[`${end}Identity`]) ?? integerOf(record.DstIdentity),
  };
}

/** In a response Hubble names the ends as the packet has them; the monitor as the request had them. */
function endsOf(event: L7Event): readonly [client: EndDetails, server: EndDetails] {
  const [src, dst] = [endOf(event, "src"), endOf(event, "dst")];
  return event.hubble && event.record.flowType === "Response" ? [dst, src] : [src, dst];
}

function policyWords(event: L7Event): string {
  const side = textOf(event.record.observationPoint)?.toLowerCase();
  if (side === "ingress") return "No L7 rule of the receiver's ingress policy allows it.";
  if (side === "egress") return "No L7 rule of the sender's egress policy allows it.";
  return "No L7 rule of the policy allows it.";
}

function findingFor(node: CaseNode, events: readonly L7Event[]): Finding | undefined {
  const [first, ...others] = events;
  if (!first) return undefined;
  const protocol = textOf(first.record.l7Proto) ?? "";
  const [client, server] = endsOf(first);
  const quoted = [...new Set(events.flatMap((event) => requestWords(event) ?? []))];
  const more = quoted.length - quotedRequests;
  const list = `${quoted.slice(0, quotedRequests).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
  const what = events.length === 1 ? "this" : `${events.length}`;
  const kind = `${/^\w{1,20}$/.test(protocol) ? `${protocol.toUpperCase()} ` : ""}request${events.length === 1 ? "" : "s"}`;
  const last = others.at(-1);
  return {
    code: "denied-request",
    severity: "information",
    confidence: "confirmed",
    place: fieldPlace(node, first.place, "verdict"),
    message: [
      `Cilium's L7 proxy denied ${what} ${kind} from ${endWords(client)} to ${endWords(server)}${list === "" ? "" : `: ${list}`}.`,
      policyWords(first),
      ...(Object.hasOwn(answers, protocol) ? [answers[protocol] ?? ""] : []),
      "No packet was lost: they reached the proxy.",
    ].join(" "),
    related: last ? [{ place: last.place, message: `The last of ${events.length}` }] : [],
    data: { code: "denied-request", protocol, count: events.length },
  };
}

/** One client, server and protocol are one finding. */
function groupKey(event: L7Event): string {
  const { observationPoint, l7Proto } = event.record;
  return JSON.stringify([observationPoint, l7Proto, ...endsOf(event)]);
}

function checkFile(node: CaseNode, { events }: ReadFile): Finding[] {
  return [...groupBy(events.filter(isDenied), groupKey).values()].flatMap((group) => findingFor(node, group) ?? []);
}

/** The L7 proxy denied requests. */
export const deniedRequest: FindingKind = {
  code: "denied-request",
  defaultSeverity: "information",
  meaning:
    "Cilium's L7 proxy denied a request (HTTP, DNS, Kafka) because no L7 rule allows it; the client is told so. Says who asked whom for what. Requests of one client to one server are one finding.",
  silentWhen: [
    "The proxy forwarded the request, or failed itself (`Error`).",
    "The policy is in audit mode, or decided about packets only: `dropped-packet` tells of the packets that are dropped.",
  ],
  noFix: "A policy decided; whether it should allow the request only its author knows.",
  example:
    "<- Request http from 71 ([k8s:app=web]) to 9 ([k8s:app=shop]), identity 4711->5822, verdict Denied GET http://shop/ => 403",
  check: (node) => node.files.flatMap((file) => checkFile(node, file)),
};
