import type { JoinedColumns } from "../capture/joinedColumns.js";
import type { ScannedCapture } from "../scan/captureScanner.js";
import type { Excerpt } from "../scan/excerpt.js";
import type { NodeEvidence } from "../scan/nodeEvidence.js";
import type { ConversationTable } from "../scan/packetClasses.js";
import type { Span } from "../text/span.js";

/** A capture that is too large to be held as text: its index, and the way back to its lines. */
export interface IndexedCapture {
  /** The name that places have. */
  readonly file: string;
  readonly scanned: ScannedCapture;
  readonly joined: JoinedColumns;
  readonly conversations: ConversationTable;
  readonly evidence: NodeEvidence;
  /** The file as it was when it was read. */
  readonly state: FileState;
  /** The events of these packets, and others, as a small text. Packets are counted from 0. */
  excerpt(packets: Iterable<number>, others?: Iterable<Span>): Excerpt;
  /** The number of the line, from 0, in which a byte of the file lies, and the byte's place in it. */
  lineAt(offset: number): { readonly line: number; readonly column: number };
  /** Lets the file go; more than once does no harm. */
  close(): void;
}

/** What tells whether a file is still the one that was read. */
export interface FileState {
  readonly size: number;
  readonly inode: number;
  /** Time of the last change, ms. */
  readonly modified: number;
  /** What it begins with, as a hash. */
  readonly head: string;
}
