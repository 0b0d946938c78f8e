import { readTranscript } from "../../server/src/core/iproute/readTranscript.js";

/**
 * How fast dumps are read, and what a table of a million routes costs in memory. Prints, asserts nothing.
 * Run with `node --expose-gc` to see the memory.
 */

function quad(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** Many destinations by few gateways, as a router has them. */
function internetTable(routes: number): string {
  const lines = Array.from({ length: routes }, (_, index) => {
    const hop = index % 40;
    return `${quad((1 << 24) + index * 256)}/24 via 192.0.2.${hop + 1} dev eth${hop % 4} proto bird metric 32 `;
  });
  return `$ ip route\n${lines.join("\n")}\n`;
}

/** Every route by a device of its own, as a node with one veth for each pod has them. */
function podTable(routes: number): string {
  const lines = Array.from(
    { length: routes },
    (_, index) =>
      `${quad((10 << 24) + index)} dev lxc${index.toString(16).padStart(12, "0")} proto kernel scope link src 10.0.0.1 `,
  );
  return `$ ip route\n${lines.join("\n")}\n`;
}

function internetTable6(routes: number): string {
  const lines = Array.from({ length: routes }, (_, index) => {
    const prefix = `2001:${(index >>> 16).toString(16)}:${(index & 0xffff).toString(16)}::/48`;
    return `${prefix} via fe80::${(index % 40) + 1} dev eth0 proto bird metric 32 pref medium`;
  });
  return `$ ip -6 route\n${lines.join("\n")}\n`;
}

function rules(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `${index}:\tfrom ${quad((10 << 24) + index)} lookup ${index % 250}`,
  );
  return `$ ip rule\n${lines.join("\n")}\n`;
}

const collect = (globalThis as { readonly gc?: () => void }).gc;

function heap(): number {
  collect?.();
  return process.memoryUsage().heapUsed / 1e6;
}

function measure(name: string, text: string): void {
  const before = heap();
  const start = performance.now();
  const transcript = readTranscript("bench", text);
  const time = performance.now() - start;
  const grown = heap() - before;
  const read = transcript.sections.reduce(
    (sum, section) =>
      sum + (section.kind === "routes" ? section.routes.length : section.kind === "rules" ? section.rules.length : 0),
    0,
  );
  const memory = collect ? `, ${grown.toFixed(0)} MB beside ${(text.length / 1e6).toFixed(0)} MB of text` : "";
  console.log(`${name}: ${read} read in ${time.toFixed(0)} ms${memory}; ${transcript.problems.length} problems`);
}

measure("warm-up, 20 000 routes of pods", podTable(20_000));
measure("100 000 routes, 40 gateways", internetTable(100_000));
measure("100 000 routes, a device each", podTable(100_000));
measure("100 000 IPv6 routes", internetTable6(100_000));
measure("100 000 rules", rules(100_000));
measure("1 000 000 routes, 40 gateways", internetTable(1_000_000));
measure("5 MB in one line", "default via 10.0.0.1 ".repeat(250_000));
measure("5 MB of rule heads in one line", "1: from all ".repeat(420_000));
measure("5 MB of brackets", "[{".repeat(2_500_000));
measure("5 MB of escape sequences", "\x1b]".repeat(2_500_000));
