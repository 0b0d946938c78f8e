import type { Address, Family } from "../net/address.js";

type Some = Readonly<Record<Family, readonly [Address, ...Address[]]>>;

/**
 * Addresses of documentation: where one of them will do, a reader sees that it is an example (RFC 5737, RFC 3849). 198.51.100.1,
 * 203.0.113.1, 192.0.2.1; 2001:db8::1.
 */
export const familiarAddresses: Some = {
  4: [
    { family: 4, value: 0xc6336401n },
    { family: 4, value: 0xcb007101n },
    { family: 4, value: 0xc0000201n },
  ],
  6: [{ family: 6, value: (0x20010db8n << 96n) + 1n }],
};

/** The same for the sender, so that it is another host than the receiver. 203.0.113.2, 192.0.2.2, 198.51.100.2; 2001:db8::2. */
export const familiarSources: Some = {
  4: [
    { family: 4, value: 0xcb007102n },
    { family: 4, value: 0xc0000202n },
    { family: 4, value: 0xc6336402n },
  ],
  6: [{ family: 6, value: (0x20010db8n << 96n) + 2n }],
};
