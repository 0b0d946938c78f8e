import { element } from "./element.js";

/** A sentence of ours with its `quoted` words set as code. What is quoted stays text; a quote that is not closed stays as it is. */
export function prose(sentence: string): (Node | string)[] {
  const parts = sentence.split("`");
  const closed = parts.length % 2 === 1 ? parts.length : parts.length - 1;
  return parts.map((part, index) => {
    if (index >= closed) return `\`${part}`;
    return index % 2 === 1 ? element("code", {}, part) : part;
  });
}
