import assert from "node:assert/strict";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile, type SourceFile } from "../../../server/src/core/case/readFile.js";
import { explainTrace } from "../../../server/src/core/explain/packet/explainTrace.js";
import type { WalkStory } from "../../../server/src/core/explain/packet/walkStory.js";
import { arpBytes, errorBytes, hexLines, ipBytes, tcpBytes, udpBytes } from "../../generate/packetBytes.js";

const [pod, far, node, router] = ["10.1.0.5", "198.51.100.9", "192.0.2.10", "192.0.2.1"];

/** The walks of a case of one node, by title. */
function stories(...files: readonly (readonly [file: string, text: string])[]): WalkStory[] {
  const read = files.map(([file, text]): SourceFile => ({ file: `n/${file}`, text }));
  const textOf = ({ file, start, end }: { file: string; start: number; end: number }) =>
    read.find((each) => each.file === file)?.text.slice(start, end) ?? "";
  return buildCase(read.map(readFile)).nodes.flatMap(({ traces }) =>
    traces.map((trace) => explainTrace(trace, textOf)),
  );
}

function storyOf(all: readonly WalkStory[], title: RegExp): WalkStory {
  const found = all.filter((story) => title.test(story.title));
  assert.equal(found.length, 1, `${title} in ${all.map((story) => story.title).join("; ")}`);
  return found[0] as WalkStory;
}

function sentences({ hops }: WalkStory): string {
  return hops.flatMap((hop) => hop.sentences).join(" ");
}

/** The lines that the evidence of a walk stands on. */
function evidence({ hops }: WalkStory): string[] {
  return hops.flatMap((hop) => hop.evidence.map(({ label, text }) => `${label}: ${text}`));
}

/** A pod's packets that leave the node, masqueraded. */
function leaving(payload: readonly number[], protocol: "tcp" | "udp", id: number): string {
  return [
    hexLines(
      { point: "from-endpoint", source: 75, identities: "1105->unknown" },
      ipBytes(pod, far, protocol, payload, { id }),
    ),
    hexLines(
      { point: "to-stack", source: 75, identities: "1105->world" },
      ipBytes(pod, far, protocol, payload, { id }),
    ),
    hexLines({ point: "to-network", device: "eth0" }, ipBytes(node, far, protocol, payload, { id, ttl: 63 })),
  ].join("\n");
}

