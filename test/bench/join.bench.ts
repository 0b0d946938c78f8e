import { columnNames, createColumnsBuilder } from "../../server/src/core/capture/columns/columnsBuilder.js";
import { columnsOfEvents } from "../../server/src/core/capture/columns/columnsOfEvents.js";
import type { EventColumns } from "../../server/src/core/capture/columns/eventColumns.js";
import { createNames } from "../../server/src/core/capture/columns/names.js";
import { joinColumns } from "../../server/src/core/capture/joining/joinColumns.js";
import { joinPackets } from "../../server/src/core/capture/joinPackets.js";
import { mayFollowPoints } from "../../server/src/core/path/mayFollowPoints.js";
import { aggregate, eventsOf, type FlowKind, playTraffic } from "../core/capture/playTraffic.js";

/**
 * How fast the events of a capture are joined into packets, and what the result costs in memory. Prints, asserts nothing.
 * Run with `node --expose-gc` to see the memory.
 */

const collect = (globalThis as { readonly gc?: () => void }).gc;

function memory(): number {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** The columns several times over, each time with other addresses and sequences: as a longer capture would have them. */
function repeat(columns: EventColumns, times: number): EventColumns {
  const builder = createColumnsBuilder(columns.length * times);
  for (let time = 0; time < times; time++) {
    for (let row = 0; row < columns.length; row++) {
      const added = builder.addRow();
      for (const name of columnNames) builder.columns[name][added] = columns[name][row] ?? 0;
      builder.columns.start[added] = added * 100;
      builder.columns.seq[added] = (columns.seq[row] ?? 0) + time * 0x01000193;
      builder.columns.src[added] = (columns.src[row] ?? 0) + time * 1000;
      builder.columns.dst[added] = (columns.dst[row] ?? 0) + time * 1000;
    }
  }
  return builder.finish();
}

function measure(name: string, columns: EventColumns): void {
  const before = memory();
  let joined = joinColumns(columns, mayFollowPoints);
  const kept = (memory() - before) / columns.length;
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    joined = joinColumns(columns, mayFollowPoints);
    return performance.now() - start;
  });
  const result = `${joined.count} packets, ${joined.conversationCount} conversations`;
  const bytes = collect ? `, ${kept.toFixed(0)} bytes an event` : "";
  console.log(`${name}: ${columns.length} events in ${median(times).toFixed(0)} ms${bytes}; ${result}`);
}

const telling: readonly FlowKind[] = ["tcp4", "tcp4", "tcp4", "udp4", "icmp4", "tcp6"];
const played = (packets: number, kinds: readonly FlowKind[], flows: number) =>
  playTraffic({ seed: 7, packets, cpus: 8, flows, kinds, turn: 200, steeredPercent: 1, lossPerMille: 0 });
const columnsOf = (events: ReturnType<typeof played>) => columnsOfEvents(eventsOf(events), createNames());

const events = eventsOf(played(129_000, telling, 2000));
for (let run = 0; run < 3; run++) {
  const start = performance.now();
  const packets = joinPackets(events, mayFollowPoints);
  console.log(
    `joinPackets: ${events.length} events in ${(performance.now() - start).toFixed(0)} ms; ${packets.length} packets`,
  );
}
const few = columnsOfEvents(events, createNames());
measure("few", few);
measure("many", repeat(few, 4));
measure("more", repeat(few, 16));
measure("aggregated", repeat(columnsOf(aggregate(played(129_000, telling, 2000), 1)), 8));
measure("without content keys", repeat(columnsOf(played(129_000, ["udp4zero", "icmp6"], 2000)), 4));
measure("all alike", repeat(columnsOf(played(60_000, ["synAck"], 1)), 8));
measure("one flow without content keys", repeat(columnsOf(played(60_000, ["icmp6"], 1)), 8));
