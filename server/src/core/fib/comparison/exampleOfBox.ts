import { exampleOfClasses } from "../addressClasses.js";
import { type Flow, hasPorts, protocolsWithPorts } from "../flow.js";
import type { NumberField, Premises } from "../openField.js";
import { setHas } from "../valueSet.js";
import type { Box, FlowSpace } from "./box.js";

/**
 * A flow of a box, all of its fields known: the most ordinary one, TCP without a mark or ports where that is in the box. Undefined
 * where no packet fits: longer prefixes leave no address, or ports are asked of a protocol that has none.
 *
 * @param devices names to take an incoming device from, the likeliest first
 */
export function exampleOfBox(space: FlowSpace, box: Box, devices: readonly string[]): Flow | undefined {
  const { template, premises } = box;
  const dst = exampleOfClasses(space.dst, box.dst);
  const src = box.src && exampleOfClasses(space.src, box.src);
  const transport = exampleTransport(template, premises);
  if (!dst || (box.src && !src) || !transport) return undefined;
  const number = (field: NumberField) => template[field] ?? numberFrom(premises, field);
  return {
    family: space.family,
    dst,
    src: src ?? null,
    iif: template.iif ?? exampleDevice(premises, devices),
    oif: template.oif,
    fwmark: number("fwmark"),
    tos: number("tos"),
    flowlabel: number("flowlabel"),
    uid: number("uid"),
    ...transport,
    tunId: template.tunId ?? exampleTunnel(premises),
  };
}

/** TCP first, then others that a reader knows, then whatever else has ports. */
const familiarProtocols = [6, 17, 1, 58, ...protocolsWithPorts];

function exampleTransport(
  template: Box["template"],
  premises: Premises,
): Pick<Flow, "ipproto" | "sport" | "dport"> | undefined {
  const sport = template.sport ?? numberFrom(premises, "sport");
  const dport = template.dport ?? numberFrom(premises, "dport");
  const allowed = premises.numbers.get("ipproto");
  const protocols =
    template.ipproto !== undefined
      ? [template.ipproto]
      : [...familiarProtocols, ...(allowed ?? []).map(({ value }) => value)];
  const ipproto = protocols.find(
    (number) => (!allowed || setHas(allowed, number)) && (hasPorts(number) || (sport === 0 && dport === 0)),
  );
  return ipproto === undefined ? undefined : { ipproto, sport, dport };
}

/** 0 where the premises allow it. */
function numberFrom({ numbers }: Premises, field: NumberField): number {
  const allowed = numbers.get(field);
  const [first] = allowed ?? [];
  if (!allowed || !first || setHas(allowed, 0)) return 0;
  return (first.value & first.mask) >>> 0;
}

/** A device that no dump names stands for all that rules don't name. */
const anyOtherDevice = "other";

function exampleDevice({ iif, notIif }: Premises, devices: readonly string[]): string {
  const candidates = iif ? [...iif] : devices;
  return candidates.find((device) => !notIif.has(device)) ?? anyOtherDevice;
}

function exampleTunnel({ tunId, notTunId }: Premises): bigint {
  let id = tunId ?? 0n;
  while (tunId === undefined && notTunId.includes(id)) id++;
  return id;
}
