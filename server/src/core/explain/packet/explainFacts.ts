import type { CaseNode } from "../../case/case.js";
import type { ReadFile } from "../../case/readFile.js";
import { versionWords } from "../../monitor/version.js";
import type { CaptureKnowledge } from "../../path/captureKnowledge.js";
import type { FactEvidence, FactName, NodeFacts } from "../../path/datapathFacts.js";
import type { Place } from "../../text/span.js";
import { baseName } from "./explainPacket.js";

/** What is known of one side of a node's set-up. */
export interface FactStory {
  /** `Host routing: by the kernel`. */
  readonly title: string;
  /** What shows it, a sentence; what would, where it is not known. */
  readonly sentence: string;
  /** The line that shows it. */
  readonly place?: Place;
}

interface FactWords {
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
  /** What would show it, a sentence. */
  readonly ask: string;
}

const config = "`cilium config view` or `cilium status --verbose` on the node tells.";

const factWords: Readonly<Record<keyof NodeFacts, FactWords>> = {
  hostRouting: {
    title: "Host routing",
    values: { legacy: "by the kernel", bpf: "by BPF, past the kernel" },
    ask: "`cilium status --verbose` tells (Host Routing).",
  },
  endpointRoutes: {
    title: "Endpoint routes",
    values: { true: "on", false: "off" },
    ask: "`ip route` tells: a route for each pod by its own device, or one for all by cilium_host.",
  },
  tunnel: {
    title: "Between nodes",
    values: { true: "a tunnel", false: "native routing" },
    ask: "`ip -d link` tells (cilium_vxlan, cilium_geneve).",
  },
  encryption: {
    title: "Encryption between nodes",
    values: {
      none: "none",
      wireguard: "WireGuard",
      ipsec: "IPsec (behind to-stack, until 1.17)",
      "ipsec-at-device": "IPsec (at the native device, since 1.18)",
    },
    ask: "`cilium encrypt status` tells.",
  },
  nodePort: { title: "NodePort by BPF", values: { true: "on", false: "off" }, ask: config },
  hostFirewall: { title: "Host firewall", values: { true: "on", false: "off" }, ask: config },
  egressGateway: { title: "Egress gateway", values: { true: "on", false: "off" }, ask: config },
};

function knownFact(facts: NodeFacts, { fact, statement, place }: FactEvidence): FactStory {
  const at = place ? { place } : {};
  if (fact === "masquerade") return { title: "Masquerading", sentence: statement, ...at };
  const { title, values } = factWords[fact];
  return { title: `${title}: ${values[String(facts[fact])] ?? String(facts[fact])}`, sentence: statement, ...at };
}

const aggregationWords = {
  none: { title: "none", sentence: "Events at receive points are there, which any aggregation hides." },
  some: {
    title: "some",
    sentence: "Events at receive points are missing, and those of established connections may be.",
  },
  unknown: { title: "not known", sentence: "No trace event is there to tell." },
} as const;

/** How much a capture shows, and of which version it is. */
function captureFacts(capture: CaptureKnowledge, files: readonly ReadFile[]): FactStory[] {
  const { file, aggregation, aggregationPlace, losses } = capture;
  const { title, sentence } = aggregationWords[aggregation];
  const [firstLoss] = losses;
  const lost = losses.reduce((sum, { count }) => sum + count, 0);
  const version = files.find((read) => read.file === file)?.version;
  const words = version && versionWords(version);
  const name = baseName(file);
  return [
    {
      title: `Monitor aggregation of ${name}: ${title}`,
      sentence,
      ...(aggregationPlace ? { place: aggregationPlace } : {}),
    },
    ...(firstLoss
      ? [
          {
            title: `Lost events of ${name}: ${lost}`,
            sentence: "The monitor could not keep up.",
            place: firstLoss.place,
          },
        ]
      : []),
    ...(words === undefined
      ? []
      : [
          {
            title: `Version of ${name}`,
            sentence: words,
            ...(version?.evidence[0] ? { place: version.evidence[0].place } : {}),
          },
        ]),
  ];
}

/** What the files show of a node's set-up, and what they leave open. Empty where there is no capture to walk. */
export function explainFacts({ context, files }: Pick<CaseNode, "context" | "files">): FactStory[] {
  const { facts, evidence, captures } = context;
  if (captures.length === 0) return [];
  const open = (Object.keys(factWords) as (keyof NodeFacts)[]).filter((fact) => facts[fact] === undefined);
  return [
    ...captures.flatMap((capture) => captureFacts(capture, files)),
    ...evidence.map((each) => knownFact(facts, each)),
    ...open.map((fact) => ({ title: `${factWords[fact].title}: not known`, sentence: factWords[fact].ask })),
  ];
}

/** `host routing and endpoint routes`, for a sentence about what is not known. */
export function factTitles(names: readonly FactName[]): string {
  const titles = names.flatMap((name) => (name === "destination" ? [] : [factWords[name].title.toLowerCase()]));
  const last = titles.at(-1) ?? "";
  return titles.length > 1 ? `${titles.slice(0, -1).join(", ")} and ${last}` : last;
}
