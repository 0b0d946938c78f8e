import type { SocketEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";

/** An end of a conversation: an address with its port, or the MAC address of a frame. */
export interface ConversationEnd {
  readonly address: string;
  readonly port?: number;
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, an address alone. */
export function endWords({ address, port }: ConversationEnd): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The peer of a socket, likewise. */
export function peerWords({ peer: { address, port } }: SocketEvent): string {
  return endWords({ address: address ? formatAddress(address) : "unknown", ...(port !== undefined && { port }) });
}
