import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CaseView, caseMethod, type PacketsResult, packetsMethod } from "../../server/src/lsp/protocol.js";
import { type InProcessClient, startClient } from "../protocol/inProcessClient.js";
import { writeNode } from "./capture/writeCapture.js";
import { measureDumps } from "./dumpInEditor.js";

/**
 * What an editor waits for with a log of 45 MB open: a client and the server talk through streams in one process, the log sent in
 * portions as the extension sends it. Processor time of both, and for requests the wall clock, which is what a user feels. Prints,
 * asserts nothing. Then the same for dumps (`dumpInEditor`).
 *
 * PACKETWALK_BENCH_MB: size of the log (45).
 */

const megabytes = Number(process.env.PACKETWALK_BENCH_MB ?? 45);
/** As the extension sends it (client/src/portions.ts). */
const portion = 1 << 19;
const rounds = 100;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Spent {
  readonly processor: number;
  readonly wall: number;
}

async function spent(run: () => Promise<unknown>): Promise<Spent> {
  const begin = processorTime();
  const start = performance.now();
  await run();
  return { processor: processorTime() - begin, wall: performance.now() - start };
}

function quantile(numbers: readonly number[], share: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function print(what: string, all: readonly Spent[]): void {
  const processor = all.map((each) => each.processor);
  const wall = all.map((each) => each.wall);
  console.log(
    `${what.padEnd(52)} processor ${quantile(processor, 0.5).padStart(7)} p95 ${quantile(processor, 0.95).padStart(7)}   ` +
      `wall ${quantile(wall, 0.5).padStart(7)} p95 ${quantile(wall, 0.95).padStart(7)} ms`,
  );
}

const folder = mkdtempSync(join(tmpdir(), "pw-editor-"));
writeNode(folder, megabytes * 1e6);
const log = readFileSync(join(folder, "monitor.log"), "utf8");
const lines = log.split("\n");
const uri = pathToFileURL(join(folder, "monitor.log")).toString();
const { connection, diagnostics, dispose }: InProcessClient = await startClient();

/** Asks for the case as the panel and the status do. */
const ask = () => connection.sendRequest<CaseView>(caseMethod, { uri });
const change = (line: number, from: number, to: number, text: string) =>
  connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
  });

/** The text in whole lines of about a portion. */
function* portions(): Generator<{ readonly line: number; readonly text: string }> {
  let line = 0;
  for (let start = 0; start < log.length; ) {
    const newline = log.indexOf("\n", start + portion);
    const end = newline < 0 ? log.length : newline + 1;
    const text = log.slice(start, end);
    yield { line, text };
    line += text.split("\n").length - 1;
    start = end;
  }
}

const [first, ...others] = portions();
console.log(`${megabytes} MB, ${lines.length} lines, Node ${process.version}`);
print("first portion: packets, findings", [
  await spent(async () => {
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "cilium-monitor", version: 1, text: first?.text ?? "" },
    });
    await ask();
    await diagnostics(uri);
  }),
]);
print("the rest, and all its packets and findings", [
  await spent(async () => {
    for (const { line, text } of others) await change(line, 0, 0, text);
    const { packets } = await ask();
    console.log(`  ${JSON.stringify(packets)}`);
  }),
]);

const random = (most: number, at: number) => (at * 2654435761) % most;
async function measure(what: string, run: (at: number) => Promise<unknown>, count = rounds): Promise<void> {
  const all: Spent[] = [];
  for (let at = 0; at < count; at++) all.push(await spent(() => run(at)));
  print(what, all);
}

const position = (at: number) => {
  const line = random(lines.length - 1, at + 1);
  return { textDocument: { uri }, position: { line, character: random(lines[line]?.length ?? 1, at + 7) } };
};
await measure("hover", (at) => connection.sendRequest("textDocument/hover", position(at)));
await measure("definition", (at) => connection.sendRequest("textDocument/definition", position(at)));
await measure("symbols", () => connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } }));
await measure("code actions on a line", (at) => {
  const { position: start } = position(at);
  const params = { textDocument: { uri }, range: { start, end: start }, context: { diagnostics: [] } };
  return connection.sendRequest("textDocument/codeAction", params);
});
await measure(
  "first 50 packets of the list",
  () => connection.sendRequest<PacketsResult>(packetsMethod, { uri, filter: { text: "", status: "all" }, count: 50 }),
  20,
);
await measure("an edit, and a hover on its line", async (at) => {
  const line = random(lines.length - 1, at + 3);
  await change(line, 0, 0, "#");
  await connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line, character: 40 } });
});
await measure(
  "an edit, and all packets and findings anew",
  async (at) => {
    await change(random(lines.length - 1, at + 3), 0, 1, "");
    await ask();
  },
  20,
);
console.log(`memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
dispose();
rmSync(folder, { recursive: true });
await measureDumps();
process.exit(0);