describe("ICMP errors", () => {
  it("are evidence in the walk of the packet that they are about", () => {
    const data = tcpBytes(40_000, 443, 77_000, 0x10);
    const cut = tcpBytes(40_000, 443, 77_000, 0x10, true);
    const error = errorBytes(3, 4, 1430, ipBytes(node, far, "tcp", cut, { id: 901, ttl: 60 }));
    const all = stories([
      "monitor.log",
      [
        leaving(tcpBytes(40_000, 443, 76_000, 0x10), "tcp", 900),
        leaving(data, "tcp", 901),
        hexLines({ point: "from-network", device: "eth0", cpu: 1 }, ipBytes(router, node, "icmp", error, { id: 5 })),
      ].join("\n"),
    ]);
    const told = storyOf(
      all.filter(({ detail }) => detail.includes("IP id 901")),
      /TCP/,
    );
    assert.match(sentences(told), /192\.0\.2\.1 says of this packet: fragmentation needed, .*\(MTU 1430\)\./);
    assert.ok(evidence(told).some((line) => line.startsWith("monitor.log, from-network: CPU 01")));
    const other = storyOf(
      all.filter(({ detail }) => detail.includes("IP id 900")),
      /TCP/,
    );
    assert.doesNotMatch(sentences(other), /says of/);
    assert.match(storyOf(all, /ICMP/).notes.join(" "), /It is about packet 2 of its capture, by the headers/);
  });

  it("tell datagrams apart by the IP identification that they carry", () => {
    const payload = udpBytes(5000, 53);
    const error = errorBytes(3, 1, 0, ipBytes(node, far, "udp", payload.slice(0, 8), { id: 8 }));
    const all = stories([
      "monitor.log",
      [
        leaving(payload, "udp", 7),
        leaving(payload, "udp", 8),
        leaving(payload, "udp", 9),
        hexLines({ point: "from-network", device: "eth0" }, ipBytes(router, node, "icmp", error)),
      ].join("\n"),
    ]);
    const told = all.filter((story) => sentences(story).includes("says of"));
    assert.deepEqual(
      told.map(({ detail }) => detail),
      ["IP id 8"],
    );
  });

  it("say so where they may be about several that look alike", () => {
    const payload = udpBytes(5000, 53);
    const error = errorBytes(3, 3, 0, ipBytes(node, far, "udp", payload.slice(0, 8)));
    const all = stories([
      "monitor.log",
      [
        leaving(payload, "udp", 0),
        leaving(payload, "udp", 0),
        hexLines({ point: "from-network", device: "eth0" }, ipBytes(far, node, "icmp", error)),
      ].join("\n"),
    ]);
    const told = all.filter((story) => sentences(story).includes("says of"));
    assert.equal(told.length, 1);
    assert.match(
      sentences(told[0] as WalkStory),
      /this packet or another of 2 that look alike: nobody listens on the port/,
    );
  });

  it("name the router of a redirect, and of IPv6 the MTU", () => {
    const redirect = errorBytes(5, 1, 0xc00002fe, ipBytes(node, far, "udp", udpBytes(5000, 53).slice(0, 8), { id: 7 }));
    const bent = stories([
      "monitor.log",
      [
        leaving(udpBytes(5000, 53), "udp", 7),
        hexLines({ point: "from-network", device: "eth0" }, ipBytes(router, node, "icmp", redirect)),
      ].join("\n"),
    ]);
    assert.match(sentences(storyOf(bent, /UDP/)), /better router for it, 192\.0\.2\.254/);
    const [six, other] = ["2001:db8:1::5", "2001:db8:2::9"];
    const tooBig = errorBytes(2, 0, 1280, ipBytes(six, other, "udp", udpBytes(5000, 53)));
    const all = stories([
      "monitor.log",
      [
        hexLines({ point: "to-network" }, ipBytes(six, other, "udp", udpBytes(5000, 53)), 0x86dd),
        hexLines({ point: "from-network" }, ipBytes("2001:db8:1::1", six, "icmpv6", tooBig), 0x86dd),
      ].join("\n"),
    ]);
    assert.match(sentences(storyOf(all, /UDP/)), /2001:db8:1::1 says of this packet: it is too big .*\(MTU 1280\)/);
  });
});

describe("pwru beside a capture", () => {
  const tuple = `"tuple":{"saddr":"${pod}","daddr":"${far}","sport":40000,"dport":443,"proto":6}`;
  const line = (skb: string, func: string, more = "") =>
    `{"skb":"${skb}","cpu":3,"process":"x:1","func":"${func}","netns":4026531840,"mark":3840,${more}"iface":"eth0:2","proto":2048,"mtu":1500,"len":60,${tuple}}`;
  const capture = leaving(tcpBytes(40_000, 443, 1, 2), "tcp", 9)
    .split("\nCPU")
    .slice(0, 2)
    .join("\nCPU");

  it("tells where the kernel dropped the packet", () => {
    const story = storyOf(
      stories(
        ["monitor.log", capture],
        [
          "pwru.json",
          [
            line("0xa", "ip_rcv"),
            line("0xa", "kfree_skb_reason(SKB_DROP_REASON_IP_RPFILTER)", `"caller_func":"ip_rcv_finish_core",`),
          ].join("\n"),
        ],
      ),
      /TCP/,
    );
    assert.match(
      sentences(story),
      /pwru shows it dropped by the kernel in kfree_skb_reason \(SKB_DROP_REASON_IP_RPFILTER\), called by ip_rcv_finish_core, device eth0, fwmark 0xf00\. The reverse path filter drops it/,
    );
    assert.equal(evidence(story).filter((each) => each.startsWith("pwru.json, pwru ")).length, 2);
  });

  it("speaks of the flow where it saw several packets, and is silent where they fared differently", () => {
    const drop = "kfree_skb_reason(SKB_DROP_REASON_NO_SOCKET)";
    const alike = stories(["monitor.log", capture], ["pwru.json", [line("0xa", drop), line("0xb", drop)].join("\n")]);
    assert.match(sentences(storyOf(alike, /TCP/)), /pwru shows 2 packets of its flow dropped by the kernel/);
    const apart = stories(
      ["monitor.log", capture],
      ["pwru.json", [line("0xa", drop), line("0xb", "ip_rcv")].join("\n")],
    );
    assert.doesNotMatch(sentences(storyOf(apart, /TCP/)), /pwru/);
  });

  it("knows a buffer that was freed and used again for another packet's", () => {
    const story = storyOf(
      stories(
        ["monitor.log", capture],
        [
          "pwru.json",
          [
            line("0xa", "ip_rcv").replaceAll("40000", "40001"),
            line("0xa", "consume_skb").replaceAll("40000", "40001"),
            line("0xa", "ip_output"),
          ].join("\n"),
        ],
      ),
      /TCP/,
    );
    assert.match(sentences(story), /pwru shows it in ip_output/);
  });
});

