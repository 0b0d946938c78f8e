import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeNode } from "./capture/writeCapture.js";

/**
 * How fast a large capture is indexed, and what it costs other programs to read it. Every measurement runs in a process of its own, one
 * round after the other, so that a busy machine slows all of them; the median of the rounds is printed, with the peak memory. The answers
 * are compared: how many packets came in by `from-network`. Prints, asserts nothing.
 *
 * PACKETWALK_BENCH_MB: size of the capture (1000), PACKETWALK_BENCH_ROUNDS: rounds (3).
 */

const megabytes = Number(process.env.PACKETWALK_BENCH_MB ?? 1000);
const rounds = Number(process.env.PACKETWALK_BENCH_ROUNDS ?? 3);

const folder = join(tmpdir(), `packetwalk-bench-${megabytes}`);
const file = join(folder, "monitor.log");

interface Measured {
  readonly ms: number;
  /** Processor time of all threads, ms; it tells more than `ms` on a machine that is shared. */
  readonly cpu?: number;
  /** Peak memory in MB. */
  readonly memory: number | undefined;
  readonly answer: string;
  /** Times of the steps, ms. */
  readonly steps?: Readonly<Record<string, number>>;
}

interface Contender {
  readonly name: string;
  readonly run: () => Measured | undefined;
}

/** A step of test/bench/capture/measure.ts in a process of its own. */
function ours(step: string): Measured | undefined {
  const script = fileURLToPath(new URL("./capture/measure.js", import.meta.url));
  const { stdout, status, stderr } = spawnSync(process.execPath, [script, step, file, join(folder, "cache")], {
    encoding: "utf8",
  });
  if (status === 0) return JSON.parse(stdout) as Measured;
  console.log(`${step}: ${stderr.split("\n").find((line) => /Error/.test(line)) ?? stderr}`);
  return undefined;
}

/** A program, if it is there; its peak memory by GNU time, if that is there. */
function program(command: string, args: readonly string[]): Measured | undefined {
  if (spawnSync("which", [command]).status !== 0) return undefined;
  const timed = existsSync("/usr/bin/time");
  const start = performance.now();
  const { stdout, stderr, status } = timed
    ? spawnSync("/usr/bin/time", ["-f", "%M", command, ...args], { encoding: "utf8", maxBuffer: 1 << 30 })
    : spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 30 });
  const ms = performance.now() - start;
  if (status !== 0) return undefined;
  const memory = timed ? Number(stderr.trim().split("\n").at(-1)) / 1000 : undefined;
  return { ms, memory, answer: stdout.trim() };
}

/** The answer of a program that prints a line for each hit. */
function countingLines(measured: Measured | undefined): Measured | undefined {
  return measured && { ...measured, answer: String(measured.answer.split("\n").length) };
}

const contenders: readonly Contender[] = [
  { name: "packetwalk: index (scan, join, classes, walks)", run: () => ours("index") },
  { name: "packetwalk: the same, one thread", run: () => ours("single") },
  { name: "packetwalk: the scan alone", run: () => ours("scan") },
  { name: "packetwalk: the scan alone, one thread", run: () => ours("single scan") },
  { name: "packetwalk: second opening, index kept", run: () => ours("again") },
  { name: "Node: JSON.parse of each line", run: () => ours("parse") },
  { name: "DuckDB: load the same columns", run: () => ours("duckdb") },
  {
    name: "ripgrep: count lines (no structure)",
    run: () => program("rg", ["-c", '"observationPoint":"from-network"', file]),
  },
  {
    name: "grep: count lines (no structure)",
    run: () => program("grep", ["-cF", '"observationPoint":"from-network"', file]),
  },
  {
    name: "lnav: open and filter lines (monitor JSON has no time, so no format of its own)",
    run: () => countingLines(program("lnav", ["-n", "-c", ':filter-in "observationPoint":"from-network"', file])),
  },
  {
    name: "jq: select one field",
    run: () =>
      countingLines(program("jq", ["-R", 'fromjson? | select(.observationPoint == "from-network") | 1', file])),
  },
];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

if (!existsSync(file) || Math.abs(statSync(file).size - megabytes * 1e6) > 1e6) {
  mkdirSync(folder, { recursive: true });
  const start = performance.now();
  writeNode(folder, megabytes * 1e6);
  console.log(`made ${file} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
for (let read = 0; read < 2; read++) spawnSync("wc", ["-l", file]);
console.log(
  `${cpus()[0]?.model}, ${availableParallelism()} processors, Node ${process.version}, ${megabytes} MB, ${rounds} rounds`,
);
console.log(
  `load of the machine when begun: ${readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ")}`,
);

const results = new Map<string, Measured[]>();
for (let round = 0; round < rounds; round++) {
  for (const { name, run } of contenders) {
    const measured = run();
    console.log(`round ${round + 1}: ${name}: ${measured ? `${measured.ms.toFixed(0)} ms` : "not measured"}`);
    if (measured) results.set(name, [...(results.get(name) ?? []), measured]);
  }
}
for (const { name } of contenders) {
  const measured = results.get(name) ?? [];
  if (measured.length === 0) {
    console.log(`${name}: not installed, not measured`);
    continue;
  }
  const times = measured.map(({ ms }) => ms);
  const cpu = median(measured.map((each) => each.cpu ?? Number.NaN));
  const memory = measured[0]?.memory;
  const steps = Object.keys(measured[0]?.steps ?? {}).map(
    (step) => `${step} ${median(measured.map((each) => each.steps?.[step] ?? 0)).toFixed(0)}`,
  );
  console.log(
    `${name}: ${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}), ` +
      (Number.isNaN(cpu) ? "" : `processors ${cpu.toFixed(0)} ms, `) +
      `peak ${memory === undefined ? "not measured" : `${memory.toFixed(0)} MB`}, answer ${[...new Set(measured.map(({ answer }) => answer))].join(" / ")}` +
      (steps.length > 0 ? `; ${steps.join(", ")}` : ""),
  );
}
