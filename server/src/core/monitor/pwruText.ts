import type { Place } from "../text/span.js";
import type { KernelEvent } from "./event.js";
import type { LinePart } from "./linePart.js";
import { headersOfTuples, type PwruTuple, readFunction, readInterface } from "./pwruEvent.js";

const name = String.raw`[\w.$]{1,120}(?: ?\([A-Z0-9_]{1,80}\))?(?:\((?:tc|xdp)\))?`;
const end = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]{2,45}\])?:\d{1,5}`;
const tuple = String.raw`${end}->${end}\([a-z0-9]{0,10}(?::[A-Z|]{1,40})?\)`;
const head = String.raw`^(?:(?<date>\d{4}-\d{2}-\d{2}T[\d:.]{8,15}|\d{2}:\d{2}:\d{2}\.\d{1,9}) +)?(?<skb>0x[0-9a-f]{8,16}) +(?<cpu>\d{1,5}) +(?<process>[~<\w./-][^\s]{0,60}:\d{1,10}|\[[^\]]{1,60}\])`;
const metadata = String.raw`(?<netns>\d{4,10}) +(?<mark>[0-9a-f]{1,8}) +(?<iface>\S{1,40}) +(?<proto>0x[0-9a-f]{2,4}) +(?<mtu>\d{1,7}) +(?<len>\d{1,7})`;
const namedMetadata = String.raw`netns=(?<netns>\d{1,10}) mark=(?:0x)?(?<mark>[0-9a-f]{1,8}) (?:ifindex|iface)=(?<iface>\S{1,40}) proto=(?<proto>(?:0x)?[0-9a-f]{1,4}) mtu=(?<mtu>\d{1,7}) len=(?<len>\d{1,7})`;
/** The name of the namespace is known by the tuple behind it alone. */
const namespace = String.raw`(?!0x)[\w.-]{1,64}(?= +${end})`;

/** A line of each layout. The groups have the keys of pwru's JSON, `date` and `nanoseconds` apart, which are its `time`. */
const layouts = [
  // Since 1.0.6: metadata, tuple, function, caller, tuple of the packet inside.
  String.raw`${head}(?: +(?<nanoseconds>\d{1,20}))?(?: +${metadata})?(?: +\[0x[0-9A-F,x]{1,60}\])?(?: +(?<netns_name>${namespace}))?(?: +(?<tuple>${tuple}))? +(?<func>${name})(?: +(?<caller_func>[\w.$]{1,120}))?(?: +(?<tunnel_tuple>${tuple}))?$`,
  // Until 1.0.5 the function came first, and the metadata had names.
  String.raw`${head} +(?<func>${name})(?: +(?<nanoseconds>\d{1,20}))?(?: +${namedMetadata})?(?: +(?<tuple>${tuple}))?$`,
].map((source) => ({ pattern: new RegExp(source), patternWithPlaces: new RegExp(source, "d") }));

const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmp6: 58 };

/**
 * A line of pwru's text output (internal/pwru/output.go, 0.0.5 to 1.0.12):
 * `0xffff9a8b12345678 3   <empty>:0        4026531840 0        eth0:2 0x0800 1500  60    10.0.0.1:80->10.0.0.2:4242(tcp) ip_rcv`.
 */
export function readPwru(line: string, place: Place): KernelEvent | undefined {
  for (const { pattern } of layouts) {
    const groups: Readonly<Record<string, string | undefined>> | undefined = pattern.exec(line)?.groups;
    if (groups) return eventOf(groups, place);
  }
  return undefined;
}

function eventOf(groups: Readonly<Record<string, string | undefined>>, place: Place): KernelEvent {
  const { cpu, skb = "", func = "", caller_func: caller, process, netns, netns_name: netnsName } = groups;
  const { mark, iface = "", mtu, len, date, nanoseconds } = groups;
  const headers = headersOfTuples(readTuple(groups.tuple), readTuple(groups.tunnel_tuple));
  const time = date ?? nanoseconds;
  return {
    type: "pwru",
    place,
    cpu: Number(cpu),
    skb,
    ...readFunction(func),
    ...(caller !== undefined && { caller }),
    ...(process !== undefined && { process }),
    ...(time !== undefined && { time }),
    ...(netns !== undefined && { netns: Number(netns) }),
    ...(netnsName !== undefined && { netnsName }),
    ...(mark !== undefined && { fwmark: Number.parseInt(mark, 16) }),
    ...readInterface(iface),
    ...(mtu !== undefined && { mtu: Number(mtu) }),
    ...(len !== undefined && { bytes: Number(len) }),
    ...(headers && { headers }),
  };
}

/** `10.0.0.1:80->10.0.0.2:4242(tcp:SYN)`. */
function readTuple(text: string | undefined): PwruTuple | undefined {
  const [, source = "", sport, destination = "", dport, protocol = "", flags] =
    /^(.*):(\d{1,5})->(.*):(\d{1,5})\(([a-z0-9]*)(?::([A-Z|]+))?\)$/.exec(text ?? "") ?? [];
  if (sport === undefined) return undefined;
  return {
    source,
    destination,
    sport: Number(sport),
    dport: Number(dport),
    protocol: protocols[protocol] ?? 0,
    ...(flags !== undefined && { flags }),
  };
}

/** The fields of a line of pwru's text, by the keys of its JSON; none where it is no such line. */
export function pwruParts(line: string): readonly LinePart[] {
  for (const { patternWithPlaces } of layouts) {
    const found = patternWithPlaces.exec(line);
    if (!found) continue;
    return Object.entries(found.groups ?? {}).flatMap(([group, value]: [string, string | undefined]) => {
      const place = found.indices?.groups?.[group];
      const key = group === "date" || group === "nanoseconds" ? "time" : group;
      return value === undefined || !place ? [] : [{ path: [key], value, start: place[0], end: place[1] }];
    });
  }
  return [];
}
