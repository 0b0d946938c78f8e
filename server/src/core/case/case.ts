import { linkPackets, type PacketOrigin } from "../capture/linking/linkPackets.js";
import type { Packet } from "../capture/packet.js";
import type { Setting } from "../monitor/settings/setting.js";
import { statedVersion, withStatedVersion } from "../monitor/settings/statedVersion.js";
import { joinAcrossNodes } from "../path/acrossNodes.js";
import { buildPathContext } from "../path/buildPathContext.js";
import type { PathContext } from "../path/pathContext.js";
import type { Trace } from "../path/trace.js";
import { walkPacket } from "../path/walkPacket.js";
import { mergeNode } from "../state/mergeNode.js";
import type { NodeState } from "../state/nodeState.js";
import { type StateAt, successiveStates } from "../state/successiveStates.js";
import { allSteps, type Steps } from "../text/steps.js";
import { onlyStatesSettings, settingsOfNode } from "./clusterSettings.js";
import { hostParts } from "./hostParts.js";
import { nodeParts } from "./nodeParts.js";
import { isRecognised, type ReadFile } from "./readFile.js";

/** One host of a case: its dumps merged, its captures walked. */
export interface CaseNode {
  readonly name: string;
  readonly files: readonly ReadFile[];
  readonly state: NodeState;
  readonly context: PathContext;
  readonly traces: readonly Trace[];
}

/** The files that belong together, read as one. */
export interface Case {
  readonly nodes: readonly CaseNode[];
}

/** The name of a file without its folders and its ending. */
function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** The folder part of a path or URI; empty for a bare name. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

function mergeFiles(name: string, files: readonly ReadFile[]): NodeState {
  return mergeNode(
    name,
    files.map(({ transcript }) => transcript),
  );
}

/** How many packets and conversations of other nodes come before those of a node in each file. */
type Numbers = Map<string, { readonly packets: number; readonly conversations: number }>;

function* buildNode(
  name: string,
  read: readonly ReadFile[],
  numbers: Numbers,
  elsewhere: readonly Setting[],
): Steps<CaseNode> {
  const settings = settingsOfNode(
    read.flatMap((file) => file.settings),
    elsewhere,
  );
  const stated = statedVersion(settings);
  const files = stated ? read.map((file) => ({ ...file, version: withStatedVersion(file.version, stated) })) : read;
  const state = mergeFiles(name, files);
  const captures = files
    .filter(({ events }) => events.length > 0)
    .map(({ file, events, isPart = false }) => {
      const before = numbers.get(file);
      return { file, events, isPart, ...(before ? { before } : {}) };
    });
  yield;
  const context = buildPathContext(state, captures, settings);
  const traces: Trace[] = [];
  for (const packet of context.packets) {
    yield;
    traces.push(walkPacket(context, packet));
  }
  return { name, files, state, context, traces };
}

/** The recognised files of each folder, in the order of the files. */
function filesByFolder(files: readonly ReadFile[]): Map<string, ReadFile[]> {
  const folders = new Map<string, ReadFile[]>();
  for (const read of files.filter(isRecognised)) {
    const folder = folderOf(read.file);
    folders.set(folder, [...(folders.get(folder) ?? []), read]);
  }
  return folders;
}

/**
 * The recognised files of each folder, by the name of the node they belong to (a sysdump has a folder for each). A folder of settings alone is
 * none, beside others.
 */
function filesByNode(files: readonly ReadFile[]): (readonly [name: string, files: readonly ReadFile[]])[] {
  const folders = [...filesByFolder(files)];
  const nodes = folders.filter(([, members]) => !members.every(onlyStatesSettings));
  return (nodes.length > 0 ? nodes : folders).map(([folder, members]) => [
    folder.slice(folder.lastIndexOf("/") + 1) || "node",
    members,
  ]);
}

/** What is stated in folders that are no node's: those of settings alone, and those whose captures name their nodes. */
function settingsElsewhere(files: readonly ReadFile[]): Setting[] {
  return [...filesByFolder(files).values()].flatMap((members) => {
    const stating = members.filter(onlyStatesSettings);
    const isNode =
      stating.length > 0 && members.some((read) => !stating.includes(read) && nodeParts(read).length === 1);
    return isNode ? [] : stating.flatMap(({ settings }) => settings);
  });
}

