import { rowFlags } from "../capture/columns/eventColumns.js";
import type { Names } from "../capture/columns/names.js";
import { protocols } from "../capture/columns/protocolNumber.js";
import { directions } from "../capture/joining/joinedColumns.js";
import { observationPoints } from "../cilium/observationPoints.js";
import type { CaptureSegment } from "./captureSegment.js";

/** Whether a packet of a segment, counted within it, passes; `direction` is its index in `directions`. */
export type PacketTest = (segment: CaptureSegment, packet: number, direction: number) => boolean;

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

function placesOf(word: string, names: Names, shared: string): WordPlaces {
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
 * @param names what the numbers in its columns stand for
 * @param words in lower case
 * @param shared what is said of all packets of the capture, its name
 */
export function packetMatcher(names: Names, words: readonly string[], shared: string): PacketTest {
  const wanted = words.map((word) => placesOf(word, names, shared)).filter(({ everywhere }) => !everywhere);

  function inRow({ columns }: CaptureSegment, row: number, word: WordPlaces): boolean {
    const { names: inNames, points, protocols: inProtocols, ports } = word;
    if (inNames[columns.src[row] ?? 0] || inNames[columns.dst[row] ?? 0]) return true;
    if (inNames[columns.device[row] ?? 0] || inNames[columns.reason[row] ?? 0]) return true;
    if (points[columns.point[row] ?? 0] || inProtocols[columns.protocol[row] ?? 0]) return true;
    if (!ports || ((columns.flags[row] ?? 0) & rowFlags.hasPorts) === 0) return false;
    return ports[columns.sport[row] ?? 0] === 1 || ports[columns.dport[row] ?? 0] === 1;
  }

  return (segment, packet, direction) =>
    wanted.every((word) => {
      if (word.directions[direction]) return true;
      for (let at = segment.start[packet] ?? 0; at < (segment.start[packet + 1] ?? 0); at++) {
        if (inRow(segment, segment.rows[at] ?? 0, word)) return true;
      }
      return false;
    });
}
