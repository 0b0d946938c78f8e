import { mixHash } from "../capture/joining/rowTable.js";
import { folderOf } from "../case/case.js";
import type { CaseFiles } from "./casePart.js";

/** A hash of 64 bits of a text, as digits. */
function hashText(text: string): string {
  let low = 1;
  let high = 2;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = mixHash(low, code);
    high = mixHash(high ^ low, code);
  }
  return `${low >>> 0}.${high >>> 0}`;
}

/**
 * Tells one case from another by all that decides how its packets end: the files beside the captures, which captures there are, and the version of
 * Cilium. Names count from the folder of the first capture, so that a case that was moved is still the same.
 */
export function caseKey({ files, captures, order, ciliumVersion }: CaseFiles): string {
  const folder = folderOf(captures[0]?.file ?? "");
  const known = order.map((file) => {
    const text = files.find((each) => each.file === file)?.text;
    const state = captures.find((each) => each.file === file)?.state;
    const contents = text === undefined ? JSON.stringify(state ?? null) : hashText(text);
    return [file.startsWith(folder) ? file.slice(folder.length) : file, contents];
  });
  return hashText(JSON.stringify([ciliumVersion ?? null, known]));
}
