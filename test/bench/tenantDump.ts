/**
 * A node that routes for many tenants: a rule for each tenant's sources, looked up before `main`, in one of the tables by uplink, each of
 * which has a default route and the routes to its own networks; pods behind cilium_host, which the rules take packets away from.
 */
export function tenantDump(rules: number, tables: number): string {
  const lines = ["$ ip rule", "0: from all lookup local"];
  for (let at = 0; at < rules; at++) lines.push(`${1_000 + at}: from ${sources(at)} lookup ${1_000 + (at % tables)}`);
  lines.push("32766: from all lookup main", "32767: from all lookup default", "$ ip route show table all");
  for (let table = 0; table < tables; table++) {
    const [id, dev] = [1_000 + table, `vlan${table}`];
    lines.push(
      `default via 100.64.${table}.1 dev ${dev} table ${id}`,
      `100.64.${table}.0/24 dev ${dev} scope link table ${id}`,
    );
    for (let net = 0; net < 8; net++)
      lines.push(`172.${16 + net}.${table}.0/24 via 100.64.${table}.2 dev ${dev} table ${id}`);
  }
  for (let node = 0; node < 40; node++) lines.push(`10.244.${node}.0/24 via 10.244.0.10 dev cilium_host`);
  lines.push("10.244.0.10 dev cilium_host scope link", "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10");
  lines.push("default via 192.0.2.1 dev eth0", "local 192.0.2.10 dev eth0 table local scope host");
  lines.push("local 10.244.0.10 dev cilium_host table local scope host");
  return lines.join("\n");
}

function sources(at: number): string {
  return `10.${100 + (at >> 8)}.${at & 255}.0/24`;
}
