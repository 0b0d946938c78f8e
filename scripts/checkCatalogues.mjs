// Compares the catalogues of server/src/core/cilium (codes and their texts) with Cilium's own tables. Run after a build, with folders that hold Cilium's source or
// the part of it that a program vendors: node scripts/checkCatalogues.mjs ../cilium ../hubble/vendor/github.com/cilium/cilium
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { agentNotifications } from "../out/server/src/core/cilium/agentNotifications.js";
import { bpfSourceFileNames } from "../out/server/src/core/cilium/bpfSourceFiles.js";
import { findDropReason, findHubbleDropReason } from "../out/server/src/core/cilium/dropReasons.js";
import { reservedIdentities } from "../out/server/src/core/cilium/identities.js";
import { messageTypes } from "../out/server/src/core/cilium/messageTypes.js";
import { findObservationPoint } from "../out/server/src/core/cilium/observationPoints.js";
import { findTraceReason } from "../out/server/src/core/cilium/traceReasons.js";

/** Every match of a pattern with the global flag: its groups. */
function matchesOf(text, pattern) {
  return [...text.matchAll(pattern)].map(([, ...groups]) => groups);
}

/** The body of a Go map literal or constant block that begins with `opening`. */
function bodyOf(text, opening, closing) {
  const start = text.indexOf(opening);
  return start < 0 ? "" : text.slice(start, text.indexOf(closing, start + opening.length));
}

/** The names of a Go constant block that counts from 0. */
function countedNames(text, first) {
  const body = text.slice(text.lastIndexOf("\n", text.indexOf(`\t${first}`)));
  return matchesOf(body.slice(0, body.indexOf("\n)")), /^\t(\w+)(?: [\w=. ]*)?(?:\/\/.*)?$/gm).map(([name]) => name);
}

/** What is to be compared: the file, what is read from it, and whether our tables know it. */
const comparisons = [
  {
    file: "pkg/monitor/api/drop.go",
    entries: (text) => matchesOf(text, /^\t(\d+):\s+"([^"]+)"/gm),
    isKnown: ([code, text]) => findDropReason(code)?.code === Number(code) && textsOf(code).includes(text),
  },
  {
    file: "pkg/monitor/api/files.go",
    entries: (text) => matchesOf(text, /^\t(\d+):\s+"([^"]+)"/gm),
    isKnown: ([id, name]) => bpfSourceFileNames(Number(id)).includes(name),
  },
  {
    file: "pkg/monitor/api/types.go",
    entries: (text) => matchesOf(text, /MessageTypeName\w+\s+= "([^"]+)"/g),
    isKnown: ([name]) => messageTypes.some((type) => type.name === name),
  },
  {
    file: "pkg/monitor/api/types.go",
    entries: (text) => matchesOf(bodyOf(text, "var TraceObservationPoints", "\n}") || text, /\bTrace\w+:\s+"([^"]+)"/g),
    isKnown: ([name]) => findObservationPoint(name) !== undefined,
  },
  {
    file: "pkg/monitor/api/types.go",
    entries(text) {
      const names = countedNames(text, "AgentNotifyUnspec");
      return matchesOf(text, /\b(AgentNotify\w+):\s+"([^"]+)"/g).map(([name, subtype]) => [
        names.indexOf(name),
        subtype,
      ]);
    },
    isKnown: ([code, subtype]) =>
      agentNotifications.some((each) => each.subtype === subtype && (code < 0 || each.code === code)),
  },
  {
    file: "pkg/monitor/datapath_trace.go",
    entries: (text) => matchesOf(text, /\bTraceReason\w+:\s+"([^"]+)"/g),
    isKnown: ([name]) => findTraceReason(name) !== undefined,
  },
  {
    file: "pkg/identity/numericidentity.go",
    entries: (text) => matchesOf(bodyOf(text, "reservedIdentities = ", "\n\t}"), /labels\.IDName(\w+):\s+(\w+)/g),
    isKnown: ([name]) => reservedIdentities.some((each) => each.name.replace(/-/g, "") === name.toLowerCase()),
  },
  {
    file: "api/v1/flow/flow.proto",
    entries: (text) => matchesOf(bodyOf(text, "enum DropReason", "\n}"), /^\s+(\w+) = (\d+)/gm),
    isKnown: ([name, code]) => code === "0" || findHubbleDropReason(name)?.code === Number(code),
  },
];

/** Every text a drop's code ever had. */
function textsOf(code) {
  const { text, formerTexts = [] } = findDropReason(code) ?? {};
  return [text, ...formerTexts];
}

let compared = 0;
let unknown = 0;
for (const folder of process.argv.slice(2)) {
  for (const { file, entries, isKnown } of comparisons) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const found = entries(readFileSync(path, "utf8"));
    const missing = found.filter((entry) => !isKnown(entry));
    unknown += missing.length;
    compared += found.length;
    for (const entry of missing) console.log(`${path}: ${entry.join(" ")}`);
  }
}
console.log(`${compared} entries compared, ${unknown} not in our tables`);
process.exitCode = unknown > 0 ? 1 : 0;
