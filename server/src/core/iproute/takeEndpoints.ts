import { parseAddress } from "../net/address.js";
import { type Line, placeIn } from "./line.js";
import { isObject, type JsonObject, member } from "./looseJson.js";
import type { EndpointSection } from "./section.js";
import {
  closeSection,
  type Draft,
  extendSection,
  noteRemark,
  openSection,
  type TranscriptState,
} from "./transcriptState.js";

type ListedEndpoint = EndpointSection["endpoints"][number];

/** The heads of `cilium endpoint list` (cilium-dbg/cmd/endpoint_list.go; the same from Cilium 1.6 to 1.19). */
const ciliumHead = /^\s*ENDPOINT\s+POLICY \(ingress\)\s+POLICY \(egress\)\s+IDENTITY\s/;

/** The heads of `kubectl get pods -o wide`, with `-A` or without (kubernetes pkg/printers/internalversion/printers.go). */
const podHead = /^\s*(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\b/;

const policy = "(?:Enabled|Disabled(?: \\(Audit\\))?|Unknown)";
const ciliumRow = new RegExp(`^\\s*(\\d{1,5})\\s+${policy}\\s+${policy}\\s+(\\d{1,10}|<no label id>)\\s+(\\S.*)$`);

/** Words of the command that make a list of pods a selection: a namespace, labels, fields, a pipe. */
const selection = /\s(?:-l|-n|--selector|--namespace|--field-selector)\b|\|/;

function openEndpoints(state: TranscriptState, line: Line, printer: EndpointSection["printer"], cut: boolean): void {
  closeSection(state);
  openSection(state, {
    kind: "endpoints",
    printer,
    place: placeIn(line, 0, line.text.trimEnd().length),
    printedBy: "unknown",
    endpoints: [],
    cut,
  });
}

/** The line before one that begins at `offset`: the command that a list came from, if the paste shows it. */
function lineBefore(text: string, offset: number): string {
  const end = text.lastIndexOf("\n", offset - 1);
  return end < 0 ? "" : text.slice(text.lastIndexOf("\n", end - 1) + 1, end);
}

function takeHead(state: TranscriptState, line: Line): boolean {
  if (ciliumHead.test(line.text)) openEndpoints(state, line, "cilium", false);
  else if (podHead.test(line.text)) {
    const command = lineBefore(state.text, placeIn(line, 0, 1).start);
    const isSelection = !/^\s*NAMESPACE/.test(line.text) || selection.test(command);
    openEndpoints(state, line, "kubectl", isSelection);
    state.columns = columnsOf(line.text);
  } else return false;
  noteRemark(state, line);
  return true;
}

/** Where the columns of kubectl begin that are of use here, as words: their offsets in the line of heads. */
function columnsOf(heads: string): string[] {
  return ["NAME ", "IP ", "NODE"].map((head) => `${heads.search(new RegExp(`\\b${head}`))}`);
}

function wordAt(text: string, column: string | undefined): string {
  return /^\S+/.exec(text.slice(Number(column)))?.[0] ?? "";
}

function add(section: Draft<EndpointSection>, endpoint: ListedEndpoint): void {
  section.endpoints.push(endpoint);
  extendSection(section, endpoint.place.end);
}

function takeCiliumRow(section: Draft<EndpointSection>, line: Line): boolean {
  const [, id, identity, rest = ""] = ciliumRow.exec(line.text) ?? [];
  if (id === undefined) return false;
  const place = placeIn(line, line.text.search(/\S/), line.text.trimEnd().length);
  // The last column is the state, before it stand the addresses; the labels hold none.
  for (const word of rest.split(/\s+/)) {
    const address = parseAddress(word);
    if (address) add(section, { address, name: `endpoint ${id}`, isHost: identity === "1", place });
  }
  return true;
}

function takePodRow(state: TranscriptState, section: Draft<EndpointSection>, line: Line): boolean {
  const [name, ip, node] = state.columns;
  const address = parseAddress(wordAt(line.text, ip));
  if (!address) return /\s<none>\s/.test(line.text);
  const place = placeIn(line, line.text.search(/\S/), line.text.trimEnd().length);
  add(section, {
    address,
    name: `pod ${wordAt(line.text, name)}`,
    node: wordAt(line.text, node),
    isHost: false,
    place,
  });
  return true;
}

/** Takes a line of a list of endpoints or pods; the head begins it, and what follows of labels belongs to it without being data. */
export function takeEndpoint(state: TranscriptState, line: Line): boolean {
  if (takeHead(state, line)) return true;
  const { open } = state;
  if (open?.kind !== "endpoints") return false;
  return open.printer === "cilium" ? takeCiliumRow(open, line) : takePodRow(state, open, line);
}

/** Takes an object of `cilium endpoint list -o json`; answers whether it is one. */
export function takeEndpointObject(state: TranscriptState, object: JsonObject): boolean {
  const id = member(object, "id");
  const status = member(object, "status");
  const networking = isObject(status) ? member(status, "networking") : undefined;
  if (typeof id !== "number" || !isObject(status) || !isObject(networking)) return false;
  const place = { file: state.file, start: object.start, end: object.end };
  const section =
    state.open?.kind === "endpoints"
      ? state.open
      : openSection(state, {
          kind: "endpoints",
          printer: "cilium",
          place,
          printedBy: "unknown",
          endpoints: [],
          cut: false,
        });
  const addressing = member(networking, "addressing");
  const identity = member(status, "identity");
  const isHost = isObject(identity) && member(identity, "id") === 1;
  for (const pair of Array.isArray(addressing) ? addressing.filter(isObject) : []) {
    for (const family of ["ipv4", "ipv6"]) {
      const text = member(pair, family);
      const address = typeof text === "string" ? parseAddress(text) : undefined;
      if (address) add(section, { address, name: `endpoint ${id}`, isHost, place });
    }
  }
  return true;
}
