import { svgElement } from "./element.js";

const circle = "M14.25 8a6.25 6.25 0 1 1-12.5 0 6.25 6.25 0 0 1 12.5 0z";

/** Drawn for this page on a grid of 16 by 16, to be stroked in the colour of the text. */
const drawings = {
  broken: `${circle}M5.75 5.75l4.5 4.5M10.25 5.75l-4.5 4.5`,
  ok: `${circle}M5 8.25l2.1 2.1L11 6.1`,
  unknown: `${circle}M6.25 6.35a1.8 1.8 0 1 1 2.65 1.6c-.65.35-.9.65-.9 1.3M8 11.4v.1`,
  pod: "M8 1.75l5.4 3.1v6.3L8 14.25l-5.4-3.1v-6.3zM2.6 4.85L8 8l5.4-3.15M8 8v6.25",
  cilium:
    "M8 1.5l2.5 1.45v2.9L8 7.3 5.5 5.85v-2.9zM4.9 7.7l2.5 1.45v2.9L4.9 13.5l-2.5-1.45v-2.9zM11.1 7.7l2.5 1.45v2.9l-2.5 1.45-2.5-1.45v-2.9z",
  kernel:
    "M4.25 4.25h7.5v7.5h-7.5zM6.5 1.75v2.5M9.5 1.75v2.5M6.5 11.75v2.5M9.5 11.75v2.5M1.75 6.5h2.5M1.75 9.5h2.5M11.75 6.5h2.5M11.75 9.5h2.5",
  device: "M2.25 2.75h11.5v10.5H2.25zM5 13.25v-3.5h1.5V8h3v1.75H11v3.5",
  wire: "M2 5.25h11.5M10.75 2.5l2.75 2.75L10.75 8M14 10.75H2.5M5.25 8L2.5 10.75l2.75 2.75",
  log: "M3 3.5h10M3 6.5h10M3 9.5h7M3 12.5h4.5",
  rule: "M2.75 4h.5M2.75 8h.5M2.75 12h.5M6 4h7.25M6 8h7.25M6 12h7.25",
  route: "M3.5 13.75V9.25a3.5 3.5 0 0 1 3.5-3.5h6.25M10.5 3l2.75 2.75L10.5 8.5",
  copy: "M5.25 5.25h7.5v8.5h-7.5zM10.5 5.25v-3H3v8.5h2.25",
  parting: "M8 2v4.5M8 6.5C8 10 4 9.5 4 13.5M8 6.5c0 3.5 4 3 4 7M2.5 12L4 13.5 5.5 12M10.5 12l1.5 1.5 1.5-1.5",
  previous: "M3.5 10L8 5.5l4.5 4.5",
  next: "M3.5 6L8 10.5 12.5 6",
  info: `${circle}M8 7.25v4M8 4.75v.1`,
  try: "M6 1.75h4M6.75 1.75v4.5L2.9 12.6a1.1 1.1 0 0 0 .95 1.65h8.3a1.1 1.1 0 0 0 .95-1.65L9.25 6.25v-4.5M4.9 9.75h6.2",
  back: "M6.25 3L2.5 6.75l3.75 3.75M2.5 6.75h7a4 4 0 0 1 4 4v2",
} as const;

export type IconName = keyof typeof drawings;

/** An icon for the eye only: what it says must also stand in words beside it. */
export function icon(name: IconName, className = ""): SVGSVGElement {
  return svgElement(
    "svg",
    { class: `icon icon-${name} ${className}`.trim(), viewBox: "0 0 16 16", "aria-hidden": "true" },
    svgElement("path", { d: drawings[name] }),
  );
}
