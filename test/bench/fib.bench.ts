import { compileFib, type Fib } from "../../server/src/core/fib/compileFib.js";
import { decide } from "../../server/src/core/fib/decide.js";
import { type Flow, forwardedFlow } from "../../server/src/core/fib/flow.js";
import type { Route } from "../../server/src/core/iproute/route.js";
import type { Rule } from "../../server/src/core/iproute/rule.js";
import { formatAddress } from "../../server/src/core/net/address.js";
import { formatPrefix, networkOf, type Prefix } from "../../server/src/core/net/prefix.js";
import type { NodeState, Table } from "../../server/src/core/state/nodeState.js";
import { openNamespace } from "../../server/src/node/kernel/namespace.js";

/**
 * How many look-ups a second, by the number of routes, behind 200 rules that none of the flows matches; beside it the kernel's own rate
 * through `ip -batch`. Prints, asserts nothing. Run with `node --expose-gc` to see the memory.
 */

/** A small generator of pseudo-random numbers (mulberry32), so that every run has the same tables. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const place = { file: "bench", start: 0, end: 0 };
const main = { id: 254, name: "main" };

/** Prefixes as the Internet has them: mostly /24, many inside of shorter ones. */
function internetRoutes(count: number): Route[] {
  const next = random(1);
  const lengths = [24, 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 18, 16, 12];
  const known = new Set<number>();
  const routes: Route[] = [];
  while (routes.length < count) {
    const length = lengths[next() % lengths.length] ?? 24;
    const value = (next() & (-1 << (32 - length))) >>> 0;
    const first = value >>> 24;
    if (first === 0 || first === 10 || first === 127 || first >= 224 || known.has(value * 64 + length)) continue;
    known.add(value * 64 + length);
    const dst: Prefix = { family: 4, value: BigInt(value), length };
    const via = { family: 4, value: BigInt((192 << 24) >>> 0) + BigInt(2 + (routes.length % 40)) } as const;
    routes.push({
      family: 4,
      type: "unicast",
      dst,
      nexthops: [{ via, dev: "eth0", flags: [] }],
      table: main,
      metric: 32,
      place,
    });
  }
  // As the kernel dumps them: by address, at one address the longer prefix first.
  return routes.sort((a, b) => Number(a.dst.value - b.dst.value) || b.dst.length - a.dst.length);
}

function rules(count: number): Rule[] {
  const common = { family: 4, not: false, place, incomplete: false } as const;
  const selector = (at: number) => {
    const address = { family: 4, value: BigInt((10 << 24) + at * 259), length: 32 } as const;
    return [
      { from: address },
      { to: address },
      { fwmark: { value: (at << 8) | 0x200, mask: 0xffff00 } },
      { iif: { name: `lxc${at}`, detached: false } },
    ][at % 4];
  };
  const list: Rule[] = Array.from({ length: count - 2 }, (_, at) => ({
    ...common,
    ...selector(at),
    priority: 1000 + at,
    action: { type: "lookup", table: { id: 100 } },
  }));
  const look = (priority: number, table: typeof main): Rule => ({
    ...common,
    priority,
    action: { type: "lookup", table },
  });
  return [look(0, { id: 255, name: "local" }), ...list, look(32766, main)];
}

function node(routes: readonly Route[], ruleList: readonly Rule[]): NodeState {
  const table = (id: number, name: string, entries: readonly Route[]): [number, Table] => [
    id,
    { id, name, routes: entries, origin: "dumped", exact: true },
  ];
  const own: Route = {
    family: 4,
    type: "local",
    dst: { family: 4, value: BigInt((10 << 24) + 2), length: 32 },
    nexthops: [{ dev: "eth0", flags: [] }],
    table: { id: 255, name: "local" },
    place,
  };
  const empty = { rules: undefined, rulesComplete: false, hiddenSelectors: [], tables: new Map() };
  const family = {
    rules: ruleList,
    rulesComplete: true,
    hiddenSelectors: [],
    tables: new Map([table(255, "local", [own]), table(254, "main", routes)]),
  };
  return {
    name: "bench",
    families: { 4: family, 6: empty },
    links: new Map(),
    linksComplete: false,
    sysctls: new Map(),
    tableNames: new Map(),
    problems: [],
    files: [],
  };
}

