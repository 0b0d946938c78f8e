import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import type { Section, Transcript } from "../../../server/src/core/iproute/section.js";
import { formatAddress } from "../../../server/src/core/net/address.js";
import { LineIndex } from "../../../server/src/core/text/lineIndex.js";

/** Notes in square brackets behind a line of the outline; nothing for those that are unset. */
function notes(all: Readonly<Record<string, string | boolean | undefined>>): string {
  return Object.entries(all)
    .filter(([, value]) => value !== undefined && value !== false && value !== "")
    .map(([name, value]) => (value === true ? ` [${name}]` : ` [${name}: ${value}]`))
    .join("");
}

function tableWords(section: Extract<Section, { kind: "routes" }>): string {
  const { table } = section;
  if (!table) return "all tables";
  return `table ${table.name ?? table.id ?? "not told"}`;
}

function sectionLines(section: Section, text: string): string[] {
  const common = {
    by: section.printedBy === "unknown" ? undefined : section.printedBy,
    filter: "filter" in section ? section.filter : undefined,
    cut: "cut" in section && section.cut,
  };
  const command = section.command ? `$ ${section.command.text}` : "no command";
  switch (section.kind) {
    case "rules":
      return [
        `rules ipv${section.family}, ${command}${notes({ ...common, hidden: section.hidden.join(" ") })}`,
        ...section.rules.map((rule) => {
          const rest = rule.rest && text.slice(rule.rest.start, rule.rest.end);
          return `  ${printRule(rule).replace("\t", " ")}${notes({ incomplete: rule.incomplete, rest })}`;
        }),
      ];
    case "routes":
      return [
        `routes ipv${section.family}, ${tableWords(section)}, ${command}${notes({ ...common, missing: section.tableMissing, hidden: section.hidden?.join(" ") })}`,
        ...section.routes.flatMap((route) => {
          const rest = route.rest && text.slice(route.rest.start, route.rest.end);
          const [head = "", ...hops] = printRoute(route).split("\n\t");
          return [`  ${head}${notes({ incomplete: route.incomplete, rest })}`, ...hops.map((hop) => `    ${hop}`)];
        }),
      ];
    case "links":
      return [
        `links, ${command}, addresses of ${section.addressFamilies.join(" and ") || "none"}${notes(common)}`,
        ...section.links.flatMap((link) => [
          `  ${link.name}${notes({ index: link.index?.toString(), peer: link.peer, state: link.state, flags: link.flags.join(" "), mtu: link.mtu?.toString(), master: link.master, group: link.group, mac: link.linkLayer })}`,
          ...link.addresses.map(
            ({ address, prefixLength, peer, scope, flags }) =>
              `    ${formatAddress(address)}/${prefixLength}${notes({ peer: peer && formatAddress(peer), scope, flags: flags.join(" ") })}`,
          ),
        ]),
      ];
    case "endpoints":
      return [
        `endpoints of ${section.printer}${notes(common)}`,
        ...section.endpoints.map(
          ({ address, name, node, isHost }) => `  ${formatAddress(address)} ${name}${notes({ node, host: isHost })}`,
        ),
      ];
    case "neighbours":
      return [
        `neighbours, ${command}`,
        ...section.neighbours.map(
          ({ address, dev, linkLayer, state }) =>
            `  ${formatAddress(address)} dev ${dev}${notes({ mac: linkLayer, state })}`,
        ),
      ];
    case "packets":
      return [
        "packets",
        ...section.packets.map(
          ({ src, dst, dev, refused }) =>
            `  ${formatAddress(src)} > ${formatAddress(dst)} at ${dev}${notes({ refused })}`,
        ),
      ];
    case "sysctls":
      return ["sysctls", ...section.values.map(({ key, value }) => `  ${key} = ${value}`)];
    case "tableNames":
      return ["table names", ...section.names.map(({ id, name }) => `  ${id} ${name}`)];
    case "change": {
      const what = section.rule
        ? printRule(section.rule).replace("\t", " ")
        : section.route
          ? printRoute(section.route)
          : "-";
      return [`${section.verb} ${what.replaceAll("\n\t", " ")}`];
    }
  }
}

/** A transcript in a few lines, to be compared with what a fixture draws. */
export function outline(transcript: Transcript, text: string): string {
  const index = new LineIndex(text);
  const problems = transcript.problems.map(({ place, message }) => {
    const { line, character } = index.position(place.start);
    return `problem ${line + 1}:${character + 1} ${text.slice(place.start, place.end)} | ${message}`;
  });
  return [...transcript.sections.flatMap((section) => sectionLines(section, text)), ...problems].join("\n");
}
