/** Words of which every capture and every dump has at least one near its beginning. */
const tellTales = [
  '"type":',
  "endpoint",
  "-> stack",
  "-> network",
  "<- network",
  "-> host",
  "<- host",
  "overlay",
  "xx drop",
  "policy verdict",
  "cpu ",
  "listening for events",
  "lookup",
  " dev ",
  "fwmark",
  "routing table",
  "inet",
  "ip -",
  "ip r",
  "ip a",
  "ip l",
  '"dev":',
  '"table":',
  '"ifname":',
];

/**
 * Whether it is worth asking the server what a text is. Says yes too often rather than too seldom: it only keeps the server from
 * being started for every plain text.
 */
export function mayBeOurs(head: string): boolean {
  const text = head.toLowerCase();
  return tellTales.some((word) => text.includes(word));
}
