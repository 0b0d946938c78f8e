import { svgElement } from "./element.js";
import type { Station } from "./rail.js";
import type { Point } from "./railGeometry.js";

const tick = "M-3 0.2l2.1 2.2L3.1 -2.2";
const cross = "M-2.4 -2.4l4.8 4.8M2.4 -2.4l-4.8 4.8";

/** A dot; where the walk ends, a bigger one with a tick or a cross, so that the end is told by its shape as well. */
export function stationShape({ hop, stretch, last }: Station, at: Point): SVGElement {
  const sign = last && stretch.kind === "right" ? tick : last && stretch.kind === "wrong" ? cross : undefined;
  const shown = hop.seen ? "seen" : "unseen";
  return svgElement(
    "g",
    {
      class: `station line-${stretch.kind} ${sign === undefined ? shown : "end"}`,
      transform: `translate(${at.x} ${at.y})`,
    },
    svgElement("circle", { class: "halo", r: sign === undefined ? 8.5 : 10.5 }),
    svgElement("circle", { class: "dot", r: sign === undefined ? 4.5 : 7 }),
    ...(sign === undefined ? [] : [svgElement("path", { class: "sign", d: sign })]),
  );
}

/** The mark on the trunk from which the branches go. */
export function partingShape({ x, y }: Point): SVGElement {
  return svgElement("path", { class: "fork", d: "M0 -6L6 0 0 6-6 0z", transform: `translate(${x} ${y})` });
}
