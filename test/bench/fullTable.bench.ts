import { compileFib } from "../../server/src/core/fib/compileFib.js";
import { decide } from "../../server/src/core/fib/decide.js";
import { localFlow } from "../../server/src/core/fib/flow.js";
import { readTranscript } from "../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../server/src/core/state/mergeNode.js";

/**
 * From the text of a full Internet table (a million routes) to the first look-up: reading, merging, making ready. Prints, asserts nothing.
 * Run with `node --expose-gc` to see the memory.
 */

const count = 1_000_000;

/** A dump of one router: default rules, and `count` prefixes of 24 bits by forty gateways. */
function dump(): string {
  const first = 0x01000000;
  const lines = [
    "$ ip rule",
    "0:\tfrom all lookup local",
    "32766:\tfrom all lookup main",
    "32767:\tfrom all lookup default",
    "$ ip route",
    "default via 192.0.2.1 dev eth0",
  ];
  for (let at = 0; at < count; at++) {
    const network = first + at * 3 * 256;
    const bytes = [24, 16, 8].map((shift) => (network >>> shift) & 255).join(".");
    lines.push(`${bytes}.0/24 via 192.0.2.${2 + (at % 40)} dev eth0 proto bgp metric 32`);
  }
  return `${lines.join("\n")}\n`;
}

function heap(): number {
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers) / 2 ** 20;
}

const text = dump();
const before = heap();
const begin = performance.now();
let last = begin;
function lap(what: string): void {
  const now = performance.now();
  console.log(`${what.padEnd(12)} ${(now - last).toFixed(0).padStart(6)} ms`);
  last = now;
}

const transcript = readTranscript("node.txt", text);
lap("reading");
const state = mergeNode("node", [transcript]);
lap("merging");
const fib = compileFib(state, 4);
const answer = decide(
  fib,
  localFlow({
    dst: { family: 4, value: 0x08080808n },
    fwmark: 0,
    tos: 0,
    uid: 0,
    ipproto: 6,
    sport: 0,
    dport: 443,
    tunId: 0n,
  }),
);
lap("first answer");
console.log(
  `${"together".padEnd(12)} ${(last - begin).toFixed(0).padStart(6)} ms for ${count.toLocaleString("en")} routes`,
);
console.log(
  `${"memory".padEnd(12)} ${(heap() - before).toFixed(0).padStart(6)} MB beside ${(text.length / 2 ** 20).toFixed(0)} MB of text`,
);
if (answer.type !== "route") throw new Error("The dump was not read whole.");
