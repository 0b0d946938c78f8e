import type { DatapathPlaceId } from "../path/datapathGraph.js";
import type { Place } from "../text/span.js";

/** A line of input that shows what is said. */
export interface Evidence {
  readonly kind: "log" | "rule" | "route";
  /** `broken.log, to-network`, `rule 32760`, `table 100`: short, ours. */
  readonly label: string;
  /** The line's own text, shortened. From the input: escape it. */
  readonly text: string;
  readonly place: Place;
}

/** A hop in words. */
export interface HopStory {
  readonly place: DatapathPlaceId;
  readonly lane: "pod" | "cilium" | "kernel" | "device" | "wire";
  readonly title: string;
  /** Device or endpoint, from the input. */
  readonly device?: string;
  /** Whether an event shows the packet here; otherwise it must have passed here (observed) or should have (expected). */
  readonly seen: boolean;
  readonly sentences: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A packet's walk in words: the one value that the command line prints and the panel draws. */
export interface WalkStory {
  /** Unique within the case, stable while the files are unchanged. */
  readonly id: string;
  readonly file: string;
  /** `Echo reply 10.10.40.222 to 171.0.1.83`. */
  readonly title: string;
  /** `ICMP id 52535 seq 1`. */
  readonly detail: string;
  readonly direction: "request" | "reply" | "unknown";
  readonly conversation: number;
  readonly status: "broken" | "ok" | "unknown";
  /** What became of it, one sentence. */
  readonly outcome: string;
  readonly hops: readonly HopStory[];
  /** The normal way, where it is known; equal to `hops` where the packet took it. */
  readonly expected?: readonly HopStory[];
  /** Index of the first hop that differs. */
  readonly parting?: number;
  /** How events were joined, and other caveats, a sentence each. */
  readonly notes: readonly string[];
}