describe("events of the socket load balancer", () => {
  const packet = leaving(tcpBytes(40_000, 443, 1, 2), "tcp", 9);
  const socket = (point: string, cookie: number, peer: string) =>
    `CPU 03: [${point}] cgroup_id: 16761 sock_cookie: ${cookie}, dst ${peer} tcp`;

  it("tell which service leads to a packet's destination", () => {
    const text = [
      socket("pre-xlate-fwd", 5, "[10.96.0.1]:80"),
      socket("post-xlate-fwd", 5, `[${far}]:443`),
      packet,
    ].join("\n");
    assert.match(
      sentences(storyOf(stories(["monitor.log", text]), /TCP/)),
      /made 198\.51\.100\.9:443 of 10\.96\.0\.1:80 \(1 socket seen\)/,
    );
  });

  it("tell nothing of a destination that no socket was led to", () => {
    const text = [
      socket("pre-xlate-fwd", 5, "[10.96.0.1]:80"),
      socket("post-xlate-fwd", 6, `[${far}]:443`),
      packet,
    ].join("\n");
    assert.doesNotMatch(sentences(storyOf(stories(["monitor.log", text]), /TCP/)), /socket/);
  });
});

describe("ARP", () => {
  const ask = hexLines({ point: "to-network", device: "eth0" }, arpBytes("request", node, router), 0x0806);
  const answer = hexLines({ point: "from-network", device: "eth0" }, arpBytes("reply", router, node), 0x0806);
  const handed = leaving(tcpBytes(40_000, 443, 1, 2), "tcp", 9)
    .split("\nCPU")
    .slice(0, 2)
    .join("\nCPU");
  const dump = `# ip rule
0:\tfrom all lookup local
32766:\tfrom all lookup main
32767:\tfrom all lookup default
# ip route show table all
default via ${router} dev eth0
192.0.2.0/24 dev eth0 proto kernel scope link src ${node}
local ${node} dev eth0 table local proto kernel scope host src ${node}
`;

  it("is a conversation of its own, with what became of the question", () => {
    const open = storyOf(stories(["monitor.log", ask]), /^ARP request from 192\.0\.2\.10 for 192\.0\.2\.1$/);
    assert.equal(open.status, "ok");
    assert.match(sentences(open), /asked by ARP once, and no answer is in the capture/);
    const answered = stories(["monitor.log", `${ask}\n${answer}`]);
    assert.match(sentences(storyOf(answered, /^ARP request/)), /asked by ARP once, and answered/);
    assert.equal(storyOf(answered, /^ARP reply/).conversation, storyOf(answered, /^ARP request/).conversation);
  });

  it("is evidence where a packet waits for its next hop, and only there", () => {
    const lost = storyOf(stories(["monitor.log", `${handed}\n${ask}`], ["node.txt", dump]), /TCP/);
    assert.match(sentences(lost), /Who has 192\.0\.2\.1 was asked by ARP once, and no answer is in the capture/);
    const answered = storyOf(stories(["monitor.log", `${handed}\n${ask}\n${answer}`], ["node.txt", dump]), /TCP/);
    assert.doesNotMatch(sentences(answered), /ARP/);
  });

  it("is answered by Cilium without an event, and nobody's fault", () => {
    const asked = hexLines({ point: "from-endpoint", source: 75 }, arpBytes("request", pod, "10.1.0.1"), 0x0806);
    assert.equal(storyOf(stories(["monitor.log", asked]), /^ARP request/).status, "unknown");
  });
});
