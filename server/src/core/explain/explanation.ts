import type { Place } from "../text/span.js";

/** One thing to know, with the value it is about: `{ name: "TTL", value: "62", text: "two routers have decremented it" }`. */
export interface Fact {
  readonly name: string;
  /** Text from the input or a number: shown verbatim, escaped by the renderer. */
  readonly value?: string;
  /** Our own words. */
  readonly text?: string;
  /** Where it was read, for a link. */
  readonly place?: Place;
}

/** Something explained, as data; rendered to Markdown, plain text or HTML. Sentences are ours, `value`s are the input's. */
export interface Explanation {
  readonly title: string;
  /** Whole sentences, most important first. */
  readonly sentences: readonly string[];
  readonly facts: readonly Fact[];
  /** Caveats and pointers, each a sentence. */
  readonly notes: readonly string[];
  /** Where a statement was taken from: `bpf/lib/trace.h, Cilium 1.19`. */
  readonly sources: readonly string[];
}
