import { keysAgree } from "../addressKey.js";
import type { CompiledRule } from "../compileFib.js";
import type { Condition } from "../openField.js";
import type { Selector } from "../selector.js";
import { intersectSets, isSubset } from "../valueSet.js";

/** Whether some packet may match both of two rules: surely none does only where they ask for different addresses, devices or numbers. */
export function mayShareFlows({ selector: a }: CompiledRule, { selector: b }: CompiledRule): boolean {
  if (a.not || b.not) return true;
  if (a.never || b.never) return false;
  return mayAgree(a.from, b.from) && mayAgree(a.to, b.to) && a.conditions.every((one) => agrees(one, b));
}

function mayAgree(a: Selector["to"], b: Selector["to"]): boolean {
  return !a || !b || keysAgree(a.key, b.key, Math.min(a.length, b.length));
}

function agrees({ condition: one }: Selector["conditions"][number], { conditions }: Selector): boolean {
  return conditions.every(({ condition: other }) => {
    if (one.field === "tunId" || other.field === "tunId") {
      return one.field !== "tunId" || other.field !== "tunId" || one.id === other.id;
    }
    if (one.field === "iif" || other.field === "iif") {
      return one.field !== "iif" || other.field !== "iif" || [...one.devices].some((name) => other.devices.has(name));
    }
    return one.field !== other.field || intersectSets(one.set, other.set).length > 0;
  });
}

/**
 * Whether a rule surely asks, besides the destination, for every packet of a socket without a device that another rule asks for. Of a rule
 * that asks for such a socket's device nothing is said.
 */
export function asksForAll({ selector: wide }: CompiledRule, { selector: narrow }: CompiledRule): boolean {
  if (wide.not || narrow.not || wide.never || wide.oif || narrow.oif || wide.l3mdev || narrow.l3mdev) return false;
  if (wide.from && !(narrow.from && wide.from.length <= narrow.from.length && mayAgree(wide.from, narrow.from))) {
    return false;
  }
  return wide.conditions.every(({ condition }) =>
    narrow.conditions.some((other) => implies(other.condition, condition)),
  );
}

/** Whether what meets the first condition meets the second one. */
function implies(one: Condition, other: Condition): boolean {
  if (one.field === "tunId" || other.field === "tunId") {
    return one.field === "tunId" && other.field === "tunId" && one.id === other.id;
  }
  if (one.field === "iif" || other.field === "iif") {
    return one.field === "iif" && other.field === "iif" && [...one.devices].every((name) => other.devices.has(name));
  }
  return one.field === other.field && isSubset(one.set, other.set);
}
