import { parseAddress } from "../net/address.js";

/** By family, a destination for flows of which only the other fields matter (RFC 5737, RFC 3849). */
export const anywhere = { 4: parseAddress("203.0.113.1"), 6: parseAddress("2001:db8::1") } as const;
