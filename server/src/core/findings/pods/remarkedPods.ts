import type { CaseNode } from "../../case/case.js";
import { type Address, formatAddress, parseAddress } from "../../net/address.js";
import type { Place } from "../../text/span.js";

/** An address that a remark in a dump calls a pod's. */
export interface RemarkedPod {
  readonly address: Address;
  readonly place: Place;
}

/** A remark about pods, as people write above a list when they ask for help: `# pod IPs on the instance`. */
const remark = /^#.{0,80}\bpods?\b/i;

/** A remark with fewer addresses below it speaks of some pods, not of all. */
const fewestListed = 3;

const known = new WeakMap<CaseNode, ReadonlyMap<string, RemarkedPod>>();

/**
 * The pods that remarks name, by the notation of the address: a line that begins with `#` and speaks of pods, and below it nothing but an
 * address a line. An address that stands there twice is left out, for it is the node's, of pods in the node's network. Found once for a node.
 */
export function remarkedPods(node: CaseNode): ReadonlyMap<string, RemarkedPod> {
  const found = known.get(node) ?? findPods(node);
  known.set(node, found);
  return found;
}

function findPods({ files }: CaseNode): ReadonlyMap<string, RemarkedPod> {
  const pods = new Map<string, RemarkedPod>();
  const repeated = new Set<string>();
  for (const { file, text } of files) {
    for (const at of remarksIn(text)) {
      const list = addressesBelow(file, text, at);
      for (const pod of list.length < fewestListed ? [] : list) {
        const key = formatAddress(pod.address);
        if (pods.has(key)) repeated.add(key);
        pods.set(key, pod);
      }
    }
  }
  for (const key of repeated) pods.delete(key);
  return pods;
}

/** Where remarks about pods begin. */
function* remarksIn(text: string): Iterable<number> {
  let at = text.startsWith("#") ? 0 : text.indexOf("\n#") + 1;
  for (let next = 0; next >= 0; at = next + 1) {
    if (text[at] === "#" && remark.test(text.slice(at, at + 100))) yield at;
    next = text.indexOf("\n#", at);
  }
}

/** The addresses on the lines below the one at `at`, as far as nothing else stands there. */
function addressesBelow(file: string, text: string, at: number): RemarkedPod[] {
  const found: RemarkedPod[] = [];
  for (let line = text.indexOf("\n", at) + 1; line > 0; ) {
    const end = text.indexOf("\n", line);
    const words = text.slice(line, Math.min(end < 0 ? text.length : end, line + 100)).trim();
    const address = parseAddress(words);
    if (!address) return found;
    const start = text.indexOf(words, line);
    found.push({ address, place: { file, start, end: start + words.length } });
    if (end < 0) return found;
    line = end + 1;
  }
  return found;
}
