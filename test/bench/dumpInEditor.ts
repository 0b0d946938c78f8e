import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ChangedParams, changedMethod } from "../../server/src/lsp/protocol.js";
import { type InProcessClient, startClient } from "../protocol/inProcessClient.js";
import { dumpKinds, madeDump } from "./madeDump.js";

/**
 * How long a dump of 5 000 rules and 10 000 routes waits for its diagnostics in the editor, by the clock: from the client's message until
 * the answer has come. `node dumpInEditor.js KIND` opens one in a server that has done nothing yet, and prints what that took.
 */
const goals = "Goals: diagnostics 50 ms after opening in a warm server, 10 ms after an edit.";
const rules = 5_000;
const rounds = 7;

function median(numbers: readonly number[]): string {
  return (numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(1);
}

/** A dump that is open in an editor. */
interface OpenDump {
  readonly client: InProcessClient;
  readonly uri: string;
  readonly text: string;
}

/** Settles when the diagnostics of a document have come, and what is known of it has changed. */
function analysed({ connection }: InProcessClient, uri: string): Promise<void> {
  return new Promise((resolve) => {
    connection.onNotification(changedMethod, ({ uris }: ChangedParams) => {
      if (uris.includes(uri)) resolve();
    });
  });
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function openDump({ client, uri, text }: OpenDump): Promise<number> {
  return timed(async () => {
    const done = analysed(client, uri);
    await client.open(uri, text);
    await done;
  });
}

function change({ client, uri }: OpenDump, line: number, from: number, to: number, text: string): Promise<void> {
  return client.connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
  });
}

function editDump(dump: OpenDump, ...[line, from, to, text]: [number, number, number, string]): Promise<number> {
  return timed(async () => {
    const done = analysed(dump.client, dump.uri);
    await change(dump, line, from, to, text);
    await done;
  });
}

/** What a hover waits for while somebody types, with pauses in between as a fast typist makes them. */
async function typedHovers(dump: OpenDump, line: number): Promise<number[]> {
  const waited: number[] = [];
  for (let at = 0; at < 20; at++) {
    await change(dump, line, 0, at % 2, at % 2 === 0 ? "#" : "");
    await new Promise((resolve) => setTimeout(resolve, 60));
    const params = { textDocument: { uri: dump.uri }, position: { line: 2, character: 20 } };
    const hover = dump.client.connection.sendRequest("textDocument/hover", params).catch(() => null);
    waited.push(await timed(() => hover));
  }
  return waited;
}

async function measureKind(kind: (typeof dumpKinds)[number]): Promise<void> {
  const client = await startClient();
  const text = madeDump(kind, rules);
  const lines = text.split("\n");
  const rule = Math.floor(0.3 * lines.length * 0.7);
  const route = Math.floor(lines.length * 0.7);
  const spent: Record<"open" | "rule" | "route" | "line", number[]> = { open: [], rule: [], route: [], line: [] };
  const hovers: number[] = [];
  // The first rounds warm the server.
  for (let round = -2; round < rounds; round++) {
    const uri = `untitled:folder-${round}/node.txt`;
    const dump = { client, uri, text };
    const open = await openDump(dump);
    const at = (lines[rule] ?? "").indexOf("10.");
    const edited = await editDump(dump, rule, at, at + 3, "100.");
    const longer = await editDump(dump, route, lines[route]?.length ?? 0, lines[route]?.length ?? 0, " metric 100");
    const inserted = await editDump(dump, rule, 0, 0, "# a remark\n");
    if (round >= 0) {
      spent.open.push(open);
      spent.rule.push(edited);
      spent.route.push(longer);
      spent.line.push(inserted);
    }
    if (round === rounds - 1) hovers.push(...(await typedHovers(dump, rule)));
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  client.dispose();
  const cold = Array.from({ length: rounds }, () =>
    Number(spawnSync(process.execPath, [fileURLToPath(import.meta.url), kind], { encoding: "utf8" }).stdout),
  );
  const slowest = Math.max(...hovers).toFixed(1);
  console.log(
    `${kind.padEnd(12)} ${[cold, ...Object.values(spent)].map((each) => median(each).padStart(9)).join(" ")}   ` +
      `${median(hovers).padStart(7)} to ${slowest}`,
  );
}

/** Prints the medians of seven rounds for each kind of dump; asserts nothing. */
export async function measureDumps(): Promise<void> {
  console.log(`\n${rules} rules, ${2 * rules} routes. ${goals} By the clock, ms:`);
  console.log(
    `${"kind".padEnd(12)} ${["cold", "open", "rule", "route", "new line"].map((each) => each.padStart(9)).join(" ")}   hover while typing`,
  );
  for (const kind of dumpKinds) await measureKind(kind);
}

const asked = dumpKinds.find((kind) => kind === process.argv[2]);
if (asked) {
  const client = await startClient();
  const spent = await openDump({ client, uri: "untitled:folder/node.txt", text: madeDump(asked, rules) });
  console.log(spent.toFixed(1));
  process.exit(0);
}
