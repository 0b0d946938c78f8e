import type { Address, Family } from "../net/address.js";

/**
 * What the kernel looks up: struct flowi4 / flowi6. A field that is `undefined` is *open*: not known, so a rule that compares it
 * makes the answer branch. Use `null` for what is known to be absent.
 */
export interface Flow {
  readonly family: Family;
  readonly dst: Address;
  /** `null`: locally generated and no source chosen yet (IPv4 then compares 0.0.0.0, IPv6 matches no `from`). */
  readonly src: Address | null;
  /** The device the packet came in by; `"lo"` for packets generated on this host. */
  readonly iif: string | undefined;
  /** The device the socket is bound to; `null` for none, which is always so for forwarded packets. */
  readonly oif: string | null;
  readonly fwmark: number | undefined;
  /** The whole tos / traffic class byte. */
  readonly tos: number | undefined;
  /** IPv6 flow label, 20 bits. */
  readonly flowlabel: number | undefined;
  /** uid of the sending socket; 0 for forwarded packets and those of the kernel. */
  readonly uid: number | undefined;
  /** IP protocol number. */
  readonly ipproto: number | undefined;
  /** 0 where the protocol has none (ICMP) or the packet is a later fragment. */
  readonly sport: number | undefined;
  readonly dport: number | undefined;
  readonly tunId: bigint | undefined;
}
