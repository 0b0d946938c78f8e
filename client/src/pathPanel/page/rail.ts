import type { HopView } from "../../../../server/src/lsp/protocol.js";
import type { Comparison, Stretch } from "./comparison.js";
import { element, svgElement } from "./element.js";
import { icon } from "./icons.js";
import type { Side } from "./panelState.js";
import { branchSides, lanesOf, laneX, linePath, type Point } from "./railGeometry.js";
import { partingShape, stationShape } from "./railShapes.js";
import { laneMeanings, laneWords } from "./words.js";

/** A hop that the rail shows, beside the text that names it. */
export interface Station {
  /** The element at whose height the station lies. */
  readonly anchor: HTMLElement;
  readonly hop: HopView;
  readonly index: number;
  readonly stretch: Stretch;
  /** Whether the walk ends here. */
  readonly last: boolean;
}

export interface Rail {
  /** Heads of the lanes. */
  readonly head: HTMLElement;
  readonly drawing: SVGSVGElement;
  /** Draws everything again, at the places where the texts are now. */
  draw(): void;
  select(side: Side, hop: number): void;
}

/** How far a branch runs beside the middle of its lane, as a share of the distance between two lanes. */
const aside = 1 / 5;

/** The walk drawn as lines through the lanes of the node: the picture to the words of the hop list, for the eye only. */
export function createRail(
  comparison: Comparison,
  stations: readonly Station[],
  parting: HTMLElement | undefined,
  frame: HTMLElement,
): Rail {
  const lanes = lanesOf(stations.map(({ hop }) => hop));
  const sides = branchSides(lanes, comparison.walked?.hops ?? [], comparison.beside?.hops ?? []);
  const drawing = svgElement("svg", { class: "rail", "aria-hidden": "true" });
  const head = element(
    "div",
    { class: "lanes", "aria-hidden": "true" },
    ...lanes.map((lane) =>
      element("div", { class: "lane", title: laneMeanings[lane] }, icon(lane), element("span", {}, laneWords[lane])),
    ),
  );
  frame.style.setProperty("--lane-count", String(lanes.length));

  let selected = "";
  const key = (station: Station) => `${station.stretch.side} ${station.index}`;
  const groups = new Map<string, SVGElement>();

  function draw(): void {
    const origin = frame.getBoundingClientRect();
    const pitch = (head.getBoundingClientRect().width || lanes.length) / lanes.length;
    const middle = (node: HTMLElement) => {
      const box = node.getBoundingClientRect();
      return box.top + box.height / 2 - origin.top;
    };
    const asideOf = (stretch: Stretch) => (stretch === comparison.trunk ? 0 : sides[stretch.side] * aside * pitch);
    const place = ({ hop, stretch, anchor }: Station): Point => ({
      x: laneX(lanes, hop.lane, pitch) + asideOf(stretch),
      y: middle(anchor),
    });

    const guides = lanes.map((lane) => {
      const x = laneX(lanes, lane, pitch);
      return svgElement("line", { class: "guide", x1: x, x2: x, y1: head.offsetHeight, y2: origin.height });
    });

    const lines: SVGElement[] = [];
    const line = (stretch: Stretch, path: string) =>
      // The length of a walked line counts as 1, so that the style sheet can draw the line from its start to its end.
      lines.push(
        svgElement("path", {
          class: `line line-${stretch.kind} side-${stretch.side}`,
          d: path,
          pathLength: stretch.side === "walked" ? 1 : undefined,
        }),
      );
    const inStretch = (stretch: Stretch) => stations.filter((station) => station.stretch === stretch).map(place);
    const trunk = inStretch(comparison.trunk);
    connect(trunk, (from, to) => line(comparison.trunk, linePath(from, to)));

    let mark: Point | undefined;
    if (parting !== undefined) {
      const end = trunk.at(-1);
      mark = { x: end?.x ?? laneX(lanes, stations[0]?.hop.lane ?? "wire", pitch), y: middle(parting) };
      if (end !== undefined) line(comparison.trunk, linePath(end, mark));
      for (const stretch of [comparison.beside, comparison.walked]) {
        if (stretch === undefined) continue;
        const points = inStretch(stretch);
        const first = points[0];
        if (first !== undefined) line(stretch, linePath(mark, first, asideOf(stretch)));
        connect(points, (from, to) => line(stretch, linePath(from, to)));
      }
    }

    groups.clear();
    const dots = stations.map((station) => {
      const shape = stationShape(station, place(station));
      groups.set(key(station), shape);
      return shape;
    });
    const fork = mark === undefined ? [] : [partingShape(mark)];
    drawing.setAttribute("height", String(origin.height));
    drawing.setAttribute("width", String(pitch * lanes.length));
    drawing.replaceChildren(...guides, ...lines, ...fork, ...dots);
    groups.get(selected)?.classList.add("selected");
  }

  return {
    head,
    drawing,
    draw,
    select(side, hop) {
      groups.get(selected)?.classList.remove("selected");
      selected = hop < comparison.trunk.hops.length ? `walked ${hop}` : `${side} ${hop}`;
      groups.get(selected)?.classList.add("selected");
    },
  };
}

function connect(points: readonly Point[], draw: (from: Point, to: Point) => void): void {
  points.forEach((to, index) => {
    const from = points[index - 1];
    if (from !== undefined) draw(from, to);
  });
}
