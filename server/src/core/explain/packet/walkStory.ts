import type { DatapathPlaceId } from "../../path/datapathPlaces.js";
import type { Place } from "../../text/span.js";

/** A line of input that shows what is said. */
export interface Evidence {
  readonly kind: "log" | "rule" | "route";
  /** `monitor.log, to-network`, `rule 30000`, `table 200`: short, ours. */
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
  /** The node it is on, where the walk crosses nodes. */
  readonly node?: string;
  /** Whether an event shows the packet here; otherwise it must have passed here (observed) or should have (expected). */
  readonly seen: boolean;
  readonly sentences: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A packet in words: what it is and what became of it. */
export interface PacketStory {
  /** Unique within the case, stable while the files are unchanged. */
  readonly id: string;
  readonly file: string;
  /** `ICMP echo reply from 192.0.2.7 to 10.3.1.83`. */
  readonly title: string;
  /** `ICMP id 5 seq 1, IP id 900`. */
  readonly detail: string;
  readonly direction: "request" | "reply" | "unknown";
  readonly conversation: number;
  readonly status: "broken" | "ok" | "unknown";
  /** What became of it, one sentence. */
  readonly outcome: string;
}

/** A packet's walk in words: the one value that the command line prints and the panel draws. */
export interface WalkStory extends PacketStory {
  readonly hops: readonly HopStory[];
  /** The normal way, where it is known; equal to `hops` where the packet took it. */
  readonly expected?: readonly HopStory[];
  /** Index of the first hop that differs. */
  readonly parting?: number;
  /** How events were joined, and other caveats, a sentence each. */
  readonly notes: readonly string[];
}
