import { describeDevice } from "../cilium/devices.js";
import type { Section } from "../iproute/section.js";
import type { Place } from "../text/span.js";
import { type HostMark, hostMarks, markBefore } from "./hostMarks.js";
import type { NodePart } from "./nodeParts.js";
import type { ReadFile } from "./readFile.js";

/** A file and what its prompts tell. */
interface MarkedFile {
  readonly read: ReadFile;
  readonly marks: readonly HostMark[];
}

type HostOf = (place: Place) => string | undefined;

/** Where a section begins: with its command. */
function beginOf({ command, place }: Section): Place {
  return command?.place ?? place;
}

/** Whether the mark in front of a command stands in its line: a command without a prompt may be of any host. */
function isInLine(text: string, mark: number, offset: number): boolean {
  return !text.slice(mark, offset).includes("\n");
}

/** Two names of one host: one of them with its domain. */
function isSameHost(a: string, b: string): boolean {
  const [short = "", long = ""] = [a.toLowerCase(), b.toLowerCase()].sort((x, y) => x.length - y.length);
  return long === short || long.startsWith(`${short}.`);
}

/** The host of each place of a file, by the first of its names. */
function hostFinder({ read, marks }: MarkedFile, names: string[]): HostOf {
  const commands = new Set(read.transcript.sections.flatMap(({ command }) => command?.place.start ?? []));
  return ({ start }) => {
    const mark = markBefore(marks, start);
    if (mark?.host === undefined || (commands.has(start) && !isInLine(read.text, mark.start, start))) return undefined;
    const { host } = mark;
    const known = names.find((name) => isSameHost(name, host));
    if (known === undefined) names.push(host);
    return known ?? host;
  };
}

/** What of a file is of one host. */
function partOf(read: ReadFile, isOf: (place: Place) => boolean): ReadFile | undefined {
  const sections = read.transcript.sections.filter((section) => isOf(beginOf(section)));
  const events = read.events.filter(({ place }) => isOf(place));
  const settings = read.settings.filter(({ place }) => isOf(place));
  const problems = read.problems.filter(({ place }) => isOf(place));
  if (sections.length + events.length + settings.length + problems.length === 0) return undefined;
  return { ...read, transcript: { ...read.transcript, sections }, events, settings, problems };
}

function hasCiliumDevices({ transcript: { sections } }: ReadFile): boolean {
  return sections.some((section) => {
    const devices =
      section.kind === "links"
        ? section.links.map(({ name }) => name)
        : section.kind === "routes"
          ? section.routes.flatMap(({ nexthops }) => nexthops.map(({ dev = "" }) => dev))
          : [];
    return devices.some((device) => describeDevice(device)?.owner === "Cilium");
  });
}

/** What is said of a file that may be of any of the hosts beside it. */
function doubt({ file, events }: ReadFile, hosts: readonly string[]): string {
  const base = file.slice(file.lastIndexOf("/") + 1);
  const what = events.length > 0 ? "the events" : "some dumps";
  return `Of ${what} in ${base} nothing tells the host, and others here are of ${hosts.join(" and ")}: they are read as those of one more. A prompt with its name before each command, or a folder for each host, tells.`;
}

/**
 * Takes the files of a folder apart where their prompts name several hosts, so that the dumps of one are no later dumps of another. What
 * nobody names is none's of them; but a capture is of the only host that shows devices of Cilium.
 */
export function hostParts(parts: readonly NodePart[]): NodePart[] {
  const names: string[] = [];
  const marked = parts.map((part) => {
    const whole = part.node === undefined && !part.read.isPart;
    const hostOf: HostOf = whole
      ? hostFinder({ read: part.read, marks: hostMarks(part.read) }, names)
      : () => undefined;
    const { sections } = part.read.transcript;
    const places = whole ? [...sections.map(beginOf), ...part.read.events.map(({ place }) => place)] : [];
    return { part, whole, hostOf, hosts: new Set(places.map(hostOf)) };
  });
  const used = names.filter((name) => marked.some(({ hosts }) => hosts.has(name)));
  if (used.length < 2) return [...parts];
  const named = marked.flatMap(({ part: { read }, whole, hostOf, hosts }) =>
    whole
      ? used.flatMap((node): NodePart[] => {
          const own = hosts.has(node) ? partOf(read, (place) => hostOf(place) === node) : undefined;
          return own ? [{ node, read: own }] : [];
        })
      : [],
  );
  const nodes = used.filter((node) => named.some((part) => part.node === node && hasCiliumDevices(part.read)));
  const unnamed = marked.flatMap(({ part, whole, hostOf }): NodePart[] => {
    if (!whole) return [part];
    const rest = partOf(part.read, (place) => hostOf(place) === undefined);
    if (!rest) return [];
    const [node, ...others] = nodes;
    if (node !== undefined && others.length === 0 && rest.events.length > 0) return [{ node, read: rest }];
    return [{ read: { ...rest, limits: [...(rest.limits ?? []), doubt(rest, used)] } }];
  });
  return [...unnamed, ...named];
}
