import { parseIdentity } from "../cilium/identities.js";
import { observationPoints } from "../cilium/observationPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { TraceEvent } from "./event.js";

const trace =
  /^((?:->|<-) [a-z]{4,8}(?: port| from)?(?: \d{1,5})?)( encrypted)? {1,2}flow (0x[0-9a-f]{1,8}) ?,? identity ([\w-]{1,64})->([\w-]{1,64})(?: \[ ip-trace-id = (\d{1,20}) \])? state ([\w-]{1,32}) ifindex (\S{1,32}?)(?: orig-ip ([0-9a-fA-F.:]{1,45}))?: (.*)$/;

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
  const point = observationPoints.find((known) => summary === known.summary || summary.startsWith(`${known.summary} `));
  if (!point) return undefined;
  const number = Number(/\d+$/.exec(summary)?.[0] ?? 0);
  const origIp = parseAddress(orig);
  const headers = parseConnection(connection);
  return {
    type: "trace",
    place,
    flowHash: Number.parseInt(hash, 16),
    source: point.name === "from-endpoint" ? number : 0,
    bytes: 0,
    observationPoint: point.name,
    summary,
    state,
    ...(ifname !== "0" && { ifname }),
    // A name that an operator gave to an identity of theirs has no number here.
    srcIdentity: parseIdentity(src) ?? 0,
    dstIdentity: parseIdentity(dst) ?? 0,
    dstEndpoint: point.name === "from-endpoint" ? 0 : number,
    encrypted: encrypted !== undefined,
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
    // All zeros: the source was not translated.
    ...(origIp && origIp.value !== 0n && { origIp }),
    ...(headers && { headers }),
  };
}
