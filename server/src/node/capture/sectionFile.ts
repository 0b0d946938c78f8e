import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";

/** A typed array of any kind; all that a section may be. */
export type Section = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

const sectionTypes = { Float64Array, Uint32Array, Int32Array, Uint16Array, Uint8Array } as const;
type SectionType = keyof typeof sectionTypes;

/**
 * A file of typed arrays. It begins with `magic`, the length of its directory and the sum of that, a word each; then comes the directory (JSON), then
 * the sections, each at a multiple of eight bytes. Numbers are as the processor has them: the file is for the machine that wrote it.
 */
const magic = [0x4b434150, 0x584449a7] as const;
const headLength = 16;

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

/**
 * Writes sections, in the background. What is written stands beside its place first and is renamed, so that a broken-off attempt is never
 * taken for a whole one.
 *
 * @throws what the disk reports; nothing is left behind then
 */
export async function writeSections(path: string, key: string, sections: ReadonlyMap<string, Section>): Promise<void> {
  const entries: SectionEntry[] = [];
  let at = 0;
  for (const [name, section] of sections) {
    entries.push({ name, type: typeOf(section), at, length: section.length, sum: sumOf(bytesOf(section)) });
    at = aligned(at + section.byteLength);
  }
  const directory = Buffer.from(JSON.stringify({ key, sections: entries } satisfies Directory));
  const head = new Int32Array(headLength / 4);
  head.set([...magic, directory.length, sumOf(directory)]);
  const partial = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(partial, "w", 0o600);
    try {
      const base = aligned(headLength + directory.length);
      await handle.write(bytesOf(head), 0, headLength, 0);
      await handle.write(directory, 0, directory.length, headLength);
      for (const entry of entries) {
        const section = sections.get(entry.name);
        if (section) await writeAll(handle, bytesOf(section), base + entry.at);
      }
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
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

function readDirectory(descriptor: number): { readonly directory: Directory; readonly base: number } | undefined {
  const head = new Int32Array(headLength / 4);
  if (!fill(descriptor, bytesOf(head), 0)) return undefined;
  const [first, second, length = 0, sum] = head;
  if (first !== magic[0] || second !== magic[1] || length < 0 || length > fstatSync(descriptor).size) return undefined;
  const bytes = Buffer.alloc(length);
  if (!fill(descriptor, bytes, headLength) || sumOf(bytes) !== sum) return undefined;
  return { directory: JSON.parse(bytes.toString()) as Directory, base: aligned(headLength + length) };
}

/** Whether a section is what was written. */
function isWhole(
  descriptor: number,
  base: number,
  { type, at, length, sum }: SectionEntry,
  block: Uint8Array,
): boolean {
  const size = length * sectionTypes[type].BYTES_PER_ELEMENT;
  const found = createSum();
  for (let checked = 0; checked < size; checked += blockLength) {
    const bytes = block.subarray(0, Math.min(blockLength, size - checked));
    if (!fill(descriptor, bytes, base + at + checked)) return false;
    found.add(bytes);
  }
  return found.value() === sum;
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
    const found = readDirectory(descriptor);
    const block = new Uint8Array(blockLength);
    if (found?.directory.key === key) {
      const { base, directory } = found;
      if (directory.sections.every((entry) => isWhole(descriptor, base, entry, block))) {
        return sectionReader(descriptor, base, directory.sections);
      }
    }
  } catch {
    // What can't be read can't be trusted: it is as if it were not there.
  }
  closeSync(descriptor);
  return undefined;
}

function sectionReader(descriptor: number, base: number, entries: readonly SectionEntry[]): SectionFile {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  let isOpen = true;
  return {
    read(name) {
      const entry = byName.get(name);
      if (!entry || !isOpen) throw new Error(isOpen ? `The index has no ${name}.` : "The index was closed.");
      const section = new sectionTypes[entry.type](entry.length);
      if (!fill(descriptor, bytesOf(section), base + entry.at)) throw new Error("The index became shorter.");
      return section;
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}