/** Packets from one pod to hosts that the routes know. */
function flows(routes: readonly Route[], count: number): Flow[] {
  const next = random(2);
  return Array.from({ length: count }, () => {
    const { dst } = routes[next() % routes.length] ?? { dst: networkOf({ family: 4, value: 0n, length: 0 }) };
    const host = { family: 4, value: dst.value + BigInt(next() % 2 ** (32 - dst.length)) } as const;
    const src = { family: 4, value: BigInt((10 << 24) + 77) } as const;
    return forwardedFlow({
      src,
      dst: host,
      iif: "eth0",
      fwmark: 0,
      tos: 0,
      ipproto: 6,
      sport: 40000,
      dport: 443,
      tunId: 0n,
    });
  });
}

/** Milliseconds of processor time that this process has used: other processes' load does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Look-ups in a second of one core. */
function measure(fib: Fib, asked: readonly Flow[]): number {
  for (const flow of asked) decide(fib, flow);
  let found = 0;
  let rounds = 0;
  let spent = 0;
  for (const begin = processorTime(); spent < 1000; spent = processorTime() - begin) {
    for (const flow of asked) if (decide(fib, flow).type === "route") found++;
    rounds++;
  }
  if (found !== rounds * asked.length) throw new Error("Some flows have no route.");
  return (rounds * asked.length * 1000) / spent;
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

async function kernelRate(
  routes: readonly Route[],
  ruleList: readonly Rule[],
  asked: readonly Flow[],
): Promise<string> {
  const ns = await openNamespace();
  if (typeof ns === "string") return ns;
  try {
    ns.batch([
      "link set lo up",
      "link add eth0 type veth peer name w0",
      "link set w0 up",
      "link set eth0 up",
      "addr add 192.0.0.1/24 dev eth0",
    ]);
    ns.batch(
      routes.map(
        ({ dst, nexthops }) => `route add ${formatPrefix(dst)} via ${formatAddress(nexthops[0]?.via ?? dst)} metric 32`,
      ),
    );
    ns.batch(
      ruleList.slice(1, -1).map(({ priority, from, to, fwmark, iif }) => {
        const words = [
          from && `from ${formatPrefix(from)}`,
          to && `to ${formatPrefix(to)}`,
          fwmark && `fwmark ${fwmark.value}/${fwmark.mask}`,
          iif && `iif ${iif.name}`,
        ];
        return `rule add pref ${priority} ${words.filter(Boolean).join(" ")} lookup 100`;
      }),
    );
    const questions = asked.map(({ dst }) => `route get ${formatAddress(dst)}`);
    const begin = performance.now();
    const answers = ns.batch(questions, "-o");
    const spent = performance.now() - begin;
    const good = answers.filter((answer) => "output" in answer).length;
    return `${Math.round((good * 1000) / spent).toLocaleString("en")} answers/s through ip -batch`;
  } finally {
    ns.close();
  }
}

const ruleList = rules(200);
console.log("  routes    ready in    memory     look-ups/s   each");
for (const count of [100, 1_000, 10_000, 100_000, 1_000_000]) {
  const routes = internetRoutes(count);
  const state = node(routes, ruleList);
  const before = heap();
  const begin = processorTime();
  const fib = compileFib(state, 4);
  // Tables are made ready when first asked.
  fib.tables.get(main.id);
  const ready = processorTime() - begin;
  const memory = (heap() - before) / 2 ** 20;
  const rate = measure(fib, flows(routes, 2_000));
  console.log(
    `${count.toString().padStart(9)} ${ready.toFixed(0).padStart(8)} ms ${memory.toFixed(0).padStart(6)} MB ${Math.round(rate).toLocaleString("en").padStart(14)} ${(1e9 / rate).toFixed(0).padStart(5)} ns`,
  );
}
const routes = internetRoutes(10_000);
console.log(`The kernel, 200 rules, 10 000 routes: ${await kernelRate(routes, ruleList, flows(routes, 50_000))}`);
