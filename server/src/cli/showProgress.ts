import { stderr } from "node:process";

/** A line on a terminal that says how far reading is; nothing elsewhere. */
export interface Progress {
  readonly show: (read: number, size: number) => void;
  /** Removes the line. */
  readonly clear: () => void;
}

/** Between two changes of the line, ms: more often than that nobody reads it. */
const pause = 100;

/** @param file what is read */
export function showProgress(file: string): Progress {
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  let shown = 0;
  return {
    show(read, size) {
      const now = performance.now();
      if (now - shown < pause) return;
      shown = now;
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
      stderr.write(
        `\r\u001b[K${file}: ${megabytes(read)} of ${megabytes(size)} MB read, ${Math.floor((100 * read) / size)} %`,
      );
    },
    clear: () => void stderr.write("\r\u001b[K"),
  };
}
