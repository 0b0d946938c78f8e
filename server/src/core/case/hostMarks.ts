import { findPrompt, hostOfPrompt } from "../iproute/prompt.js";
import type { ReadFile } from "./readFile.js";

/** From here on a text is of a host. */
export interface HostMark {
  readonly start: number;
  /** As a prompt names it; absent where nothing tells. */
  readonly host?: string;
}

/** Longest beginning of a line that is looked at: a prompt with a command behind it. */
const longestLine = 400;

/** Commands whose output is of another host or network namespace than the prompt's. */
const elsewhere = /\b(?:ssh|exec|nsenter)\b|\bip (?:-[\w-]{1,20} ){0,4}-n(?:etns)? /;

/** A code block in Markdown: another paste begins. */
const fence = /^\s*(?:```|~~~)/;

function markOf(line: string): { readonly host?: string } | undefined {
  const prompt = findPrompt(line);
  if (!prompt?.certain) return fence.test(line) ? {} : undefined;
  const host = elsewhere.test(line.slice(prompt.command)) ? undefined : hostOfPrompt(line, prompt);
  return host === undefined ? {} : { host };
}

/** Where a text turns to a host, as its prompts tell, in order. */
export function hostMarks({ text, transcript }: ReadFile): HostMark[] {
  // Most texts name no host, and most lines that are no dumps are events.
  if (!text.includes("@")) return [];
  return transcript.remarks.flatMap(({ start, end }): HostMark[] => {
    if (text.charAt(start) === "{") return [];
    const mark = markOf(text.slice(start, Math.min(end, start + longestLine)));
    return mark ? [{ start, ...mark }] : [];
  });
}

/** The mark that counts for an offset. */
export function markBefore(marks: readonly HostMark[], offset: number): HostMark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
}
