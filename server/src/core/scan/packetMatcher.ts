import { type EventColumns, rowFlags } from "../capture/columns/eventColumns.js";
import type { Names } from "../capture/columns/names.js";
import { protocols } from "../capture/columns/protocolNumber.js";
import { directions, type JoinedColumns } from "../capture/joining/joinedColumns.js";
import { observationPoints } from "../cilium/observationPoints.js";

/** What is searched of a capture. */
export interface SearchedCapture {
  readonly columns: EventColumns;
  readonly names: Names;
  readonly joined: JoinedColumns;
}

/** Where a word may be found in a packet, by what stands in the columns. */
interface WordPlaces {
  /** By index in `Names`: addresses, devices, MAC addresses, reasons. */
  readonly names: Uint8Array;
  /** By observation point, IP protocol, direction. */
  readonly points: Uint8Array;
  readonly protocols: Uint8Array;
  readonly directions: Uint8Array;
  /** By port; nothing for a word without digits. */
  readonly ports: Uint8Array | undefined;
  /** Whether the word stands in what all packets of the capture share. */
  readonly everywhere: boolean;
}

function placesOf(word: string, { names }: SearchedCapture, shared: string): WordPlaces {
  const inNames = new Uint8Array(names.size);
  for (let index = 1; index < names.size; index++) {
    if (names.text(index).toLowerCase().includes(word)) inNames[index] = 1;
  }
  const points = new Uint8Array(256);
  for (const { code, name } of observationPoints) if (name.includes(word)) points[code] = 1;
  const inProtocols = new Uint8Array(256);
  for (const [name, number] of Object.entries(protocols)) if (name.includes(word)) inProtocols[number] = 1;
  const inDirections = Uint8Array.from(directions, (name) => Number(name !== "unknown" && name.includes(word)));
  const ports = /^\d{1,5}$/.test(word) ? new Uint8Array(65536) : undefined;
  if (ports) for (let port = 1; port < 65536; port++) if (String(port).includes(word)) ports[port] = 1;
  return {
    names: inNames,
    points,
    protocols: inProtocols,
    directions: inDirections,
    ports,
    everywhere: shared.toLowerCase().includes(word),
  };
}

/**
 * Tells which packets of a large capture have all words of a search, as far as the columns hold what is said of them: addresses, ports,
 * devices, reasons, observation points, protocol, direction.
 *
 * @param words in lower case
 * @param shared what is said of all packets of the capture, its name
 * @returns a test for the packet with a number, from 0
 */
export function packetMatcher(
  capture: SearchedCapture,
  words: readonly string[],
  shared: string,
): (packet: number) => boolean {
  const wanted = words.map((word) => placesOf(word, capture, shared)).filter(({ everywhere }) => !everywhere);
  const { columns, joined } = capture;

  function inRow(row: number, { names, points, protocols: inProtocols, ports }: WordPlaces): boolean {
    if (names[columns.src[row] ?? 0] || names[columns.dst[row] ?? 0] || names[columns.device[row] ?? 0]) return true;
    if (names[columns.reason[row] ?? 0] || points[columns.point[row] ?? 0]) return true;
    if (inProtocols[columns.protocol[row] ?? 0]) return true;
    if (!ports || ((columns.flags[row] ?? 0) & rowFlags.hasPorts) === 0) return false;
    return ports[columns.sport[row] ?? 0] === 1 || ports[columns.dport[row] ?? 0] === 1;
  }

  return (packet) =>
    wanted.every((word) => {
      if (word.directions[joined.direction[packet] ?? 0]) return true;
      for (let at = joined.start[packet] ?? 0; at < (joined.start[packet + 1] ?? 0); at++) {
        if (inRow(joined.rows[at] ?? 0, word)) return true;
      }
      return false;
    });
}
