import type { Explanation, Fact } from "./explanation.js";
import { visibleText } from "./visibleText.js";

const longestParagraph = 2000;

/** Renders an explanation for a terminal or a plain-text hover, in lines of at most `width` characters where words allow it. */
export function toPlainText({ title, sentences, facts, notes, sources }: Explanation, width = 80): string {
  const blocks = [visibleText(title), wrap(sentences.join(" "), width)];
  if (facts.length > 0) blocks.push(facts.map((fact) => wrap(factLine(fact), width, "  ")).join("\n"));
  for (const note of notes) blocks.push(wrap(`Note: ${note}`, width));
  if (sources.length > 0) blocks.push(wrap(`Source: ${sources.join("; ")}`, width));
  return blocks.filter((block) => block !== "").join("\n\n");
}

function factLine({ name, value, text }: Fact): string {
  const shown = value === undefined ? "" : ` ${value === "" ? "(empty)" : visibleText(value)}`;
  const words = text === undefined ? "" : `${value === undefined ? "" : ","} ${text}`;
  return `${name}:${shown}${words}`;
}

function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of visibleText(text, longestParagraph).split(" ")) {
    if (word === "") continue;
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines.map((wrapped) => indent + wrapped).join("\n");
}
