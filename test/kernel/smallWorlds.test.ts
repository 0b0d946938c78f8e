import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Flow } from "../../server/src/core/fib/flow.js";
import { formatAddress } from "../../server/src/core/net/address.js";
import { type Namespace, openNamespace } from "../../server/src/node/kernel/namespace.js";
import { packetKinds } from "../generate/packetKinds.js";
import { deviceGroups, type SmallWorld, smallWorlds } from "../generate/smallWorld.js";
import { compareAnswers, readNode } from "./agreement.js";
import { dumpNode } from "./kernelNode.js";

const worlds = Number(process.env.PACKETWALK_RUNS ?? 12);

/** Of a world with more kinds of packets, every so many are asked. */
const questionsPerWorld = 400;

/** What `ip route get` can ask for: no other protocols. */
function questionFor({
  family,
  dst,
  src,
  iif,
  oif,
  fwmark,
  tos,
  uid,
  ipproto,
  sport,
  dport,
}: Flow): string | undefined {
  if (ipproto !== 6 && ipproto !== 17 && !(ipproto === 1 && family === 4)) return undefined;
  const words = [
    formatAddress(dst),
    src && `from ${formatAddress(src)}`,
    iif === "lo" ? `uid ${uid}` : `iif ${iif}`,
    oif && `oif ${oif}`,
    fwmark && `mark ${fwmark}`,
    tos && `tos 0x${tos.toString(16)}`,
    `ipproto ${ipproto}`,
    sport && `sport ${sport}`,
    dport && `dport ${dport}`,
  ];
  return words.filter(Boolean).join(" ");
}

/** Makes the node of a world. What the kernel refuses is left out; what it took, the dump then says. */
function buildWorld(ns: Namespace, { family, rules, routes }: SmallWorld): void {
  const devices = [...Object.keys(deviceGroups), "other0"];
  const own = family === 4 ? "192.0.2.10/24" : "2001:db8:2::10/64 nodad";
  ns.batch([
    "link set lo up",
    ...devices.flatMap((name, at) => [
      `link add ${name} type veth peer name p${at}`,
      `link set ${name} addrgenmode none group ${deviceGroups[name] ?? "default"}`,
      `link set p${at} addrgenmode none`,
      `link set p${at} up`,
      `link set ${name} up`,
    ]),
    `addr add ${own} dev eth0`,
  ]);
  const settings =
    family === 4
      ? [
          "echo 1 > /proc/sys/net/ipv4/ip_forward",
          ...["all", ...devices].flatMap((name) => [
            `echo 0 > /proc/sys/net/ipv4/conf/${name}/rp_filter`,
            `echo 1 > /proc/sys/net/ipv4/conf/${name}/accept_local`,
          ]),
        ]
      : ["echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"];
  ns.run("sh", "-ec", settings.join("\n"));
  const moved = rules.find((line) => line.endsWith("lookup local") && !line.startsWith("0:"));
  const added = rules.filter((line) => !/^(?:0|32766|32767):/.test(line));
  ns.batch(
    [
      // Routes come first: a gateway is checked against the rules in force when it is added.
      ...routes.map(
        (line) => `route add ${line.replaceAll("\n\t", " ").replace(/via \S+ dev \S+(?! weight)/g, "$& onlink")}`,
      ),
      ...added.map((line) => `rule add pref ${line.replace(":\t", " ").replace(/ \[\w+\]/, "")}`),
      ...(moved ? ["rule del pref 0"] : []),
    ],
    `-${family}`,
  );
}

describe("Small worlds against the kernel", function () {
  this.timeout(120_000 + worlds * 2000);

  before(async function () {
    const ns = await openNamespace();
    if (typeof ns !== "string") return ns.close();
    console.log(`      skipped: ${ns}`);
    this.skip();
  });

  it(`are looked up as the kernel does, by packets of every kind in ${worlds} of them`, async () => {
    let probes = 0;
    await fc.assert(
      fc.asyncProperty(smallWorlds, async (world) => {
        const ns = await openNamespace();
        assert.ok(typeof ns !== "string", `${ns}`);
        try {
          buildWorld(ns, world);
          const { text } = dumpNode(ns, world);
          const fib = readNode("node.txt", text, world.family);
          const questions = packetKinds([fib.state], world.family).flatMap((flow) => questionFor(flow) ?? []);
          const step = Math.ceil(questions.length / questionsPerWorld);
          const asked = questions.filter((_, at) => at % step === 0);
          const agreement = compareAnswers(ns, world.family, asked, new Map([["text", fib]]));
          probes += agreement.probes;
          assert.ok(agreement.difference === undefined, `${agreement.difference}\n${text}`);
        } finally {
          ns.close();
        }
      }),
      { numRuns: worlds },
    );
    assert.ok(probes > worlds * 100, `${probes} probes`);
  });
});
