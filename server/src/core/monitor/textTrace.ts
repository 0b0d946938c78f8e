import { parseIdentity } from "../cilium/identities.js";
import { observationPoints } from "../cilium/observationPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { TraceEvent } from "./event.js";

const trace =
  /^((?:->|<-) [a-z]{4,8}(?: port| from)?(?: \d{1,5})?|\^\^ conntrack (?:new|active)|unknown trace)( encrypted)? {1,2}flow (0x[0-9a-f]{1,8}) ?,? identity ([\w-]{1,64})->([\w-]{1,64})(?: \[ ip-trace-id = (\d{1,20}) \])? state ([\w-]{1,32}) ifindex (\S{1,32}?)(?: orig-ip ([0-9a-fA-F.:]{1,45}))?: (.*)$/;

/**
 * A trace as one line of text (pkg/monitor/datapath_trace.go: DumpInfo, 1.0 to 1.19):
 * `-> endpoint 71 flow 0x1 , identity world->4711 state reply ifindex lxc1 orig-ip 0.0.0.0: 10.0.0.1:80 -> 10.0.0.2:4242 tcp ACK`.
 * The line tells neither the packet's length nor, except at from-endpoint, the reporting endpoint.
 */
export function readTrace(line: string, place: Place): TraceEvent | undefined {
  const found = trace.exec(line);
  if (!found) return undefined;
  const [
    ,
    summary = "",
    encrypted,
    hash = "",
    src = "",
    dst = "",
    traceId,
    state = "",
    ifname = "",
    orig = "",
    connection = "",
  ] = found;
  const point = pointOf(summary);
  if (point === undefined) return undefined;
  const number = Number(/\d+$/.exec(summary)?.[0] ?? 0);
  const origIp = parseAddress(orig);
  const headers = parseConnection(connection);
  return {
    type: "trace",
    place,
    flowHash: Number.parseInt(hash, 16),
    source: point === "from-endpoint" ? number : 0,
    bytes: 0,
    observationPoint: point,
    summary,
    state,
    ...(ifname !== "0" && { ifname }),
    // A name that an operator gave to an identity of theirs has no number here.
    srcIdentity: parseIdentity(src) ?? 0,
    dstIdentity: parseIdentity(dst) ?? 0,
    dstEndpoint: point === "from-endpoint" ? 0 : number,
    encrypted: encrypted !== undefined,
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
    // All zeros: the source was not translated.
    ...(origIp && origIp.value !== 0n && { origIp }),
    ...(headers && { headers }),
  };
}

/** The observation point that a summary tells of. A monitor older than the agent prints `unknown trace` for one that it does not know. */
function pointOf(summary: string): string | undefined {
  const known = pointsBySummary.get(/^(?:->|<-) [a-z]{4,8}(?: from)?/.exec(summary)?.[0] ?? summary);
  return known ?? (summary === "unknown trace" ? "unknown" : undefined);
}

const pointsBySummary: ReadonlyMap<string, string> = new Map([
  ...observationPoints.map(({ summary, name }) => [summary, name] as const),
  ["^^ conntrack new", "create-ct"],
  ["^^ conntrack active", "active-ct"],
]);
