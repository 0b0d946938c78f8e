import type { Flow } from "./flow.js";
import { intersectSets, isSubset, setHas, subtractSet, type ValueSet } from "./valueSet.js";

/** The numbers of a flow that may be open, with the bits each of them has. */
export const numberFieldMasks = {
  fwmark: 0xffffffff,
  tos: 0xff,
  flowlabel: 0xfffff,
  uid: 0xffffffff,
  ipproto: 0xffff,
  sport: 0xffff,
  dport: 0xffff,
} as const;

export type NumberField = keyof typeof numberFieldMasks;

/** The fields of a flow that may be open. */
export type OpenFields = Pick<Flow, NumberField | "iif" | "tunId">;

/** A question about a number of a flow. */
export interface NumberCondition {
  readonly field: NumberField;
  readonly set: ValueSet;
  /** e.g. `fwmark & 0xf00 = 0x200`. */
  readonly words: string;
}

/** A question about one field of a flow that the flow may leave open. */
export type Condition =
  | NumberCondition
  | { readonly field: "iif"; readonly devices: ReadonlySet<string>; readonly words: string }
  | { readonly field: "tunId"; readonly id: bigint; readonly words: string };

/** What is taken for granted of the fields a flow leaves open, on one side of a branch. */
export interface Premises {
  readonly numbers: ReadonlyMap<NumberField, ValueSet>;
  /** The devices that `iif` is one of; undefined = any. */
  readonly iif: ReadonlySet<string> | undefined;
  readonly notIif: ReadonlySet<string>;
  readonly tunId: bigint | undefined;
  readonly notTunId: readonly bigint[];
}

export const noPremises: Premises = {
  numbers: new Map(),
  iif: undefined,
  notIif: new Set(),
  tunId: undefined,
  notTunId: [],
};

/** Whether the condition holds for the flow under the premises; `undefined` where it may or may not. */
export function testCondition(condition: Condition, flow: OpenFields, premises: Premises): boolean | undefined {
  switch (condition.field) {
    case "iif":
      return flow.iif === undefined ? testDevice(condition.devices, premises) : condition.devices.has(flow.iif);
    case "tunId":
      if (flow.tunId !== undefined) return flow.tunId === condition.id;
      if (premises.tunId !== undefined) return premises.tunId === condition.id;
      return premises.notTunId.includes(condition.id) ? false : undefined;
    default: {
      const actual = flow[condition.field];
      return actual === undefined ? testNumber(condition, premises) : setHas(condition.set, actual);
    }
  }
}

/** The premises with the condition (or, for `holds` false, its opposite) added. Only sensible where the test is undecided. */
export function assume(condition: Condition, holds: boolean, premises: Premises): Premises {
  switch (condition.field) {
    case "iif": {
      const { devices } = condition;
      if (!holds) return { ...premises, notIif: new Set([...premises.notIif, ...devices]) };
      const before = premises.iif;
      return { ...premises, iif: before ? new Set([...devices].filter((device) => before.has(device))) : devices };
    }
    case "tunId":
      return holds
        ? { ...premises, tunId: condition.id }
        : { ...premises, notTunId: [...premises.notTunId, condition.id] };
    default: {
      const possible = possibleNumbers(condition.field, premises);
      const exact = holds ? intersectSets(possible, condition.set) : subtractSet(possible, condition.set);
      const rest = exact.length > pieceLimit ? possible : exact;
      return { ...premises, numbers: new Map(premises.numbers).set(condition.field, rest) };
    }
  }
}

/**
 * Masks made to be nasty can break a set into any number of pieces. Beyond this many the premise is not taken in: what is possible then
 * is overestimated, which may cost a needless branch and nothing else.
 */
const pieceLimit = 4096;

function testNumber(condition: NumberCondition, premises: Premises): boolean | undefined {
  const possible = possibleNumbers(condition.field, premises);
  if (intersectSets(possible, condition.set).length === 0) return false;
  return isSubset(possible, condition.set) ? true : undefined;
}

function possibleNumbers(field: NumberField, premises: Premises): ValueSet {
  return premises.numbers.get(field) ?? [{ value: 0, mask: ~numberFieldMasks[field] >>> 0 }];
}

function testDevice(devices: ReadonlySet<string>, { iif, notIif }: Premises): boolean | undefined {
  if (!iif) return [...devices].every((device) => notIif.has(device)) ? false : undefined;
  const possible = [...iif].filter((device) => !notIif.has(device));
  const inside = possible.filter((device) => devices.has(device)).length;
  return inside === 0 ? false : inside === possible.length ? true : undefined;
}
