import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EventColumns } from "../../../server/src/core/capture/columns/eventColumns.js";
import { findObservationPoint } from "../../../server/src/core/cilium/observationPoints.js";
import { readFile } from "../../../server/src/core/index.js";
import type { IndexedCapture } from "../../../server/src/core/large/indexedCapture.js";
import { openLargeCase, packetsWithStatus } from "../../../server/src/core/large/largeCase.js";
import { openCapture } from "../../../server/src/node/capture/openCapture.js";
import { scanFile } from "../../../server/src/node/capture/scanFile.js";

/** One measurement of the benchmark `capture`, in this process. Prints what came out as JSON. */

const [step = "", file = "", cacheFolder = ""] = process.argv.slice(2);
const steps: Record<string, number> = {};
const begun = performance.now();
let last = begun;

function took(name: string): void {
  const now = performance.now();
  steps[name] = now - last;
  last = now;
}

function countFromNetwork({ length, point }: EventColumns): number {
  const code = findObservationPoint("from-network")?.code;
  let count = 0;
  for (let row = 0; row < length; row++) if (point[row] === code) count++;
  return count;
}

function fromNetwork({ segments }: IndexedCapture): string {
  return String(segments.spans.reduce((sum, _, index) => sum + countFromNetwork(segments.at(index).columns), 0));
}

/** The scan alone: rows, names, other events. */
async function scan(workers: number | undefined): Promise<string> {
  const { columns } = await scanFile(file, workers === undefined ? {} : { workers });
  return String(countFromNetwork(columns));
}

async function open(workers: number | undefined, cache: string | undefined): Promise<string> {
  let first = 0;
  const capture = await openCapture(file, {
    ...(workers === undefined ? {} : { workers }),
    ...(cache === undefined ? {} : { cacheFolder: cache }),
    onFirst: () => {
      first = performance.now() - begun;
    },
  });
  took("scan and join");
  if (first > 0) steps["first rows after"] = first;
  const dumps = join(dirname(file), "node.txt");
  const dump = readFile({ file: dumps, text: readFileSync(dumps, "utf8") });
  last = performance.now();
  const large = openLargeCase({ files: [dump], captures: [capture], order: [dumps, file] });
  took("classes and their walks");
  const broken = large.captures.flatMap((each) => packetsWithStatus(each, "broken"));
  took("list of broken packets");
  steps.packets = capture.joined.count;
  steps["broken packets"] = broken.length;
  return fromNetwork(capture);
}

function parseLines(): string {
  const descriptor = openSync(file, "r");
  const block = Buffer.alloc(8 << 20);
  let rest = "";
  let count = 0;
  for (let read = readSync(descriptor, block); read > 0; read = readSync(descriptor, block)) {
    const lines = (rest + block.toString("latin1", 0, read)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("{")) continue;
      const { observationPoint } = JSON.parse(line) as { readonly observationPoint?: string };
      if (observationPoint === "from-network") count++;
    }
  }
  closeSync(descriptor);
  return String(count);
}

/** The part of DuckDB's interface that is used; the package is installed for this benchmark only. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }> }>;
    }>;
  };
}

async function loadIntoDuckDb(): Promise<string> {
  const require = createRequire(join(process.env.PACKETWALK_PEERS ?? "", "package.json"));
  const { DuckDBInstance } = (await import(pathToFileURL(require.resolve("@duckdb/node-api")).href)) as DuckDb;
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  took("start");
  await connection.runAndReadAll(`CREATE TABLE events AS SELECT type, observationPoint, state, mark, ifindex, source, srcLabel, dstLabel, dstID,
    summary.l3.src AS src, summary.l3.dst AS dst, summary.l4.src AS sport, summary.l4.dst AS dport, summary.ipv4 AS ipv4,
    summary.tcp AS tcp, summary.icmpv4 AS icmpv4
    FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', ignore_errors = true, columns = {type: 'VARCHAR', observationPoint: 'VARCHAR',
    state: 'VARCHAR', mark: 'VARCHAR', ifindex: 'VARCHAR', source: 'UINTEGER', srcLabel: 'UINTEGER', dstLabel: 'UINTEGER', dstID: 'UINTEGER',
    summary: 'STRUCT(l3 STRUCT(src VARCHAR, dst VARCHAR), l4 STRUCT(src VARCHAR, dst VARCHAR), ipv4 VARCHAR, tcp VARCHAR, icmpv4 VARCHAR)'})`);
  took("load");
  const result = await connection.runAndReadAll("SELECT count(*) FROM events WHERE observationPoint = 'from-network'");
  took("count");
  return String(result.getRows()[0]?.[0]);
}

const measurements: Readonly<Record<string, () => Promise<string>>> = {
  index: () => open(undefined, undefined),
  scan: () => scan(undefined),
  "single scan": () => scan(1),
  single: () => open(1, undefined),
  again: () => open(undefined, cacheFolder),
  keep: () => open(undefined, cacheFolder),
  parse: async () => parseLines(),
  duckdb: loadIntoDuckDb,
};

// The first opening, by another process, keeps the index; only the ones after it are second openings.
if (step === "again") {
  spawnSync(process.execPath, [fileURLToPath(import.meta.url), "keep", file, cacheFolder]);
  last = performance.now();
}
const start = performance.now();
const startCpu = process.cpuUsage();
const answer = await measurements[step]?.();
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(startCpu);
console.log(
  JSON.stringify({ ms, cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS / 1000, answer, steps }),
);
// What is still being written is wanted there.
if (step !== "keep") process.exit(0);
