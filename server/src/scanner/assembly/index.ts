import { readEvent } from "./event";
import { clearNotices, keepNotice, noticeArea, noticeCapacity, noticeCount, readNotice } from "./notices";
import { clearRows, keepRow, rowArea, rowCapacity, rowCount } from "./rows";

export { noticeArea, noticeCapacity, noticeCount, rowArea, rowCapacity, rowCount };

/** Where the bytes to be scanned are to be put. The memory must reach 64 KiB beyond them, so that reading ahead of them meets zeros. */
export const blockArea: usize = (__heap_base + 63) & ~63;

const lineFeed: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;

/** What stands behind the end of the line that ends at `at`; 0 if that is no end of a line. */
function behindLine(at: usize, to: usize, isLast: bool): usize {
  if (at === to) return isLast ? at : 0;
  const first = load<u8>(at);
  if (first === lineFeed) return at + 1;
  return first === carriageReturn && at + 1 < to && load<u8>(at, 1) === lineFeed ? at + 2 : 0;
}

/** Lets all go that is held. */
export function clear(): void {
  clearRows();
  clearNotices();
}

/**
 * Reads lines that are events as usual into rows and notices, up to the first that is not, or until no more can be held.
 *
 * @param from where a line begins
 * @param to where the bytes end that were put in memory
 * @param isLast whether the end of the bytes ends a line
 * @param offset where in the file the byte at `from` stands
 * @returns where the first line begins that was not read
 */
export function scan(from: usize, to: usize, isLast: bool, offset: f64): usize {
  let at = from;
  while (at < to && rowCount < rowCapacity && noticeCount < noticeCapacity) {
    const event = readEvent(at);
    const end = event !== 0 ? event : readNotice(at);
    if (end === 0 || end > to) break;
    const next = behindLine(end, to, isLast);
    if (next === 0) break;
    const place = offset + <f64>(at - from);
    if (event !== 0) keepRow(place, <u32>(end - at));
    else keepNotice(place, <u32>(end - at));
    at = next;
  }
  return at;
}
