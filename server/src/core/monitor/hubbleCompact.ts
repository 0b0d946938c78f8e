import { parseIdentity } from "../cilium/identities.js";
import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { eventOfRow } from "./hubbleRow.js";
import { hubbleTime } from "./hubbleTime.js";
import { rowVerdicts } from "./hubbleWords.js";
import type { LinePart } from "./linePart.js";

/** A policy's name and kind, as `--print-policy-names` puts them behind the verdict. */
const policy = String.raw`[^\s()]{1,253} \([^\s()]{1,64}\)`;
/** Since 0.10 (Cilium 1.12) an identity stands behind each end. */
const identity = String.raw`(?: ?\((?:ID:)?([\w-]{1,64})\))?`;
const record = new RegExp(
  String.raw`^(${hubbleTime})(?: \[([^\]]{1,253})\])?: (\S{1,300}?)${identity} (->|<-|<>) (\S{1,300}?)${identity} (.{1,100}?) (${rowVerdicts.join("|")})(?: BY ${policy}(?:, ${policy}){0,20})? \((.{0,2000})\)$`,
);

/**
 * A flow as `hubble observe` prints it by default (hubble/pkg/printer, `-o compact`):
 * `Jan  2 15:04:05.000 [n1]: shop/web:80 (ID:4711) <- 192.0.2.9:4242 (world) to-stack FORWARDED (TCP Flags: SYN, ACK)`.
 * `<-` is a reply, printed with its ends swapped; `<>` does not say, and neither does `->` before 0.8, which lines without identities may
 * be of.
 */
export function readHubbleCompact(line: string, place: Place): MonitorEvent | undefined {
  const found = record.exec(line);
  if (!found) return undefined;
  const [, time = "", node, left = "", leftWord, arrow, right = "", rightWord, type = "", verdict = "", summary = ""] =
    found;
  const leftId = identityOf(leftWord);
  const rightId = identityOf(rightWord);
  const isReply = arrow === "<>" || (arrow === "->" && leftId === undefined) ? undefined : arrow === "<-";
  const [source, destination] = arrow === "<-" ? [right, left] : [left, right];
  const [sourceId, destinationId] = arrow === "<-" ? [rightId, leftId] : [leftId, rightId];
  return eventOfRow(
    {
      time,
      source,
      destination,
      type,
      verdict,
      summary,
      ...(sourceId !== undefined && { sourceId }),
      ...(destinationId !== undefined && { destinationId }),
      ...(node !== undefined && { node }),
      ...(isReply !== undefined && { isReply }),
    },
    place,
  );
}

/** In parentheses versions of before 0.8 had the name of a port: `80(http)`. */
function identityOf(word: string | undefined): string | undefined {
  return word !== undefined && parseIdentity(word) !== undefined ? word : undefined;
}

const recordWithPlaces = new RegExp(record.source, "d");

/** The parts of a compact line; none where it is no flow's. `typePath` is where flow.proto has what stands in the column of types. */
export function hubbleCompactParts(line: string, typePath: readonly string[]): readonly LinePart[] {
  const found = recordWithPlaces.exec(line);
  if (!found) return [];
  const isReply = found[5] === "<-";
  const [left, right] = isReply ? ["destination", "source"] : ["source", "destination"];
  const paths = [
    ["time"],
    ["node_name"],
    [left],
    [left, "identity"],
    ["is_reply"],
    [right],
    [right, "identity"],
    typePath,
    ["verdict"],
    ["Summary"],
  ];
  return paths.flatMap((path, index) => {
    const value = found[index + 1];
    const place = found.indices?.[index + 1];
    return value === undefined || !place ? [] : [{ path, value, start: place[0], end: place[1] }];
  });
}
