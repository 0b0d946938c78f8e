import type { Place } from "../text/span.js";
import type { OtherEvent } from "./otherEvent.js";

/** What the compiled scanner tells apart, by its numbers (server/src/scanner/assembly/notices.ts). */
const noticeKinds = ["capture", "debug"] as const;

/**
 * Usual messages with no packet in their columns, in the order of the file. Three numbers for each: its kind, where in the file it begins, and how
 * many bytes it has. So they can be sent between threads, and an object is made only of those that are kept.
 */
export type Notices = Float64Array;

/** Numbers of a notice. */
export const noticeLength = 3;

/** Notices that grow at their end. */
export interface NoticesBuilder {
  add(notices: Notices): void;
  finish(): Notices;
}

export function createNoticesBuilder(): NoticesBuilder {
  let notices = new Float64Array(0);
  let length = 0;
  return {
    add(added) {
      if (length + added.length > notices.length) {
        const larger = new Float64Array(Math.max(2 * notices.length, length + added.length));
        larger.set(notices.subarray(0, length));
        notices = larger;
      }
      notices.set(added, length);
      length += added.length;
    },
    finish: () => notices.slice(0, length),
  };
}

/** The notices as events of a file. */
export function eventsOfNotices(file: string, notices: Notices): OtherEvent[] {
  return Array.from({ length: notices.length / noticeLength }, (_, index) => {
    const at = index * noticeLength;
    const start = notices[at + 1] ?? 0;
    const place: Place = { file, start, end: start + (notices[at + 2] ?? 0) };
    return { kind: noticeKinds[notices[at] ?? 0] ?? "unknown", place };
  });
}
