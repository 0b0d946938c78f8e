/**
 * Lines of every kind that the compiled scanner reads itself, as `cilium monitor -j` prints them (layers as gopacket prints them), with
 * addresses of private and documentation ranges. Each shows fields that the others do not have, or other widths of the same ones.
 */
const trace = `{"cpu":"CPU 03:","type":"trace","mark":"0x9f3c11a7","ifindex":"lxc0a1b2c","state":"established","observationPoint":"to-endpoint","traceSummary":"-\\u003e endpoint 1177","source":1177,"bytes":118,"srcLabel":16777217,"dstLabel":50600,"dstID":1177`;
const ethernet = `{"ethernet":"Ethernet\\t{Contents=[..14..] Payload=[..106..] SrcMAC=02:42:c0:00:02:01 DstMAC=0a:58:0a:f4:01:0a EthernetType=IPv4 Length=0}"`;
const ethernet6 = `{"ethernet":"Ethernet\\t{Contents=[..14..] Payload=[..86..] SrcMAC=02:42:c0:00:02:01 DstMAC=0a:58:0a:f4:01:0a EthernetType=IPv6 Length=0}"`;
const l2 = `"l2":{"src":"02:42:c0:00:02:01","dst":"0a:58:0a:f4:01:0a"}`;

const ipv4 = (protocol: string): string =>
  `"ipv4":"IPv4\\t{Contents=[..20..] Payload=[..86..] Version=4 IHL=5 TOS=0 Length=104 Id=48213 Flags=DF FragOffset=0 TTL=57 Protocol=${protocol} Checksum=4099 SrcIP=203.0.113.9 DstIP=10.244.1.10 Options=[] Padding=[]}"`;
const ends4 = `${l2},"l3":{"src":"203.0.113.9","dst":"10.244.1.10"}`;

const longAddress = "2001:db8:1234:5678:9abc:def0:1234:5678";
const ipv6 = (header: string): string =>
  `"ipv6":"IPv6\\t{Contents=[..40..] Payload=[..32..] Version=6 TrafficClass=0 FlowLabel=524287 Length=32 NextHeader=${header} HopLimit=63 SrcIP=${longAddress} DstIP=2001:db8::a HopByHop=nil}"`;
const ends6 = `${l2},"l3":{"src":"${longAddress}","dst":"2001:db8::a"}`;

const tcpFlags = "FIN=false SYN=true RST=false PSH=false ACK=true URG=false ECE=false CWR=false NS=false";
const tcp = `"tcp":"TCP\\t{Contents=[..40..] Payload=[] SrcPort=443(https) DstPort=40112 Seq=4021334567 Ack=812 DataOffset=10 ${tcpFlags} Window=65160 Checksum=22119 Urgent=0 Options=[TCPOption(MSS:1460 0x05b4), TCPOption(SACKPermitted:), TCPOption(Timestamps:12/3456789012 0x0000000cce0a6a14), TCPOption(NOP:), TCPOption(WindowScale:7 0x07)] Padding=[] Multipath=false}"`;
const oldTcp = `"tcp":"TCP\\t{Contents=[..20..] Payload=[..5..] SrcPort=1 DstPort=65535 Seq=0 Ack=4294967295 DataOffset=5 FIN=true SYN=false RST=true PSH=true ACK=false URG=true ECE=true CWR=true NS=true Window=0 Checksum=0 Urgent=7 Options=[] Padding=[]}"`;
const udp = `"udp":"UDP\\t{Contents=[..8..] Payload=[..78..] SrcPort=53(domain) DstPort=41000 Length=86 Checksum=61234}"`;
const icmp = `"icmpv4":"ICMPv4\\t{Contents=[..8..] Payload=[..56..] TypeCode=EchoReply Checksum=51234 Id=991 Seq=12}"`;
const icmp6 = `"icmpv6":"ICMPv6\\t{Contents=[..4..] Payload=[..28..] TypeCode=NeighborSolicitation Checksum=40210 TypeBytes=[]}"`;

const drop = `{"cpu":"CPU 127:","type":"drop","mark":"0x0","reason":"Policy denied","source":4,"bytes":74,"srcLabel":2,"dstLabel":4294967295,"dstID":0`;

export const usualLines: Readonly<Record<string, string>> = {
  "a TCP trace": `${trace},"summary":${ethernet},${ipv4("TCP")},${tcp},${ends4},"l4":{"src":"443(https)","dst":"40112"}}}`,
  "TCP as old versions print it": `${trace},"summary":${ethernet},${ipv4("TCP")},${oldTcp},${ends4},"l4":{"src":"1","dst":"65535"}}}`,
  "a UDP trace with an IP trace id": `${trace},"IpTraceID":0,"summary":${ethernet},${ipv4("UDP")},${udp},${ends4},"l4":{"src":"53(domain)","dst":"41000"}}}`,
  "an ICMP echo": `${trace.replace("lxc0a1b2c", "0")},"summary":${ethernet},${ipv4("ICMPv4")},${icmp},${ends4}}}`,
  "IPv6 with TCP": `${trace.replace("\\u003e", "\\u003c \\u003e")},"summary":${ethernet6},${ipv6("TCP")},${tcp},${ends6},"l4":{"src":"443(https)","dst":"40112"}}}`,
  "an ICMPv6 message": `${trace},"summary":${ethernet6},${ipv6("ICMPv6")},${icmp6},${ends6}}}`,
  "a drop of Cilium 1.8": `${drop},"summary":${ethernet},${ipv4("UDP")},${udp},${ends4},"l4":{"src":"53(domain)","dst":"41000"}}}`,
  "a drop of Cilium 1.19": `${drop.replace("Policy denied", "FIB lookup failed, 4")},"Line":1328,"File":2,"ExtError":-9,"Ifindex":7,"summary":${ethernet},${ipv4("TCP")},${tcp},${ends4},"l4":{"src":"443(https)","dst":"40112"}}}`,
  "a drop with an error that is positive": `${drop},"Line":0,"File":255,"ExtError":127,"Ifindex":0,"summary":${ethernet},${ipv4("ICMPv4")},${icmp},${ends4}}}`,
};
