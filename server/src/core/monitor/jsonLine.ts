import type { Place, Problem, Span } from "../text/span.js";
import type { DecodedLine, MonitorEvent } from "./event.js";
import { eventOfFlow } from "./hubbleFlow.js";
import { eventOfHubble, hubbleKind } from "./hubbleRecord.js";
import { eventOfJson, type JsonRecord, type JsonType, jsonTypes } from "./jsonEvent.js";
import { type JsonPath, jsonPlaceOf } from "./jsonPlaces.js";
import { withoutNoise } from "./lineNoise.js";
import { eventOfPwru, isPwruRecord } from "./pwruJson.js";
import { type ValidationError, validators } from "./validators.generated.js";

/** Decodes the JSON object that stands in `span`, braces included. Its nesting must be bounded (see `objectEnd`). */
export function decodeJson(file: string, text: string, span: Span): DecodedLine {
  const place: Place = { file, start: span.start, end: span.end };
  const record = parseObject(withoutNoise(text.slice(span.start, span.end)));
  if (!record) return problemAt(place, "This line opens a JSON object that is not valid JSON. Nothing of it is used.");
  if (isLogLine(record)) return { type: "remark", place };
  const kind = recordKind(record);
  if (kind === undefined) return problemAt(place, unknownType(record));
  const validate = validators[kind];
  const errors = validate(record) ? [] : (validate.errors ?? []);
  const missing = errors.find(({ keyword, instancePath }) => keyword === "required" && instancePath === "");
  if (missing) {
    return problemAt(
      place,
      `This ${kind} message has no \`${missing.params.missingProperty}\`. Nothing of it is used.`,
    );
  }
  const problems = errors.map((error) => wrongValue(place, text, record, error));
  for (const error of errors) removeAt(record, pointerPath(error.instancePath));
  const event = eventOf(kind, record, place, (key) => exactInteger(text, span, record, key));
  return event ? { type: "event", event, problems } : { type: "remark", place };
}

type RecordKind = JsonType | "hubble" | "hubbleFlow" | "pwru";

/** Whose record an object is, which is the name of its schema as well. */
function recordKind(record: JsonRecord): RecordKind | undefined {
  if (isJsonType(record.type)) return record.type;
  if (isPwruRecord(record)) return "pwru";
  return hubbleKind(record);
}

/** `undefined` where a field mask of Hubble's exporter has taken out what kind of flow it is: such a record is no event. */
function eventOf(
  kind: RecordKind,
  record: JsonRecord,
  place: Place,
  exact: (key: string) => bigint | undefined,
): MonitorEvent | undefined {
  switch (kind) {
    case "hubble":
      return eventOfHubble(record, place);
    case "hubbleFlow":
      return eventOfFlow(record, place, {});
    case "pwru":
      return eventOfPwru(record, place);
    default:
      return eventOfJson(kind, record, place, exact);
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJsonType(type: unknown): type is JsonType {
  return jsonTypes.some((known) => known === type);
}

/** A line of the agent's own log in JSON (`log-opt: format=json`), which shares stderr with the monitor. */
function isLogLine(record: JsonRecord): boolean {
  return typeof record.level === "string" && typeof record.msg === "string" && record.type === undefined;
}

function unknownType(record: JsonRecord): string {
  const type = record.type;
  if (type === "debug_capture_error") return "`cilium monitor` itself could not print this capture message.";
  if (typeof type === "string") return `\`${shorten(type)}\` is no message type of \`cilium monitor -j\`.`;
  return "This JSON object is no message of `cilium monitor -j`: it has no `type`.";
}

function wrongValue(place: Place, text: string, record: JsonRecord, error: ValidationError): Problem {
  const path = pointerPath(error.instancePath);
  const where = jsonPlaceOf(text, place, path)?.value ?? place;
  const name = path.join(".");
  const found = kindOf(valueAt(record, path));
  return {
    place: { file: place.file, start: where.start, end: where.end },
    message: `\`${shorten(name)}\` should be ${expected(error)}, but is ${found}. The rest of the event is used.`,
  };
}

function expected({ keyword, params }: ValidationError): string {
  if (keyword === "minimum" || keyword === "maximum") return `a whole number ${params.comparison} ${params.limit}`;
  if (keyword === "pattern") {
    return String(params.pattern).startsWith("^0x")
      ? "a hexadecimal number of 32 bits such as `0xc1d67621`"
      : "a whole number of 64 bits";
  }
  // Where a type may be null, that is for want of a value, and nothing to ask for.
  const types = [params.type].flat().filter((type) => type !== "null");
  return types.map((type) => typeWords[String(type)] ?? "an object").join(" or ");
}

const typeWords: Readonly<Record<string, string>> = {
  integer: "a whole number",
  string: "a string",
  array: "a list",
  boolean: "true or false",
};

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `the string \`${shorten(value)}\`` : `\`${String(value)}\``;
}

function shorten(text: string): string {
  const plain = text.replace(/[`\s]/g, " ");
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}

/** RFC 6901. */
function pointerPath(pointer: string): JsonPath {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(record: JsonRecord, path: JsonPath): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Takes what does not fit out of its object. Elements of lists stay, so that their neighbours keep their places. */
function removeAt(record: JsonRecord, path: JsonPath): void {
  const holder = valueAt(record, path.slice(0, -1));
  const key = path.at(-1);
  if (isRecord(holder) && key !== undefined) delete holder[key];
}

/** A 64-bit integer digit by digit: JSON.parse rounds those beyond 2^53. */
function exactInteger(text: string, span: Span, record: JsonRecord, key: string): bigint | undefined {
  const value = record[key];
  if (typeof value !== "number") return undefined;
  if (Number.isSafeInteger(value)) return BigInt(value);
  const digits = jsonPlaceOf(text, span, [key])?.value;
  const written = digits ? text.slice(digits.start, digits.end) : "";
  return /^\d{1,20}$/.test(written) ? BigInt(written) : undefined;
}

function problemAt(place: Place, message: string): DecodedLine {
  return { type: "problem", problem: { place, message } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
