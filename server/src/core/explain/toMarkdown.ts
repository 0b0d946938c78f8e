import type { Explanation, Fact } from "./explanation.js";
import { visibleText } from "./visibleText.js";

/** Sentences may carry several values of the input; still, none is a novel. */
const longestSentence = 600;

/**
 * Renders an explanation as CommonMark. Everything is escaped, so that text of the input can make no link, image, HTML, heading or
 * code fence; only our own short `code` (also inside sentences) becomes a code span, which holds nothing but text.
 */
export function toMarkdown({ title, sentences, facts, notes, sources }: Explanation): string {
  const blocks = [`**${escapeMarkdown(visibleText(title))}**`, ...sentences.map(sentence)];
  if (facts.length > 0) blocks.push(facts.map((fact) => `- ${factLine(fact)}`).join("\n"));
  for (const note of notes) blocks.push(`*Note:* ${sentence(note)}`);
  if (sources.length > 0) blocks.push(`*Source:* ${sources.map(sentence).join("; ")}`);
  return blocks.join("\n\n");
}

function factLine({ name, value, text }: Fact): string {
  const shown = value === undefined ? "" : ` ${codeSpan(visibleText(value))}`;
  const words = text === undefined ? "" : `${value === undefined ? "" : ","} ${sentence(text)}`;
  return `${escapeMarkdown(visibleText(name))}:${shown}${words}`;
}

/** Text with `code` in it: the code stays code, the rest is escaped. Long texts end in `…`. */
export function sentence(text: string): string {
  const parts = visibleText(text, longestSentence).split(/`([^`]{1,120})`/);
  return parts.map((part, index) => (index % 2 === 1 ? codeSpan(part) : escapeMarkdown(part))).join("");
}

/** CommonMark 6.1: the fence is one backtick longer than any run inside; blanks keep a backtick at an end apart from it. */
export function codeSpan(text: string): string {
  if (text.trim() === "") return "(empty)";
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(runs.reduce((most, run) => Math.max(most, run.length), 0) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/**
 * CommonMark 2.4: a backslash makes any ASCII punctuation literal. Those of inline markup are escaped everywhere, those of lists and
 * headings at the start, and those of bare links (GFM 6.9: `https://`, `www.`, `a@b`) where they make one.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&$@!]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\b(www)\./gi, "$1\\.")
    .replace(/^(\s*)([-+=])/, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}
