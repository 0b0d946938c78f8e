import { type Line, placeIn } from "./line.js";
import { reservedName } from "./names.js";
import { extendSection, openSection, type TranscriptState } from "./transcriptState.js";

const nameLine = /^\s*(\d{1,10}|0x[0-9a-fA-F]{1,8})\s+([A-Za-z_][\w.@-]*)\s*(?:#.*)?$/;
const echoed = /\becho\s+(?:-e\s+)?["']?(\d{1,10})(?:\s|\\t)+([A-Za-z_][\w.@-]*)["']?\s*(?:>>?|\|)[^|]*rt_tables/;

/** Whether the lines are those of rt_tables: the file's name, a command that printed it, or a reserved number with its name. */
function expected(state: TranscriptState, id: number, name: string): boolean {
  return state.open?.kind === "tableNames" || state.tableNamesAsked || reservedName(id) === name;
}

/** Takes `100 wan` of /etc/iproute2/rt_tables, or the command that writes such a line into it. */
export function takeTableName(state: TranscriptState, line: Line): boolean {
  const echo = line.text.includes("rt_tables") ? echoed.exec(line.text) : null;
  const written = echo ?? nameLine.exec(line.text);
  const [all, number, name] = written ?? [];
  if (!written || all === undefined || number === undefined || name === undefined) return false;
  const id = Number(number);
  if (!echo && !expected(state, id, name)) return false;
  const start = line.text.indexOf(number, written.index);
  const place = placeIn(line, start, line.text.indexOf(name, start + number.length) + name.length);
  const entry = { id, name, place };
  if (state.open?.kind === "tableNames") {
    state.open.names.push(entry);
    extendSection(state.open, place.end);
  } else openSection(state, { kind: "tableNames", place, printedBy: "unknown", names: [entry] });
  return true;
}
