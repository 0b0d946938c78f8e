import { settingMeanings } from "../../cilium/settingMeanings.js";
import { lineSpans } from "../../text/lines.js";
import { readAgentOption, readOptionHeading } from "./agentOption.js";
import { readProgramVersion } from "./programVersion.js";
import type { Setting, Stated } from "./setting.js";
import { readStatusRow } from "./statusRow.js";

/** Longer lines are of captures and of JSON on one line. */
const longestLine = 400;

const titles = settingMeanings.map(({ source, name }) => (source === "status" ? `${name}:` : name));
const versions = ["Daemon: 1.", "Client: 1.", "cilium image (running)", "cilium/cilium:", 'msg="Cilium 1.', "Cilium:"];

/** What every text that states a setting has in it: one search for all of them, as most texts state none. */
const marks = new RegExp([...titles, ...versions].map((mark) => mark.replace(/[.()/]/g, "\\$&")).join("|"));

/** What stands between the name of an option and its value in `kubectl describe configmap`. */
const between = /^(?:-{4})?\s*$/;

/** Reads a text line by line; rows and headings count for the lines behind them. */
function lineReader(): (line: string) => Stated | undefined {
  let amidStatus = false;
  let heading: string | undefined;
  return (line) => {
    if (heading !== undefined) {
      if (between.test(line)) return undefined;
      const stated = readAgentOption(`${heading}: ${line}`);
      heading = undefined;
      if (stated) return stated;
    }
    heading = readOptionHeading(line);
    const row = readStatusRow(line, amidStatus);
    if (row?.isOpening) amidStatus = true;
    // A prompt, a fence or an event: something else begins.
    else if (/^\S{0,80}[$#] |^```|^\{|^CPU \d|^(?:->|<-|xx) /.test(line)) amidStatus = false;
    return row?.stated ?? readAgentOption(line) ?? readProgramVersion(line);
  };
}

/**
 * Reads what a text states of Cilium's settings: rows of `cilium status`, options in `cilium config view`, in the ConfigMap `cilium-config`
 * (YAML, JSON, described) and in the agent's log, versions. Whatever else stands there is passed over; linear in the text's length.
 */
export function readSettings(file: string, text: string): Setting[] {
  if (!marks.test(text)) return [];
  const read = lineReader();
  const settings: Setting[] = [];
  for (const { start, end } of lineSpans(text)) {
    if (end - start > longestLine) continue;
    const line = text.slice(start, end);
    const stated = read(line);
    if (!stated) continue;
    const from = start + line.length - line.trimStart().length;
    settings.push({ ...stated, place: { file, start: from, end: start + line.trimEnd().length } });
  }
  return settings;
}

/** Whether a text that begins with `head` states settings of Cilium: one may be chance, several are not. */
export function looksLikeSettings(head: string): boolean {
  return readSettings("", head).length >= 2;
}
