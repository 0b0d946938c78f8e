import { rereadTranscript } from "../iproute/rereadTranscript.js";
import { readCapture } from "../monitor/readCapture.js";
import { readSettings } from "../monitor/settings/readSettings.js";
import { findEdit } from "../text/findEdit.js";
import type { ReadFile } from "./readFile.js";

/**
 * A file whose text changed, read again where it is enough to read the lines that changed: amid a list of rules or routes in a file of
 * nothing but dumps. What `readFile` would answer. Undefined where the whole text has to be read.
 */
export function rereadFile(old: ReadFile, text: string): ReadFile | undefined {
  const isDump = old.events.length === 0 && old.settings.length === 0 && !old.limits && !old.isPart;
  if (!isDump || old.problems.length > old.transcript.problems.length) return undefined;
  const edit = findEdit(old.text, text);
  if (!edit) return old;
  const lines = text.slice(edit.start, edit.end);
  const capture = readCapture(old.file, lines);
  if (capture.events.length > 0 || capture.problems.length > 0 || readSettings(old.file, lines).length > 0)
    return undefined;
  const transcript = rereadTranscript(old.transcript, old.text, text);
  return transcript && { ...old, text, transcript, problems: transcript.problems };
}
