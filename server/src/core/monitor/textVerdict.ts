import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { PolicyVerdictEvent } from "./event.js";

const verdict =
  /^Policy verdict log: flow (0x[0-9a-f]{1,8}) local EP ID (\d{1,5}), remote ID ([\w-]{1,64}),(?: dst port \d{1,5},)? proto (\d{1,3}), (ingress true|ingress false|ingress|egress), action (\w{1,32})(?:, auth: ([\w-]{1,64}))?, match ([\w-]{1,32}), (.*)$/;

/**
 * A policy verdict, which is text in every output format (pkg/monitor/datapath_policy.go: DumpInfo). 1.7 wrote `ingress true` and the
 * port; `auth:` came with 1.14.
 */
export function readVerdict(line: string, place: Place): PolicyVerdictEvent | undefined {
  const found = verdict.exec(line);
  if (!found) return undefined;
  const [
    ,
    hash = "",
    endpoint = "",
    remoteIdentity = "",
    ,
    direction = "",
    action = "",
    auth,
    match = "",
    connection = "",
  ] = found;
  const headers = parseConnection(connection);
  return {
    type: "policy-verdict",
    place,
    flowHash: Number.parseInt(hash, 16),
    endpoint: Number(endpoint),
    remoteIdentity,
    direction: direction === "egress" || direction === "ingress false" ? "egress" : "ingress",
    action,
    match,
    ...(auth !== undefined && { auth }),
    ...(headers && { headers }),
  };
}
