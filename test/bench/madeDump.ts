export const dumpKinds = ["in order", "astray", "behind one"] as const;

function address(at: number): string {
  return `10.${(at >> 14) & 255}.${(at >> 6) & 255}.${(at & 63) * 4}`;
}

/**
 * A node with pods behind devices of their own, whose packets leave by one of ten interfaces. Twice as many routes as rules.
 *
 * @param kind a node in order, one on which every pod's rule leads astray, one whose rules all stand behind another
 */
export function madeDump(kind: (typeof dumpKinds)[number], rules: number): string {
  const lines = ["$ ip rule", "0: from all lookup local"];
  const count = kind === "in order" ? rules / 2 : rules;
  if (kind === "in order") for (let at = 0; at < count; at++) lines.push(`512: from all to ${address(at)} lookup main`);
  if (kind === "behind one") lines.push("1000: from 10.0.0.0/8 lookup 2");
  for (let at = 0; at < count; at++) lines.push(`1536: from ${address(at)} lookup ${2 + (at % 10)}`);
  lines.push("32766: from all lookup main", "32767: from all lookup default", "$ ip route show table all");
  for (let table = 2; table < 12; table++) lines.push(`default via 192.0.2.1 dev eth${table} table ${table}`);
  const pods = kind === "in order" ? count : 2 * rules;
  for (let at = 0; at < pods; at++) lines.push(`${address(at)} dev eni${(0x10000000000 + at).toString(16)} scope link`);
  for (let at = pods; at < 2 * rules; at++) lines.push(`${address(at)} via 192.0.2.${2 + (at % 9)} dev eth0`);
  lines.push("default via 192.0.2.1 dev eth0", "local 192.0.2.10 dev eth0 table local scope host");
  return lines.join("\n");
}

/** The text after a line in the middle of its rules, or of its routes, was edited. */
export function editedDump(text: string, what: "rule" | "route", round: number): string {
  const lines = text.split("\n");
  const heading = lines.lastIndexOf("$ ip route show table all");
  const at = what === "rule" ? Math.floor(0.7 * heading) + round : Math.floor((heading + lines.length) / 2) + round;
  const line = lines[at] ?? "";
  lines[at] = what === "rule" ? line.replace("from 10.", "from 100.") : `${line} metric 100`;
  return lines.join("\n");
}
