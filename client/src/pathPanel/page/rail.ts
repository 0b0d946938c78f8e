import type { HopView } from "../../../../server/src/lsp/protocol.js";
import type { Comparison, Stretch } from "./comparison.js";
import { element, svgElement } from "./element.js";
import { icon } from "./icons.js";
import type { Side } from "./panelState.js";
import { branchSides, lanesOf, laneX, linePath, linesThrough, type Point } from "./railGeometry.js";
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

/**
 * The walk drawn as lines through the lanes of the node: the picture to the words of the hop list, for the eye only.
 *
 * @param frame what the drawing fills; its `--lane-count` is set
 */
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

  const shapes = new Map<string, SVGElement>();
  let selected = "";

  function draw(): void {
    const origin = frame.getBoundingClientRect();
    const pitch = head.getBoundingClientRect().width / lanes.length;
    const middle = (node: HTMLElement): number => {
      const { top, height } = node.getBoundingClientRect();
      return top + height / 2 - origin.top;
    };
    const asideOf = (stretch: Stretch): number =>
      stretch === comparison.trunk ? 0 : sides[stretch.side] * aside * pitch;
    const place = ({ hop, stretch, anchor }: Station): Point => ({
      x: laneX(lanes, hop.lane, pitch) + asideOf(stretch),
      y: middle(anchor),
    });
    const pointsOf = (stretch: Stretch): Point[] =>
      stations.filter((station) => station.stretch === stretch).map(place);

    const { trunk, walked, beside } = comparison;
    const trunkPoints = pointsOf(trunk);
    const mark = parting && {
      x: trunkPoints.at(-1)?.x ?? laneX(lanes, stations[0]?.hop.lane ?? "wire", pitch),
      y: middle(parting),
    };
    const branchLines = (branch: Stretch | undefined): SVGElement[] => {
      if (branch === undefined || mark === undefined) return [];
      const points = pointsOf(branch);
      const [first] = points;
      const lead = first === undefined ? [] : [linePath(mark, first, asideOf(branch))];
      return [...lead, ...linesThrough(points)].map((path) => lineShape(branch, path));
    };
    shapes.clear();
    for (const station of stations) shapes.set(keyOf(station), stationShape(station, place(station)));
    shapes.get(selected)?.classList.add("selected");

    drawing.setAttribute("width", String(pitch * lanes.length));
    drawing.setAttribute("height", String(origin.height));
    drawing.replaceChildren(
      ...lanes.map((lane) => guideShape(laneX(lanes, lane, pitch), head.offsetHeight, origin.height)),
      ...linesThrough(mark ? [...trunkPoints, mark] : trunkPoints).map((path) => lineShape(trunk, path)),
      ...branchLines(beside),
      ...branchLines(walked),
      ...(mark ? [partingShape(mark)] : []),
      ...shapes.values(),
    );
  }

  return {
    head,
    drawing,
    draw,
    select(side, hop) {
      shapes.get(selected)?.classList.remove("selected");
      selected = `${hop < comparison.trunk.hops.length ? "walked" : side} ${hop}`;
      shapes.get(selected)?.classList.add("selected");
    },
  };
}

function keyOf({ stretch, index }: Station): string {
  return `${stretch.side} ${index}`;
}

function guideShape(x: number, top: number, bottom: number): SVGElement {
  return svgElement("line", { class: "guide", x1: x, x2: x, y1: top, y2: bottom });
}

/** The length of a walked line counts as 1, so that the style sheet can draw the line from its start to its end. */
function lineShape({ kind, side }: Stretch, path: string): SVGElement {
  const pathLength = side === "walked" ? 1 : undefined;
  return svgElement("path", { class: `line line-${kind} side-${side}`, d: path, pathLength });
}
