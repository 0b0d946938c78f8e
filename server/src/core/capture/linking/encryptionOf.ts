import type { PacketHeaders } from "../../monitor/event.js";

/** UDP port of Cilium's WireGuard device (pkg/wireguard/types/types.go: ListenPort, 1.10 to 1.19). */
const wireguardPort = 51871;

/** Whether these headers are of an encrypted packet between nodes. */
export function encryptionOf({ ip, l4 }: PacketHeaders): "wireguard" | "ipsec" | undefined {
  if (l4?.protocol === "udp" && l4.sport === wireguardPort && l4.dport === wireguardPort) return "wireguard";
  return ip?.protocol === "ESP" ? "ipsec" : undefined;
}
