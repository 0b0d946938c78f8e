import { looksLikeCapture } from "../../server/src/core/monitor/looksLikeCapture.js";
import { readCapture } from "../../server/src/core/monitor/readCapture.js";

/**
 * How fast captures of each format are decoded, joining and walking apart, in processor time, so that a busy machine does not count.
 * Prints, asserts nothing.
 */

const source = (index: number) => `10.1.${(index >> 8) & 255}.${index & 255}`;
const port = (index: number) => 1024 + (index % 60_000);

function traceJson(index: number): string {
  const src = source(index);
  return `{"cpu":"CPU 0${index % 8}:","type":"trace","mark":"0x${(index * 2654435761).toString(16).slice(-8)}","ifindex":"eth0","state":"established","observationPoint":"to-network","traceSummary":"-\\u003e network","source":${index % 4000},"bytes":66,"srcLabel":${4000 + (index % 100)},"dstLabel":2,"dstID":0,"summary":{"ethernet":"Ethernet\\t{Contents=[..14..] Payload=[..54..] SrcMAC=02:00:00:00:00:01 DstMAC=02:00:00:00:00:02 EthernetType=IPv4 Length=0}","ipv4":"IPv4\\t{Contents=[..20..] Payload=[..32..] Version=4 IHL=5 TOS=0 Length=52 Id=${index % 65_536} Flags=DF FragOffset=0 TTL=63 Protocol=TCP Checksum=63297 SrcIP=${src} DstIP=192.0.2.9 Options=[] Padding=[]}","tcp":"TCP\\t{Contents=[..32..] Payload=[] SrcPort=${port(index)} DstPort=443(https) Seq=${index * 1000} Ack=5 DataOffset=8 FIN=false SYN=false RST=false PSH=false ACK=true URG=false ECE=false CWR=false NS=false Window=8192 Checksum=48644 Urgent=0 Options=[..3..] Padding=[]}","l2":{"src":"02:00:00:00:00:01","dst":"02:00:00:00:00:02"},"l3":{"src":"${src}","dst":"192.0.2.9"},"l4":{"src":"${port(index)}","dst":"443"}}}`;
}

function traceText(index: number): string {
  return `-> network flow 0x${index.toString(16)} , identity ${4000 + (index % 100)}->world state established ifindex eth0 orig-ip 0.0.0.0: ${source(index)}:${port(index)} -> 192.0.2.9:443 tcp ACK`;
}

function verdict(index: number): string {
  return `Policy verdict log: flow 0x${index.toString(16)} local EP ID ${index % 4000}, remote ID world, proto 6, egress, action allow, auth: disabled, match L3-L4, ${source(index)}:${port(index)} -> 192.0.2.9:443 tcp SYN`;
}

function verbose(index: number): string {
  return [
    "------------------------------------------------------------------------------",
    `CPU 02: MARK 0x${index.toString(16)} FROM 71 to-stack: 98 bytes (98 captured), state new, , identity 4711->world, orig-ip 0.0.0.0`,
    "Ethernet\t{Contents=[..14..] Payload=[..86..] SrcMAC=02:00:00:00:00:01 DstMAC=02:00:00:00:00:02 EthernetType=IPv4 Length=0}",
    `IPv4\t{Contents=[..20..] Payload=[..64..] Version=4 IHL=5 TOS=0 Length=84 Id=${index % 65_536} Flags=DF FragOffset=0 TTL=64 Protocol=ICMPv4 Checksum=1 SrcIP=${source(index)} DstIP=192.0.2.9 Options=[] Padding=[]}`,
    `ICMPv4\t{Contents=[..8..] Payload=[..56..] TypeCode=EchoRequest Checksum=1 Id=${port(index)} Seq=${index % 65_536}}`,
  ].join("\n");
}

function hubbleJson(index: number): string {
  const time = "2026-01-02T03:04:05.678901234Z";
  return `{"flow":{"time":"${time}","uuid":"00000000-0000-4000-8000-000000000000","verdict":"FORWARDED","ethernet":{"source":"02:00:00:00:00:01","destination":"02:00:00:00:00:02"},"IP":{"source":"${source(index)}","destination":"192.0.2.9","ipVersion":"IPv4"},"l4":{"TCP":{"source_port":${port(index)},"destination_port":443,"flags":{"ACK":true}}},"source":{"ID":71,"identity":4711,"cluster_name":"default","namespace":"shop","labels":["k8s:app=web","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"web-0","workloads":[{"name":"web","kind":"Deployment"}]},"destination":{"identity":2,"labels":["reserved:world"]},"Type":"L3_L4","node_name":"n1","event_type":{"type":4,"sub_type":3},"traffic_direction":"EGRESS","trace_observation_point":"TO_STACK","trace_reason":"ESTABLISHED","is_reply":false,"Summary":"TCP Flags: ACK"},"node_name":"n1","time":"${time}"}`;
}

function hubbleCompact(index: number): string {
  return `Jan  2 15:04:05.678: shop/web-0:${port(index)} (ID:4711) -> 192.0.2.9:443 (world) to-stack FORWARDED (TCP Flags: ACK)`;
}

function pwruJson(index: number): string {
  return `{"skb":"0xffff${index.toString(16).padStart(12, "0")}","cpu":3,"process":"curl:4242","func":"ip_rcv","netns":4026531840,"mark":${index % 4096},"iface":"eth0:2","proto":2048,"mtu":1500,"len":60,"tuple":{"saddr":"${source(index)}","daddr":"192.0.2.9","sport":${port(index)},"dport":443,"proto":6}}`;
}

function prose(index: number): string {
  return `time="2026-01-02T03:04:05Z" level=info msg="line ${index} of a log that is not ours" subsys=other`;
}

function measure(name: string, make: (index: number) => string, megabytes = 20): void {
  const count = Math.ceil((megabytes * 1e6) / (make(12_345).length + 1));
  const text = Array.from({ length: count }, (_, index) => make(index)).join("\n");
  const start = process.cpuUsage();
  const { events, problems } = readCapture("bench", text);
  const time = process.cpuUsage(start).user / 1000;
  console.log(
    `${name}: ${(text.length / 1e6).toFixed(0)} MB, ${events.length} events in ${time.toFixed(0)} ms (${((text.length / 1e6 / time) * 1000).toFixed(0)} MB/s), ${problems.length} problems`,
  );
}

measure("warm-up", traceJson, 4);
measure("monitor JSON", traceJson);
measure("monitor text", traceText);
measure("policy verdicts", verdict);
measure("monitor text -vv", verbose);
measure("Hubble JSON", hubbleJson);
measure("Hubble compact", hubbleCompact);
measure("pwru JSON", pwruJson);
measure("lines of no capture", prose);

const head = prose(1).concat("\n").repeat(60);
const start = process.cpuUsage();
for (let round = 0; round < 1000; round++) looksLikeCapture(head);
console.log(`recognition of 60 foreign lines: ${(process.cpuUsage(start).user / 1000).toFixed(0)} µs`);
