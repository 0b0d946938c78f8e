import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";

/** A typed array of any kind; all that a section may be. */
export type Section = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

const sectionTypes = { Float64Array, Uint32Array, Int32Array, Uint16Array, Uint8Array } as const;
type SectionType = keyof typeof sectionTypes;

/**
 * A file of typed arrays. It begins with `magic`, the length of its directory and the sum of that, a word each, and the place of the directory in a
 * double word; then come the sections, each at a multiple of eight bytes, and behind them the directory (JSON). Numbers are as the processor has
 * them: the file is for the machine that wrote it.
 */
const magic = [0x4b434150, 0x584449a8] as const;
const headLength = 24;

/** Read at once where sums are checked. */
const blockLength = 1 << 19;

interface SectionEntry {
  readonly name: string;
  readonly type: SectionType;
  /** Byte offset in the file, and number of elements. */
  readonly at: number;
  readonly length: number;
  readonly sum: number;
}

interface Directory {
  /** What the sections belong to. */
  readonly key: string;
  readonly sections: readonly SectionEntry[];
}

/** A file of sections that was found to be whole. */
export interface SectionFile {
  /** Reads a section. @throws what reading the file throws; that there is no such section; that the file was closed */
  read(name: string): Section;
  /** More than once does no harm. */
  close(): void;
}

function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** A sum of bytes in which every bit, and its place, tells. Four independent sums, which a processor makes at the same time. */
function createSum(): { add(bytes: Uint8Array): void; value(): number } {
  const sums = Int32Array.of(1, 2, 3, 4);
  return {
    add(unaligned) {
      const bytes = unaligned.byteOffset % 4 === 0 ? unaligned : unaligned.slice();
      const words = new Int32Array(bytes.buffer, bytes.byteOffset, (bytes.length & ~15) / 4);
      let [a = 0, b = 0, c = 0, d = 0] = sums;
      for (let word = 0; word < words.length; word += 4) {
        a = (Math.imul(a, 31) + (words[word] ?? 0)) | 0;
        b = (Math.imul(b, 31) + (words[word + 1] ?? 0)) | 0;
        c = (Math.imul(c, 31) + (words[word + 2] ?? 0)) | 0;
        d = (Math.imul(d, 31) + (words[word + 3] ?? 0)) | 0;
      }
      for (let at = words.byteLength; at < bytes.length; at++) a = (Math.imul(a, 31) + (bytes[at] ?? 0)) | 0;
      sums.set([a, b, c, d]);
    },
    value: () => sums.reduce((sum, each) => (Math.imul(sum, 31) + each) | 0, 0),
  };
}

function sumOf(bytes: Uint8Array): number {
  const sum = createSum();
  for (let at = 0; at < bytes.length; at += blockLength) sum.add(bytes.subarray(at, at + blockLength));
  return sum.value();
}

/** A `Buffer` is an array of bytes too. */
function typeOf(section: Section): SectionType {
  const types = Object.keys(sectionTypes) as SectionType[];
  return types.find((type) => section instanceof sectionTypes[type]) ?? "Uint8Array";
}

function bytesOf(section: Section): Uint8Array {
  return new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
}

/** A file of sections that is being written. */
export interface SectionWriter {
  /** Adds a section, which must not change until that is done. @throws what the disk reports */
  add(name: string, section: Section): Promise<void>;
  /** Puts the file in its place. @throws what the disk reports; nothing is left behind then */
  finish(): Promise<void>;
  /** Leaves nothing behind. More than once, or when it is finished, it does no harm. */
  abandon(): Promise<void>;
}

/**
 * Writes a file of sections, one after the other. What is written stands beside its place first and is renamed, so that a broken-off attempt is
 * never taken for a whole one.
 *
 * @throws what the disk reports
 */
