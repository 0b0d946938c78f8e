import { rereadTranscript } from "../iproute/rereadTranscript.js";
import { readCapture } from "../monitor/readCapture.js";
import { readSettings } from "../monitor/settings/readSettings.js";
import { type Edit, findEdit } from "../text/findEdit.js";
import type { ReadFile } from "./readFile.js";

/** No event of text stands on more lines, but for the layers below its header, which is one by itself. */
const mostLines = 8;

/** The lines that differ, with so many above and below as an event may stand on. */
function linesAround(text: string, { start, end }: Edit): string {
  let from = start;
  let to = end;
  for (let line = 0; line < mostLines; line++) {
    from = from < 2 ? 0 : text.lastIndexOf("\n", from - 2) + 1;
    const next = text.indexOf("\n", to + 1);
    to = next < 0 ? text.length : next;
  }
  return text.slice(from, Math.max(from, to));
}

/**
 * A file whose text changed, read again where it is enough to read the lines that changed: amid a list of rules or routes in a file of
 * nothing but dumps. What `readFile` would answer. Undefined where the whole text has to be read.
 */
export function rereadFile(old: ReadFile, text: string): ReadFile | undefined {
  const isDump = old.events.length === 0 && old.settings.length === 0 && !old.limits && !old.isPart;
  if (!isDump || old.problems.length > old.transcript.problems.length) return undefined;
  const edit = findEdit(old.text, text);
  if (!edit) return old;
  const lines = linesAround(text, edit);
  const capture = readCapture(old.file, lines);
  if (capture.events.length > 0 || capture.problems.length > 0 || readSettings(old.file, lines).length > 0)
    return undefined;
  const transcript = rereadTranscript(old.transcript, old.text, text, edit);
  return transcript && { ...old, text, transcript, problems: transcript.problems };
}
