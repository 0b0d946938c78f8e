import type { EventColumns } from "../columns/eventColumns.js";
import { pointOf } from "../columns/pointKinds.js";
import { lostBetween } from "../lostBetween.js";
import type { PacketRows } from "./joinedColumns.js";
import { createRowTable, mixHash } from "./rowTable.js";

const toProxy = pointOf("to-proxy");
const fromProxy = pointOf("from-proxy");

/** How far apart in the file a packet for a proxy and the one that the proxy sent for it are looked for. */
const farApart = 1 << 14;

/**
 * Finds for a packet that a proxy sent the packet that made it do so: the last one given to a proxy for the same destination and port, from the
 * same identity, which the proxy hands on in the fwmark (bpf/lib/proxy.h; MARK_MAGIC_PROXY_INGRESS and _EGRESS). The connection is the
 * proxy's own, mostly with a port of its own, and data is not copied packet by packet: the two are related, no more.
 *
 * @returns packet given to the proxy by packet sent by it
 */
export function proxyPackets(columns: EventColumns, { packet, strength }: PacketRows): Map<number, number> {
  const { length, point, dst, dport, protocol, srcIdentity } = columns;
  const causedBy = new Map<number, number>();
  let given = 0;
  for (let row = 0; row < length; row++) if (point[row] === toProxy) given++;
  if (given === 0) return causedBy;
  const table = createRowTable(
    (a, b) =>
      dst[a] === dst[b] && dport[a] === dport[b] && protocol[a] === protocol[b] && srcIdentity[a] === srcIdentity[b],
  );
  const hash = (row: number) =>
    mixHash(mixHash(mixHash(dst[row] ?? 0, dport[row] ?? 0), protocol[row] ?? 0), srcIdentity[row] ?? 0);
  for (let row = 0; row < length; row++) {
    if (point[row] === toProxy) table.replaceLatest(row, hash(row));
    else if (point[row] === fromProxy && strength[row] === 0) {
      const cause = table.latest(row, hash(row));
      if (cause < 0 || row - cause > farApart || lostBetween(columns, cause, row)) continue;
      causedBy.set(packet[row] ?? 0, packet[cause] ?? 0);
    }
  }
  return causedBy;
}
