import { buildPathContext, type PathContext } from "../path/pathContext.js";
import type { Trace } from "../path/trace.js";
import { walkPacket } from "../path/walkPacket.js";
import { mergeNode } from "../state/mergeNode.js";
import type { NodeState } from "../state/nodeState.js";
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

/** Reads files as a case: the recognised files of one folder are one node. */
export function buildCase(files: readonly ReadFile[]): Case {
  return { nodes: filesByNode(files).map(([name, members]) => buildNode(name, members)) };
}

/** The states of the nodes alone, for look-ups that need no walk. */
export function statesOf(files: readonly ReadFile[]): NodeState[] {
  return filesByNode(files).map(([name, members]) => mergeFiles(name, members));
}
