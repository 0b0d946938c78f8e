import type { Family } from "../../net/address.js";
import { familiarSources } from "../familiarAddresses.js";
import { addressParts } from "./addressParts.js";
import { allAddresses } from "./addressRanges.js";
import { allNumbers, type NamedSet } from "./flowBox.js";
import { bitsWhere, type Cutting, combineParts, type FlowPart, isAsked } from "./flowParts.js";
import { numberParts, zero } from "./numberParts.js";

/** What is known of where flows come from. */
export interface Origin {
  readonly family: Family;
  /** The device that the flows are bound to. */
  readonly oif: string | null;
  /** A device that no rule names, to stand for all others. */
  readonly otherDevice: string;
}

function namedParts<T extends string | bigint>(
  field: "iif" | "tunId",
  wanted: NamedSet<T> | undefined,
  sets: readonly (NamedSet<T> | undefined)[],
  names: Iterable<T>,
): FlowPart[] {
  const holds = (set: NamedSet<T> | undefined, name: T) => !set || set.names.has(name) === set.inside;
  return [...names]
    .filter((name) => holds(wanted, name))
    .map((name) => ({
      fields: { [field]: name },
      boxes: sets.reduce((bits, set, at) => (holds(set, name) ? bits | (1n << BigInt(at)) : bits), 0n),
    }));
}

/** The parts of the devices that packets may come in by, of some names. */
function deviceParts({ space, boxes }: Cutting, names: Iterable<string>): FlowPart[] {
  return namedParts(
    "iif",
    space.iif,
    boxes.map((box) => box.iif),
    names,
  );
}

/** All devices that boxes name, but the one of packets that the node sends. */
function namedDevices({ space, boxes }: Cutting): Set<string> {
  const devices = new Set([...boxes, space].flatMap(({ iif }) => [...(iif?.names ?? [])]));
  devices.delete("lo");
  return devices;
}

function tunnelParts({ space, boxes }: Cutting, names: Iterable<bigint>): FlowPart[] {
  return namedParts(
    "tunId",
    space.tunId,
    boxes.map((box) => box.tunId),
    names,
  );
}

/** All tunnels that boxes name, none, and one that no box names. */
function namedTunnels({ space, boxes }: Cutting): bigint[] {
  const ids = new Set([0n, ...[...boxes, space].flatMap(({ tunId }) => [...(tunId?.names ?? [])])]);
  let other = 1n;
  while (ids.has(other)) other++;
  return [...ids, other];
}

/**
 * The parts of where a packet comes from: source, device, tunnel and uid. What came in by a device was sent by no socket of this node, so
 * only what the node itself sends has a uid, or in IPv6 no source yet.
 */
export function originParts(cutting: Cutting, { family, oif, otherDevice }: Origin): FlowPart[] | undefined {
  const { space, boxes } = cutting;
  const sources = addressParts(
    space.src?.addresses ?? allAddresses(family),
    boxes.map((box) => box.src?.addresses),
    familiarSources[family],
    (address) => ({ src: { family, value: address } }),
  );
  const maySendNone = family === 6 && (space.src?.none ?? true);
  const asksSource = maySendNone && boxes.some(({ src }) => src !== undefined);
  const asksOrigin =
    [space, ...boxes].some(({ iif, tunId }) => iif !== undefined || tunId !== undefined) || isAsked(cutting, "uid");
  if (oif === null && !asksSource && !asksOrigin) {
    return sources.map(({ fields, boxes: inside }) => ({ fields: { iif: otherDevice, ...fields }, boxes: inside }));
  }
  const noSource: FlowPart[] = maySendNone
    ? [{ fields: { src: null }, boxes: bitsWhere(cutting, ({ src }) => src?.none ?? true) }]
    : [];
  const received = combineParts(cutting, [
    oif === null ? deviceParts(cutting, [otherDevice, ...namedDevices(cutting)]) : [],
    sources,
    numberParts(cutting, "uid", zero),
    tunnelParts(cutting, namedTunnels(cutting)),
  ]);
  const sent = combineParts(cutting, [
    deviceParts(cutting, ["lo"]),
    [...sources, ...noSource],
    numberParts(cutting, "uid", allNumbers("uid")),
    tunnelParts(cutting, [0n]),
  ]);
  return received && sent && [...received, ...sent];
}
