import type { IndexedCapture } from "./indexedCapture.js";

/** The last part of a file's name or URI. */
function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What of a large capture no part of it shows, a sentence each: what was not read, and what is too much to be looked at one by one. */
export function limitsOfCapture({ file, others, unread = [], lineAt }: IndexedCapture): string[] {
  if (!others) return [...unread];
  const name = nameOf(file);
  const sentences = [
    ...unread,
    ...others.unreadable.map(({ place, message }) => `${name}:${lineAt(place.start).line + 1}: ${message}`),
  ];
  const { losses, events, problems, lines } = others.left;
  const beyond = [
    losses > 0 && counted(losses, "message of lost events", "messages of lost events"),
    events > 0 && counted(events, "event without a packet", "events without a packet"),
    problems > 0 && counted(problems, "line that can't be read", "lines that can't be read"),
    lines > 0 && counted(lines, "run of other lines", "runs of other lines"),
  ].filter((words) => words !== false);
  if (beyond.length > 0) {
    sentences.push(`${name} holds more than is looked at here: ${beyond.join(", ")} behind those that were read.`);
  }
  return sentences;
}

/** That only some packets of a kind were analysed. */
export function limitOfPackets(file: string, analysed: number, all: number, what: string): string {
  return `${nameOf(file)}: of ${all} packets that ${what}, the first ${analysed} were analysed one by one.`;
}

/** That the packets of some classes were not walked. */
export function limitOfClasses(file: string, walked: number, all: number, packets: number): string {
  return `${nameOf(file)}: its packets are of ${all} kinds, of which ${walked} were walked. How the ${packets} packets of the others ended is not known.`;
}

/** That a capture of several nodes is read as one of one; none for a capture of one node. */
export function limitOfNodes(file: string, nodes: readonly string[]): string[] {
  if (nodes.length < 2) return [];
  return [
    `${nameOf(file)} has events of several nodes (${nodes.join(", ")}) and is too large to be taken apart, so that it is read as one node's. Split it by \`node_name\`, a file for each.`,
  ];
}