/** The files of each node: those of its folder, and of files that name several nodes, or files whose prompts do, its part. */
function partsByNode(files: readonly ReadFile[]): (readonly [name: string, files: readonly ReadFile[]])[] {
  const parts = filesByNode(files).map(([name, members]) => ({ name, members: hostParts(members.flatMap(nodeParts)) }));
  const folders = parts.flatMap(({ name, members }) => {
    const own = members.flatMap(({ node, read }) => (node === undefined ? [read] : []));
    const isNode = own.length === members.length || !own.every(onlyStatesSettings);
    return own.length > 0 && isNode ? [{ name, files: own }] : [];
  });
  const nodes = [...folders];
  for (const { node, read } of parts.flatMap(({ members }) => members)) {
    if (node === undefined) continue;
    const known = nodes.find(({ name }) => name === node);
    if (known) known.files.push(read);
    else nodes.push({ name: node, files: [read] });
  }
  return nodes.map(({ name, files: own }) => [name, own]);
}

/** What is known of the capture that a packet is of. */
interface Origin extends PacketOrigin {
  /** Where it was taken: the node, or where that has several captures, what the file is called. */
  readonly place: string;
}

function nameOf({ file, number }: Packet): string {
  return `${number} ${file}`;
}

/** The origin of each packet, by its name. */
function originsOf(nodes: readonly CaseNode[]): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  nodes.forEach(({ name, files, traces, context: { captures } }, index) => {
    const byFile = new Map(
      captures.map(({ file, aggregation, losses }): [string, Origin] => {
        const isPart = files.some((read) => read.file === file && read.isPart);
        const isWhole = aggregation === "none" && losses.length === 0 && !isPart;
        return [file, { capture: `${index} ${file}`, isWhole, place: captures.length > 1 ? baseName(file) : name }];
      }),
    );
    for (const { packet } of traces) {
      const origin = byFile.get(packet.file);
      if (origin) origins.set(nameOf(packet), origin);
    }
  });
  return origins;
}

/** The nodes with their packets linked: one that several captures saw has its whole way. */
function linkNodes(nodes: readonly CaseNode[]): CaseNode[] {
  const origins = originsOf(nodes);
  const originOf = (packet: Packet): Origin =>
    origins.get(nameOf(packet)) ?? { capture: packet.file, isWhole: false, place: packet.file };
  const traces = nodes.flatMap((node) => node.traces);
  const packets = linkPackets(
    traces.map(({ packet }) => packet),
    originOf,
  );
  const linked = joinAcrossNodes(
    traces.map((trace, index) => ({ ...trace, packet: packets[index] ?? trace.packet })),
    (packet) => originOf(packet).place,
  );
  let next = 0;
  return nodes.map((node) => ({ ...node, traces: node.traces.map((trace) => linked[next++] ?? trace) }));
}

/** Takes up how many packets each file has after those of a node. */
function countPackets(numbers: Numbers, { traces }: CaseNode): void {
  for (const { packet } of traces) {
    const { packets = 0, conversations = 0 } = numbers.get(packet.file) ?? {};
    numbers.set(packet.file, {
      packets: Math.max(packets, packet.number),
      conversations: Math.max(conversations, packet.conversation),
    });
  }
}

/** `buildCase`, a packet at a time. */
export function* caseSteps(files: readonly ReadFile[]): Steps<Case> {
  const numbers: Numbers = new Map();
  const elsewhere = settingsElsewhere(files);
  const nodes: CaseNode[] = [];
  for (const [name, members] of partsByNode(files)) {
    const node = yield* buildNode(name, members, numbers, elsewhere);
    countPackets(numbers, node);
    nodes.push(node);
  }
  yield;
  return { nodes: linkNodes(nodes) };
}

/**
 * Reads files as a case: the recognised files of one folder are one node, and a file whose events name several nodes is a file of each of
 * them.
 */
export function buildCase(files: readonly ReadFile[]): Case {
  return allSteps(caseSteps(files));
}

/** The files of each node that hold dumps. */
function dumpsByNode(files: readonly ReadFile[]): (readonly [name: string, files: readonly ReadFile[]])[] {
  const nodes = partsByNode(files);
  const dumped = nodes.filter(([, members]) => members.some(({ transcript }) => transcript.sections.length > 0));
  return dumped.length > 0 ? dumped : nodes;
}

/** The states of the nodes alone, for look-ups that need no walk. */
export function statesOf(files: readonly ReadFile[]): NodeState[] {
  return dumpsByNode(files).map(([name, members]) => mergeFiles(name, members));
}

/** The states that the successive dumps of each node show, in the order of the files. */
export function successionsOf(files: readonly ReadFile[]): { readonly name: string; readonly states: StateAt[] }[] {
  return dumpsByNode(files).map(([name, members]) => ({
    name,
    states: successiveStates(
      name,
      members.map(({ transcript }) => transcript),
    ),
  }));
}