export async function sectionWriter(path: string, key: string): Promise<SectionWriter> {
  const partial = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.partial`;
  const handle = await open(partial, "w", 0o600);
  const entries: SectionEntry[] = [];
  let at = headLength;
  let isOpen = true;

  async function close(): Promise<void> {
    if (isOpen) await handle.close();
    isOpen = false;
  }

  async function abandon(): Promise<void> {
    if (!isOpen) return;
    await close();
    rmSync(partial, { force: true });
  }

  return {
    async add(name, section) {
      const bytes = bytesOf(section);
      entries.push({ name, type: typeOf(section), at, length: section.length, sum: sumOf(bytes) });
      await writeAll(handle, bytes, at);
      at = aligned(at + bytes.length);
    },
    abandon,
    async finish() {
      try {
        const directory = Buffer.from(JSON.stringify({ key, sections: entries } satisfies Directory));
        await writeAll(handle, directory, at);
        const head = new Uint8Array(headLength);
        new Int32Array(head.buffer, 0, 4).set([...magic, directory.length, sumOf(directory)]);
        new Float64Array(head.buffer, 16, 1)[0] = at;
        await writeAll(handle, head, 0);
        await close();
        await rename(partial, path);
      } catch (error) {
        await close();
        rmSync(partial, { force: true });
        throw error;
      }
    },
  };
}

/**
 * Writes sections, in the background.
 *
 * @throws what the disk reports; nothing is left behind then
 */
export async function writeSections(
  path: string,
  key: string,
  sections: Iterable<readonly [string, Section]>,
): Promise<void> {
  const writer = await sectionWriter(path, key);
  try {
    for (const [name, section] of sections) await writer.add(name, section);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.finish();
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written);
    written += bytesWritten;
  }
}

/** Reads bytes into the whole of an array. Whether the file had as many. */
function fill(descriptor: number, bytes: Uint8Array, at: number): boolean {
  for (let filled = 0; filled < bytes.length; ) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, at + filled);
    if (read === 0) return false;
    filled += read;
  }
  return true;
}

function readDirectory(descriptor: number): Directory | undefined {
  const head = new Uint8Array(headLength);
  if (!fill(descriptor, head, 0)) return undefined;
  const [first, second, length = 0, sum] = new Int32Array(head.buffer, 0, 4);
  const [at = 0] = new Float64Array(head.buffer, 16, 1);
  if (first !== magic[0] || second !== magic[1] || length < 0 || length > fstatSync(descriptor).size) return undefined;
  const bytes = Buffer.alloc(length);
  if (!fill(descriptor, bytes, at) || sumOf(bytes) !== sum) return undefined;
  return JSON.parse(bytes.toString()) as Directory;
}

/** Whether a section is what was written. */
function isWhole(descriptor: number, { type, at, length, sum }: SectionEntry, block: Uint8Array): boolean {
  const size = length * sectionTypes[type].BYTES_PER_ELEMENT;
  const found = createSum();
  for (let checked = 0; checked < size; checked += blockLength) {
    const bytes = block.subarray(0, Math.min(blockLength, size - checked));
    if (!fill(descriptor, bytes, at + checked)) return false;
    found.add(bytes);
  }
  return found.value() === sum;
}

/** What a file of sections says that it belongs to; `undefined` if it is none. */
export function keyOfSections(path: string): string | undefined {
  try {
    const descriptor = openSync(path, "r");
    try {
      return readDirectory(descriptor)?.key;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

/**
 * Opens a file of sections, if it is one, belongs to `key` and is whole: all of it is checked, and none of it kept, as most of it is hardly
 * ever wanted.
 */
export function openSections(path: string, key: string): SectionFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const directory = readDirectory(descriptor);
    const block = new Uint8Array(blockLength);
    if (directory?.key === key && directory.sections.every((entry) => isWhole(descriptor, entry, block))) {
      return sectionReader(descriptor, directory.sections);
    }
  } catch {
    // What can't be read can't be trusted: it is as if it were not there.
  }
  closeSync(descriptor);
  return undefined;
}

function sectionReader(descriptor: number, entries: readonly SectionEntry[]): SectionFile {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  let isOpen = true;
  return {
    read(name) {
      const entry = byName.get(name);
      if (!entry || !isOpen) throw new Error(isOpen ? `The index has no ${name}.` : "The index was closed.");
      const section = new sectionTypes[entry.type](entry.length);
      if (!fill(descriptor, bytesOf(section), entry.at)) throw new Error("The index became shorter.");
      return section;
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}
