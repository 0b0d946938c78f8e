import { isObject, type JsonObject, type JsonValue, member } from "./looseJson.js";

/**
 * `ip -j` writes the same facts as `ip` in text, under other names and in the same order. These functions put them back into
 * the words of the text, so that there is one reader for both.
 */

function text(value: JsonValue | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}

/** Keys of a rule whose word in the text is another. A flag is a key with the value null. */
const ruleWords: Readonly<Record<string, (value: string, rule: JsonObject) => string>> = {
  priority: () => "",
  not: () => "",
  src: () => "",
  srclen: () => "",
  dst: (address, rule) => `to ${withLength(address, member(rule, "dstlen"))}`,
  dstlen: () => "",
  fwmark: (value, rule) => `fwmark ${withMask(value, member(rule, "fwmask"))}`,
  fwmask: () => "",
  iif: (name, rule) => `iif ${name}${member(rule, "iif_detached") === undefined ? "" : " [detached]"}`,
  iif_detached: () => "",
  oif: (name, rule) => `oif ${name}${member(rule, "oif_detached") === undefined ? "" : " [detached]"}`,
  oif_detached: () => "",
  l3mdev: () => "lookup [l3mdev-table]",
  uid_start: (start, rule) => `uidrange ${start}-${text(member(rule, "uid_end"))}`,
  uid_end: () => "",
  sport: (port, rule) => `sport ${withPortMask(port, member(rule, "sport_mask"))}`,
  sport_mask: () => "",
  sport_start: (start, rule) => `sport ${start}-${text(member(rule, "sport_end"))}`,
  sport_end: () => "",
  dport: (port, rule) => `dport ${withPortMask(port, member(rule, "dport_mask"))}`,
  dport_mask: () => "",
  dport_start: (start, rule) => `dport ${start}-${text(member(rule, "dport_end"))}`,
  dport_end: () => "",
  table: (table) => `lookup ${table}`,
  suppress_prefixlen: (length) => `suppress_prefixlength ${length}`,
  flow_from: () => "",
  flow_to: (to, rule) => `realms ${realms(text(member(rule, "flow_from")), to)}`,
  nat_gateway: (address) => `map-to ${address}`,
  masquerade: () => "masquerade",
  goto: (target, rule) => `goto ${target}${member(rule, "unresolved") === undefined ? "" : " [unresolved]"}`,
  unresolved: () => "",
  nop: () => "nop",
  action: (action) => action,
  // iproute2 4.17 to 4.20 have the action under the name that its text form has.
  to_tbl: (action) => action,
  protocol: (protocol) => `proto ${protocol}`,
  dscp: (value, rule) => `dscp ${withMask(value, member(rule, "dscp_mask"), "0x3f")}`,
  dscp_mask: () => "",
  flowlabel: (value, rule) => `flowlabel ${withMask(value, member(rule, "flowlabel_mask"), "0xfffff")}`,
  flowlabel_mask: () => "",
  deleted: () => "",
};

function withLength(address: string, length: JsonValue | undefined): string {
  return length === undefined ? address : `${address}/${text(length)}`;
}

function withMask(value: string, mask: JsonValue | undefined, full = ""): string {
  return mask === undefined || text(mask) === full ? value : `${value}/${text(mask)}`;
}

function withPortMask(port: string, mask: JsonValue | undefined): string {
  return withMask(port, mask, "0xffff");
}

function realms(from: string, to: string): string {
  return from === "" ? to : `${from}/${to}`;
}

/** The words of a key that text and JSON share, or that is not known. */
function plainWords(key: string, value: JsonValue): string {
  return value === null ? key : `${key} ${text(value)}`;
}

/** A rule of `ip -j rule` in the words of `ip rule`. */
export function ruleLineOfJson(rule: JsonObject): string {
  const source = withLength(text(member(rule, "src")) || "all", member(rule, "srclen"));
  const words = rule.entries.map(([key, value]) => ruleWords[key]?.(text(value), rule) ?? plainWords(key, value));
  const not = member(rule, "not") === undefined ? "" : "not ";
  return `${text(member(rule, "priority")) || "0"}: ${not}from ${source} ${words.filter((word) => word !== "").join(" ")}`;
}

/** Times that the text prints with their unit. */
const milliseconds = new Set(["rtt", "rttvar", "rto_min"]);

function metricWords(metrics: JsonValue): string {
  if (!Array.isArray(metrics)) return "";
  // Numbers without a name are the broken metrics of iproute2 4.17 to 4.20; the look-up asks for none of them.
  const objects: JsonObject[] = metrics.filter(isObject);
  return objects
    .flatMap((object) => object.entries)
    .map(([key, value]) => {
      if (key === "ecn") return "features ecn";
      if (key === "congestion") return `congctl ${text(value)}`;
      return `${key} ${text(value)}${milliseconds.has(key) ? "ms" : ""}`;
    })
    .join(" ");
}

function listWords(items: JsonValue): string {
  return Array.isArray(items) ? items.map(text).join(" ") : "";
}

const routeWords: Readonly<Record<string, (value: JsonValue) => string>> = {
  type: () => "",
  encap: (value) => (isObject(value) ? hopWords(value) : `encap ${text(value)}`),
  encap_type: (value) => `encap ${text(value)}`,
  segs: (value) => (Array.isArray(value) ? `segs ${value.length} [ ${listWords(value)} ]` : plainWords("segs", value)),
  gateway: (value) => `via ${text(value)}`,
  via: (value) =>
    isObject(value) ? `via ${text(member(value, "family"))} ${text(member(value, "host"))}` : `via ${text(value)}`,
  protocol: (value) => `proto ${text(value)}`,
  prefsrc: (value) => `src ${text(value)}`,
  flags: listWords,
  metrics: metricWords,
  flow: (value) => (isObject(value) ? `realms ${realms(text(member(value, "from")), text(member(value, "to")))}` : ""),
  expires: (value) => `expires ${text(value)}sec`,
  cache: () => "",
  deleted: () => "",
  nexthops: (value) =>
    Array.isArray(value)
      ? value.map((hop: JsonValue) => (isObject(hop) ? `nexthop ${hopWords(hop)}` : "")).join(" ")
      : "",
};

function hopWords(object: JsonObject): string {
  return object.entries.map(([key, value]) => routeWords[key]?.(value) ?? plainWords(key, value)).join(" ");
}

/** A route of `ip -j route` in the words of `ip -o route`. */
export function routeLineOfJson(route: JsonObject): string {
  // `{"throw","dst":...}` of iproute2 4.17 to 4.20 has the type as a key without a value.
  const [first] = route.entries;
  const type = first?.[1] === true ? first[0] : text(member(route, "type"));
  const at = route.entries.findIndex(([key]) => key === "dst");
  const destination = text(route.entries[at]?.[1]) || "default";
  const others = route.entries.filter(([, value], index) => index !== at && value !== true);
  return [type, destination, hopWords({ ...route, entries: others })].filter((word) => word !== "").join(" ");
}
