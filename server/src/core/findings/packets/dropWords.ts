import { bpfSourceFileMeaning, bpfSourceFileNames } from "../../cilium/bpfSourceFiles.js";
import { parseIdentity } from "../../cilium/identities.js";
import { type EndDetails, endsWords, protocolWords } from "../flowWords.js";
import type { DropGroup, DroppingEvent } from "./dropGroups.js";

function endsOf(event: DroppingEvent): readonly [source: EndDetails, destination: EndDetails] {
  const { hubble } = event;
  if (event.type === "policy-verdict") {
    const own: EndDetails = { endpoint: event.endpoint };
    const remote: EndDetails = { identity: parseIdentity(event.remoteIdentity) };
    return event.direction === "egress" ? [own, remote] : [remote, own];
  }
  const { srcIdentity, dstIdentity, dstEndpoint, source } = event;
  // The emitting program is the sender's own unless the packet already is at its receiver.
  const sender = dstEndpoint === 0 ? source : 0;
  return [
    { pod: hubble?.sourcePod, identity: srcIdentity, endpoint: sender },
    { pod: hubble?.destinationPod, identity: dstIdentity, endpoint: dstEndpoint },
  ];
}

/** What was dropped: `2 TCP SYN packets from A to B`, `this packet`. */
export function droppedWords({ events, flows }: DropGroup): string {
  const [first] = events;
  const { headers } = first ?? {};
  const packets = events.length === 1 ? "this" : String(events.length);
  const plural = events.length === 1 ? "packet" : "packets";
  if (!first || !headers) return `${packets} ${plural}`;
  if (flows > 1) {
    const [source, destination] = endsOf(first);
    return `${packets} packets of ${flows} flows, the first one ${protocolWords(headers)} ${endsWords(headers, source, destination)}`;
  }
  return `${packets} ${protocolWords(headers)} ${plural} ${endsWords(headers, ...endsOf(first))}`.trimEnd();
}

/**
 * The BPF source that decided, a sentence; `undefined` where none is named, or where several may be meant.
 *
 * @param version minor number of Cilium 1.x, where it is known: the numbers of headers changed
 */
export function sourceWords(event: DroppingEvent, version: number | undefined): string | undefined {
  if (event.type !== "drop" || event.bpfFile === undefined) return undefined;
  const names = typeof event.bpfFile === "string" ? [event.bpfFile] : bpfSourceFileNames(event.bpfFile, version);
  const [name] = names;
  if (name === undefined || names.length > 1) return undefined;
  const meaning = bpfSourceFileMeaning(name);
  const line = event.bpfLine ? ` line ${event.bpfLine}` : "";
  return `It was decided in ${name}${line}${meaning ? `, ${meaning}` : ""}.`;
}
