import { classOf } from "../addressClasses.js";
import { hasClass } from "../classSet.js";
import type { Flow } from "../flow.js";
import { type NumberField, numberFieldMasks } from "../openField.js";
import { setHas } from "../valueSet.js";
import type { Box } from "./box.js";
import type { ChangedRegion } from "./changedRegions.js";

/** Whether a flow, of which every field is known, is one of a region's. */
export function regionHolds({ space, boxes }: ChangedRegion, flow: Flow): boolean {
  if (flow.family !== space.family) return false;
  const dst = classOf(space.dst, flow.dst);
  const src = flow.src && classOf(space.src, flow.src);
  return boxes.some(
    (box) =>
      hasClass(box.dst, dst) &&
      (src === null ? box.src === undefined : box.src !== undefined && hasClass(box.src, src)) &&
      holdsFields(box, flow),
  );
}

const numberFields = Object.keys(numberFieldMasks) as readonly NumberField[];

function holdsFields({ template, premises }: Box, flow: Flow): boolean {
  const { iif, notIif, tunId, notTunId, numbers } = premises;
  const device = flow.iif ?? "";
  const tunnel = flow.tunId ?? 0n;
  return (
    template.oif === flow.oif &&
    (template.iif === undefined ? (!iif || iif.has(device)) && !notIif.has(device) : template.iif === flow.iif) &&
    (template.tunId === undefined
      ? (tunId === undefined || tunId === tunnel) && !notTunId.includes(tunnel)
      : template.tunId === flow.tunId) &&
    numberFields.every((field) => {
      const allowed = numbers.get(field);
      return template[field] === undefined
        ? !allowed || setHas(allowed, flow[field] ?? 0)
        : template[field] === flow[field];
    })
  );
}
