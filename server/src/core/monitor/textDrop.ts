import { parseIdentity } from "../cilium/identities.js";
import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { DropEvent } from "./event.js";
import { splitReason } from "./splitReason.js";

const drop =
  /^xx drop \((.{1,100})\) flow (0x[0-9a-f]{1,8}) to endpoint (\d{1,10}),(?: ifindex (\d{1,10}),)?(?: file ([^:,]{1,64}):(\d{1,5}),)?(?: {1,2}\[ ip-trace-id = (\d{1,20}) \])?(?: ?,)? ?identity ([\w-]{1,64})->([\w-]{1,64}): (.*)$/;

/**
 * A drop as one line of text (pkg/monitor/datapath_drop.go: DumpInfo, 1.0 to 1.19):
 * `xx drop (FIB lookup failed, 4) flow 0x1 to endpoint 0, ifindex 7, file bpf_lxc.c:1328, , identity 4711->world: A -> B tcp SYN`.
 */
export function readDrop(line: string, place: Place): DropEvent | undefined {
  const found = drop.exec(line);
  if (!found) return undefined;
  const [, words = "", hash = "", endpoint = "", ifindex, file, bpfLine, traceId, src = "", dst = "", connection = ""] =
    found;
  const { reason, extError } = splitReason(words);
  const headers = parseConnection(connection);
  return {
    type: "drop",
    place,
    flowHash: Number.parseInt(hash, 16),
    source: 0,
    bytes: 0,
    reason,
    ...(extError !== undefined && { extError }),
    srcIdentity: parseIdentity(src) ?? 0,
    dstIdentity: parseIdentity(dst) ?? 0,
    dstEndpoint: Number(endpoint),
    ...(ifindex !== undefined && { ifindex: Number(ifindex) }),
    // The first versions that printed the file knew only its number: `file 2:2192`.
    ...(file !== undefined && { bpfFile: /^\d{1,3}$/.test(file) ? Number(file) : file }),
    ...(bpfLine !== undefined && { bpfLine: Number(bpfLine) }),
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
    ...(headers && { headers }),
  };
}
