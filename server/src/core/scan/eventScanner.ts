import { type ColumnsBuilder, columnsIn } from "../capture/columns/columnsBuilder.js";
import type { Names } from "../capture/columns/names.js";
import { nameResolver, type ResolveName } from "./nameResolver.js";
import { type NoticesBuilder, noticeLength } from "./notices.js";

/** The compiled scanner: what the module that is made of server/src/scanner/assembly exports. */
export interface ScannerExports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  /** Where the bytes to be scanned are to be put. */
  readonly blockArea: { readonly value: number };
  /** Where the columns of rows stand, for `rowCapacity` rows. */
  readonly rowArea: { readonly value: number };
  readonly rowCapacity: { readonly value: number };
  /** Rows that are held. */
  readonly rowCount: { readonly value: number };
  /** Where the notices stand (see `Notices`), and how many there may be and are. */
  readonly noticeArea: { readonly value: number };
  readonly noticeCapacity: { readonly value: number };
  readonly noticeCount: { readonly value: number };
  readonly clear: () => void;
  /** See server/src/scanner/assembly/index.ts. */
  readonly scan: (from: number, to: number, isLast: boolean, offset: number) => number;
}

/** Makes the compiled scanner. Only the platform can: the core knows no WebAssembly. */
export type InstantiateScanner = (resolve: ResolveName) => ScannerExports;

/**
 * Scans the lines of events as `cilium monitor -j` usually prints them: traces and drops of packets that are in no tunnel, which become rows, and
 * messages about debugging, which become notices. Every byte of a line is compared, so that a line that is accepted means what
 * `readCapture` reads in it.
 */
export interface EventScanner {
  /** The table that takes up addresses and words. */
  readonly names: Names;
  /** The memory to put bytes in, so much of it; what it holds stays. The view is valid until it is asked for again. */
  room(size: number): Uint8Array;
  /**
   * Reads lines of the bytes in that memory, up to the first that is not as usual, or until no more can be held.
   *
   * @param from where a line begins
   * @param to where the bytes end
   * @param isLast whether their end ends a line
   * @param offset where in the file the byte at `from` stands
   * @returns where the first line begins that was not read
   */
  scan(from: number, to: number, isLast: boolean, offset: number): number;
  /** How many rows are held. */
  readonly rows: number;
  /** How many notices are held. */
  readonly notices: number;
  /** Whether no more can be held. */
  readonly isFull: boolean;
  /** Moves all that is held to columns and to a list. */
  move(rows: ColumnsBuilder, notices: NoticesBuilder): void;
  /** Forgets all that is held. */
  clear(): void;
}

const pageSize = 1 << 16;

/**
 * A scanner that adds the names it meets to a table.
 *
 * @param instantiate makes the compiled part of it
 */
export function eventScanner(names: Names, instantiate: InstantiateScanner): EventScanner {
  const resolve = nameResolver(names);
  const compiled = instantiate((kind, start, end) =>
    resolve(kind, new Uint8Array(compiled.memory.buffer, start, end - start)),
  );
  const { memory, scan, clear, rowCount, noticeCount } = compiled;
  const blockArea = compiled.blockArea.value;
  const rowArea = compiled.rowArea.value;
  const rowCapacity = compiled.rowCapacity.value;
  const noticeArea = compiled.noticeArea.value;
  const noticeCapacity = compiled.noticeCapacity.value;
  let rows = columnsIn(memory.buffer, rowArea, rowCapacity);

  return {
    names,
    room(size) {
      // The scanner reads ahead of the bytes, but no further than the first zeros.
      const missing = blockArea + size + pageSize - memory.buffer.byteLength;
      if (missing > 0) {
        memory.grow(Math.ceil(missing / pageSize));
        rows = columnsIn(memory.buffer, rowArea, rowCapacity);
      }
      return new Uint8Array(memory.buffer, blockArea, size);
    },
    scan: (from, to, isLast, offset) => scan(blockArea + from, blockArea + to, isLast, offset) - blockArea,
    get rows() {
      return rowCount.value;
    },
    get notices() {
      return noticeCount.value;
    },
    get isFull() {
      return rowCount.value === rowCapacity || noticeCount.value === noticeCapacity;
    },
    move(to, notices) {
      to.addRows(rows, 0, rowCount.value);
      notices.add(new Float64Array(memory.buffer, noticeArea, noticeCount.value * noticeLength));
      clear();
    },
    clear,
  };
}
