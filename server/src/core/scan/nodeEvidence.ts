import type { EventColumns } from "../capture/columns/eventColumns.js";
import { protocols } from "../capture/columns/protocolNumber.js";
import { observationPoints } from "../cilium/observationPoints.js";
import type { Span } from "../text/span.js";
import { placeOfRow } from "./packetSelection.js";

function codeOf(name: string): number {
  return observationPoints.find((point) => point.name === name)?.code ?? -1;
}

const fromEndpoint = codeOf("from-endpoint");
const toEndpoint = codeOf("to-endpoint");
const fromNetwork = codeOf("from-network");

/** What the rows of a capture show of its node, and where the few events stand that show it. */
export interface NodeEvidence {
  /** In ascending order: the events that show what is below, the first event at each point, and the last event. */
  readonly places: readonly Span[];
  /** Id of the endpoint of this node that has an address, by the index of the address in `Names`. */
  readonly endpoints: ReadonlyMap<number, number>;
  /** Name of the device, by the name of the MAC address on which it receives; indexes in `Names`. */
  readonly devices: ReadonlyMap<number, number>;
}

/** Gathers the evidence of a capture whose rows come a portion after the other, in the order of the file. */
export interface EvidenceReader {
  add(columns: EventColumns): void;
  finish(): NodeEvidence;
}

export function evidenceReader(): EvidenceReader {
  // By index of the address; arrays, as every other row is looked up.
  const ids: (number | undefined)[] = [];
  const idDevices: (number | undefined)[] = [];
  const devices = new Map<number, number>();
  const seen = new Uint8Array(256);
  const places: Span[] = [];
  let last: Span | undefined;

  return {
    add(columns) {
      const { length, point, protocol, src, dst, source, dstEndpoint, device, dstMac } = columns;
      for (let row = 0; row < length; row++) {
        const at = point[row] ?? 0;
        let tells = seen[at] === 0;
        seen[at] = 1;
        if ((at === fromEndpoint || at === toEndpoint) && protocol[row] !== protocols.frame) {
          const sends = at === fromEndpoint;
          const id = sends ? source[row] : dstEndpoint[row] || source[row];
          const address = (sends ? src[row] : dst[row]) ?? 0;
          const by = sends ? 0 : (device[row] ?? 0);
          if (id && (ids[address] !== id || (by !== 0 && idDevices[address] === undefined))) {
            if (ids[address] !== id) idDevices[address] = undefined;
            ids[address] = id;
            if (by !== 0) idDevices[address] = by;
            tells = true;
          }
        } else if (at === fromNetwork && device[row] && dstMac[row]) {
          const mac = dstMac[row] ?? 0;
          if (devices.get(mac) !== device[row]) {
            devices.set(mac, device[row] ?? 0);
            tells = true;
          }
        }
        if (tells) places.push(placeOfRow(columns, row));
      }
      if (length > 0) last = placeOfRow(columns, length - 1);
    },
    finish() {
      if (last && places.at(-1)?.start !== last.start) places.push(last);
      const endpoints = new Map<number, number>();
      ids.forEach((id, address) => {
        if (id !== undefined) endpoints.set(address, id);
      });
      return { places, endpoints, devices };
    },
  };
}

/**
 * Looks once through the rows for endpoints (as `learnEndpoints` does), devices (as `learnDevices` does) and the observation points that
 * report at all.
 */
export function nodeEvidence(columns: EventColumns): NodeEvidence {
  const reader = evidenceReader();
  reader.add(columns);
  return reader.finish();
}
