import assert from "node:assert/strict";
import fc from "fast-check";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { eventLine } from "./eventLine.js";

/** A flow as Hubble's printer gets it (hubble/pkg/printer of Cilium 1.19.4), as far as text shows it. */
interface PrintedFlow {
  readonly time: string;
  readonly node?: string;
  readonly source: string;
  readonly destination: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly isReply?: boolean;
  readonly type: string;
  readonly verdict: string;
  readonly summary: string;
}

function compact(flow: PrintedFlow): string {
  const [left, leftId, right, rightId] = flow.isReply
    ? [flow.destination, flow.destinationId, flow.source, flow.sourceId]
    : [flow.source, flow.sourceId, flow.destination, flow.destinationId];
  const arrow = flow.isReply === undefined ? "<>" : flow.isReply ? "<-" : "->";
  const node = flow.node === undefined ? "" : ` [${flow.node}]`;
  return `${flow.time}${node}: ${left} (${leftId}) ${arrow} ${right} (${rightId}) ${flow.type} ${flow.verdict} (${flow.summary})`;
}

function table({ time, node, source, destination, type, verdict, summary }: PrintedFlow): string {
  const cells = [time, ...(node === undefined ? [] : [node]), source, destination, type, verdict, summary];
  return cells.map((cell) => cell.padEnd(20)).join("   ");
}

function dict({ time, node, source, destination, type, verdict, summary }: PrintedFlow): string {
  return [
    `  TIMESTAMP: ${time}`,
    ...(node === undefined ? [] : [`       NODE: ${node}`]),
    `     SOURCE: ${source}`,
    `DESTINATION: ${destination}`,
    `       TYPE: ${type}`,
    `    VERDICT: ${verdict}`,
    `    SUMMARY: ${summary}`,
  ].join("\n");
}

const address = fc.constantFrom("10.1.0.7:4242", "192.0.2.9:80", "[2001:db8::1]:53", "shop/web-0:8080");
const flows: fc.Arbitrary<PrintedFlow> = fc.record(
  {
    time: fc.constantFrom("Jan  2 15:04:05.000", "2026-01-02T15:04:05.123Z", "Fri, 02 Jan 2026 15:04:05 +0000"),
    node: fc.constantFrom("n1", "default/kind-worker"),
    source: address,
    destination: address,
    sourceId: fc.constantFrom("ID:4711", "host", "unknown"),
    destinationId: fc.constantFrom("ID:16777217", "remote-node", "kube-apiserver"),
    isReply: fc.boolean(),
    type: fc.constantFrom("to-stack", "from-endpoint", "to-overlay"),
    verdict: fc.constant("FORWARDED"),
    summary: fc.constantFrom("TCP Flags: SYN", "TCP Flags: SYN, ACK", "UDP", "IP Trace ID: 5; TCP Flags: FIN"),
  },
  {
    requiredKeys: ["time", "source", "destination", "sourceId", "destinationId", "type", "verdict", "summary"],
  },
);

/** What was read, without identities and reply where a layout does not print them. */
function read(text: string, hasAll: boolean): string[] {
  return readCapture("f", text).events.map((event) =>
    eventLine(
      hasAll || event.type !== "trace"
        ? event
        : { ...event, srcIdentity: 0, dstIdentity: 0, hubble: withoutReply(event.hubble) },
    ),
  );
}

function withoutReply<Hubble extends object>(hubble: Hubble | undefined): Omit<Hubble, "isReply"> {
  const { isReply, ...rest } = (hubble ?? {}) as Hubble & { isReply?: boolean };
  return rest as Omit<Hubble, "isReply">;
}

describe("the layouts of hubble observe", () => {
  it("say the same of a flow, as far as they print it", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const lines = read(compact(flow), false);
        assert.equal(lines.length, 1);
        assert.deepEqual(read(table(flow), false), lines);
        assert.deepEqual(read(dict(flow), false), lines);
      }),
      { numRuns: 300 },
    );
  });

  it("tell a reply by the arrow, where it does not say that nothing is known", () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const [event] = readCapture("f", compact(flow)).events;
        assert.equal(event?.hubble?.isReply, flow.isReply);
      }),
      { numRuns: 100 },
    );
  });
});
