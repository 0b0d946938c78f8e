import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import type { SocketEvent } from "./event.js";

const socket =
  /^CPU (\d{1,5}): \[((?:pre|post)-xlate-(?:fwd|rev)|unknown)\] cgroup_id: (\d{1,20}) sock_cookie: (\d{1,20}), dst \[([0-9a-fA-F.:]{2,45})\]:(\d{1,5}) (tcp|udp|unknown)$/;

/**
 * A translation of the socket load balancer, which `-v` prints and JSON does not (pkg/monitor/datapath_sock_trace.go, since 1.13):
 * `CPU 03: [pre-xlate-fwd] cgroup_id: 16761 sock_cookie: 72480, dst [10.96.0.1]:80 tcp`.
 */
export function readSocket(line: string, place: Place): SocketEvent | undefined {
  const found = socket.exec(line);
  if (!found) return undefined;
  const [, cpu, point = "", cgroupId = "0", cookie = "0", host = "", port, protocol] = found;
  const address = parseAddress(host);
  return {
    type: "trace-sock",
    place,
    cpu: Number(cpu),
    point,
    cgroupId: BigInt(cgroupId),
    cookie: BigInt(cookie),
    peer: { ...(address && { address }), ...(Number(port) <= 65535 && { port: Number(port) }) },
    ...((protocol === "tcp" || protocol === "udp") && { protocol }),
  };
}
