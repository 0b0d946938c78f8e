import type { CaseNode } from "../../case/case.js";
import type { ReadFile } from "../../case/readFile.js";
import { versionWords } from "../../monitor/version.js";
import type { CaptureKnowledge } from "../../path/captureKnowledge.js";
import type { FactEvidence, FactName, SetUpName } from "../../path/datapathFacts.js";
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

const factWords: Readonly<Record<SetUpName, FactWords>> = {
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
  egressGateway: { title: "Egress gateway or VTEP", values: { true: "on", false: "off" }, ask: config },
  masquerade: {
    title: "Masquerading",
    values: { bpf: "by BPF", netfilter: "by netfilter", none: "off" },
    ask: "`cilium status` tells (Masquerading).",
  },
  nodePortMode: {
    title: "NodePort requests for other nodes",
    values: {
      snat: "from the node's address (SNAT)",
      dsr: "from the client's (DSR)",
      hybrid: "DSR for TCP, else SNAT",
    },
    ask: "`cilium status --verbose` tells (Mode, under KubeProxyReplacement Details).",
  },
};

function knownFact({ fact, value, statement, place }: FactEvidence): FactStory {
  const { title, values } = factWords[fact];
  const words = value === undefined ? "open" : (values[String(value)] ?? String(value));
  return { title: `${title}: ${words}`, sentence: statement, ...(place ? { place } : {}) };
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
  const told = new Set(evidence.map(({ fact }) => fact));
  if (!facts.nodePort) told.add("nodePortMode");
  const open = (Object.keys(factWords) as SetUpName[]).filter((fact) => !told.has(fact));
  return [
    ...captures.flatMap((capture) => captureFacts(capture, files)),
    ...evidence.map(knownFact),
    ...open.map((fact) => ({ title: `${factWords[fact].title}: not known`, sentence: factWords[fact].ask })),
  ];
}

/** `host routing and endpoint routes`, for a sentence about what is not known. */
export function factTitles(names: readonly FactName[]): string {
  const titles = names.flatMap((name) => (name === "destination" ? [] : [factWords[name].title.toLowerCase()]));
  const last = titles.at(-1) ?? "";
  return titles.length > 1 ? `${titles.slice(0, -1).join(", ")} and ${last}` : last;
}
