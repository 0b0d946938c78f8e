import type { PacketStatus } from "../explain/packet/listPackets.js";
import type { ScannedCapture } from "../scan/captureScanner.js";
import type { CaptureSegments, LossPlace, PacketTable } from "../scan/captureSegment.js";
import type { ConversationTable } from "../scan/conversationTable.js";
import type { Excerpt } from "../scan/excerpt.js";
import type { NodeEvidence } from "../scan/nodeEvidence.js";
import type { OtherPlaces } from "../scan/otherPlaces.js";
import type { PacketClasses } from "../scan/packetClasses.js";
import type { Span } from "../text/span.js";

/** A capture that is too large to be held as text: its index, and the way back to its lines. */
export interface IndexedCapture {
  /** The name that places have. */
  readonly file: string;
  /** What was read beside its rows. `others` and `problems` of a capture whose rows are on disk are empty: `OtherPlaces` has where they stand. */
  readonly scanned: Omit<ScannedCapture, "columns">;
  /** Its rows, packet by packet. */
  readonly segments: CaptureSegments;
  readonly joined: PacketTable;
  readonly losses: readonly LossPlace[];
  readonly conversations: ConversationTable;
  readonly evidence: NodeEvidence;
  /** What it holds beside its rows; absent where `excerpt` takes up all of it by itself. */
  readonly others?: OtherPlaces;
  /** What of the file was not read, and why, a sentence each. */
  readonly unread?: readonly string[];
  /** The file as it was when it was read; absent where the capture is the text of a document. */
  readonly state?: FileState;
  /** Keeps for the next time how its packets end; absent where nothing is kept. */
  readonly classStore?: ClassStore;
  /** The events of these packets, and others, as a small text. Packets are counted from 0. */
  excerpt(packets: Iterable<number>, others?: Iterable<Span>): Excerpt;
  /** The number of the line, from 0, in which a byte of the file lies, and the byte's place in it. */
  lineAt(offset: number): { readonly line: number; readonly column: number };
  /**
   * The offset of a position in the text of a document, as `lineAt` gives it. All offsets are UTF-16 units then. Absent for a file, whose
   * offsets are bytes.
   */
  readonly offsetAt?: (line: number, column: number) => number;
  /** Lets the file go; more than once does no harm. */
  close(): void;
}

/** The packets of a capture by classes, with how the walks of each class end. */
export interface ClassedPackets extends PacketClasses {
  /** By class. */
  readonly statuses: readonly PacketStatus[];
}

/** Keeps the classes of one capture. A key tells one case that the capture is part of from another. */
export interface ClassStore {
  read(key: string): ClassedPackets | undefined;
  /** Settles when it is kept, or could not be; there is no need to wait for that. */
  keep(key: string, classed: ClassedPackets): Promise<void>;
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
