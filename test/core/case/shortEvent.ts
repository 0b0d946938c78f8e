/**
 * Monitor JSON from a short form, so that a fixture reads like a walk:
 *
 *     @ from-network eth0 192.0.2.7>192.0.2.10 ttl=64 id=7 reply=9/1
 *
 * What follows the observation point is the device (`-` for none), the two addresses, and words of `name=value`: `ttl`, `id` (IP
 * identification), `request`/`reply` (ICMP id/sequence), `tcp` (`SPORT>DPORT/SEQ/FLAGS`), `ep` (emitting endpoint), `to` (destination
 * endpoint), `state`, `mac` (`SRC>DST`).
 */
export function expandShortEvent(line: string): string {
  const [, observationPoint = "", device = "-", ends = "", ...words] = line.trim().split(/\s+/);
  const [src = "", dst = ""] = ends.split(">");
  const options = new Map(words.map((word) => word.split("=", 2) as [string, string]));
  const option = (name: string, otherwise: string): string => options.get(name) ?? otherwise;
  const [srcMac = "02:00:00:00:00:01", dstMac = "02:00:00:00:00:02"] = option("mac", "").split(">").filter(Boolean);
  const protocol = options.has("tcp") ? "TCP" : "ICMPv4";
  return JSON.stringify({
    cpu: "CPU 01:",
    type: "trace",
    mark: "0x0",
    ifindex: device === "-" ? "0" : device,
    state: option("state", "unknown"),
    observationPoint,
    traceSummary: `${observationPoint.startsWith("from") ? "<-" : "->"} ${observationPoint.slice(observationPoint.indexOf("-") + 1)}`,
    source: Number(option("ep", "0")),
    bytes: 98,
    srcLabel: 0,
    dstLabel: 0,
    dstID: Number(option("to", "0")),
    summary: {
      ethernet: `Ethernet\t{Contents=[..14..] Payload=[..86..] SrcMAC=${srcMac} DstMAC=${dstMac} EthernetType=IPv4 Length=0}`,
      ipv4: `IPv4\t{Contents=[..20..] Payload=[..64..] Version=4 IHL=5 TOS=0 Length=84 Id=${option("id", "0")} Flags=DF FragOffset=0 TTL=${option("ttl", "64")} Protocol=${protocol} Checksum=1 SrcIP=${src} DstIP=${dst} Options=[] Padding=[]}`,
      ...transport(options),
      l2: { src: srcMac, dst: dstMac },
      l3: { src, dst },
    },
  });
}

function transport(options: ReadonlyMap<string, string>): Record<string, unknown> {
  const tcp = /^(\d+)>(\d+)\/(\d+)\/(\w+)$/.exec(options.get("tcp") ?? "");
  if (tcp) {
    const [, sport, dport, seq, flags = ""] = tcp;
    const flag = (name: string): string => `${name}=${flags.includes(name)}`;
    const names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"].map(flag).join(" ");
    return {
      tcp: `TCP\t{Contents=[..20..] Payload=[] SrcPort=${sport} DstPort=${dport} Seq=${seq} Ack=0 DataOffset=5 ${names} Window=64860 Checksum=1 Urgent=0 Options=[] Padding=[]}`,
      l4: { src: sport, dst: dport },
    };
  }
  const type = options.has("reply") ? "EchoReply" : "EchoRequest";
  const [id = "1", seq = "1"] = (options.get("reply") ?? options.get("request") ?? "1/1").split("/");
  return { icmpv4: `ICMPv4\t{Contents=[..8..] Payload=[..56..] TypeCode=${type} Checksum=1 Id=${id} Seq=${seq}}` };
}
