import { linkPackets } from "../capture/linkPackets.js";
import { joinAcrossNodes } from "../path/acrossNodes.js";
import { buildPathContext } from "../path/buildPathContext.js";
import type { PathContext } from "../path/pathContext.js";
import type { Trace } from "../path/trace.js";
import { walkPacket } from "../path/walkPacket.js";
import { mergeNode } from "../state/mergeNode.js";
import type { NodeState } from "../state/nodeState.js";
import { type StateAt, successiveStates } from "../state/successiveStates.js";
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

function buildNode(name: string, files: readonly ReadFile[]): CaseNode {
  const state = mergeFiles(name, files);
  const captures = files.filter(({ events }) => events.length > 0).map(({ file, events }) => ({ file, events }));
  const context = buildPathContext(state, captures);
  return { name, files, state, context, traces: context.packets.map((packet) => walkPacket(context, packet)) };
}

/** The recognised files of each folder, by the name of the node they belong to (a sysdump has a folder for each). */
function filesByNode(files: readonly ReadFile[]): (readonly [name: string, files: readonly ReadFile[]])[] {
  const folders = new Map<string, ReadFile[]>();
  for (const read of files.filter(isRecognised)) {
    const folder = folderOf(read.file);
    folders.set(folder, [...(folders.get(folder) ?? []), read]);
  }
  return [...folders].map(([folder, members]) => [folder.slice(folder.lastIndexOf("/") + 1) || "node", members]);
}

/** Where each capture was taken: the node of its folder, or where a folder holds several captures, what the file is called. */
function placesOfCaptures(nodes: readonly CaseNode[]): Map<string, string> {
  return new Map(
    nodes.flatMap(({ name, context: { captures } }) =>
      captures.map(({ file }): [string, string] => [file, captures.length > 1 ? baseName(file) : name]),
    ),
  );
}

/** The nodes with their packets linked: one that several captures saw has its whole way. */
function linkNodes(nodes: readonly CaseNode[]): CaseNode[] {
  const places = placesOfCaptures(nodes);
  const traces = nodes.flatMap((node) => node.traces);
  const packets = linkPackets(traces.map(({ packet }) => packet));
  const linked = joinAcrossNodes(
    traces.map((trace, index) => ({ ...trace, packet: packets[index] ?? trace.packet })),
    (file) => places.get(file) ?? file,
  );
  let next = 0;
  return nodes.map((node) => ({ ...node, traces: node.traces.map((trace) => linked[next++] ?? trace) }));
}

/** Reads files as a case: the recognised files of one folder are one node. */
export function buildCase(files: readonly ReadFile[]): Case {
  return { nodes: linkNodes(filesByNode(files).map(([name, members]) => buildNode(name, members))) };
}

/** The states of the nodes alone, for look-ups that need no walk. */
export function statesOf(files: readonly ReadFile[]): NodeState[] {
  return filesByNode(files).map(([name, members]) => mergeFiles(name, members));
}

/** The states that the successive dumps of each node show, in the order of the files. */
export function successionsOf(files: readonly ReadFile[]): { readonly name: string; readonly states: StateAt[] }[] {
  return filesByNode(files).map(([name, members]) => ({
    name,
    states: successiveStates(
      name,
      members.map(({ transcript }) => transcript),
    ),
  }));
}
