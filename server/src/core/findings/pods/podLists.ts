import type { CaseNode } from "../../case/case.js";
import type { EndpointSection } from "../../iproute/section.js";
import { formatAddress } from "../../net/address.js";
import { families } from "../ruleEvidence.js";
import { ownAddresses } from "./podEvidence.js";

/** A row of a list of endpoints or pods. */
export type ListedPod = EndpointSection["endpoints"][number];

/** The pods that lists show to be on this node. */
export interface PodLists {
  readonly here: ReadonlyMap<string, ListedPod>;
  /** Whose list is whole: all endpoints of the agent, or all pods of the cluster with this node's name known. */
  readonly wholeCilium: boolean;
  readonly wholeKubectl: boolean;
}

const known = new WeakMap<CaseNode, PodLists>();

/** What lists of endpoints and pods say of this node. Found once for it. */
export function podLists(node: CaseNode): PodLists {
  const found = known.get(node) ?? readLists(node);
  known.set(node, found);
  return found;
}

function readLists({ files, state }: CaseNode): PodLists {
  const sections = files
    .flatMap(({ transcript }) => transcript.sections)
    .filter((section) => section.kind === "endpoints");
  const own = new Set(families.flatMap((family) => [...ownAddresses(state, family).keys()]));
  const ofCluster = sections.filter(({ printer }) => printer === "kubectl");
  // A pod with the node's own address uses the node's network, and so tells the node's name.
  const names = new Set(
    ofCluster.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ address, node }) => (node !== undefined && own.has(formatAddress(address)) ? [node] : [])),
    ),
  );
  const rows = sections.flatMap(({ printer, endpoints }) =>
    endpoints.filter(({ node, isHost: host }) =>
      printer === "cilium" ? !host : node !== undefined && names.has(node),
    ),
  );
  return {
    here: new Map(rows.map((row) => [formatAddress(row.address), row])),
    wholeCilium: sections.some(({ printer, cut }) => printer === "cilium" && !cut),
    wholeKubectl: names.size === 1 && ofCluster.some(({ cut }) => !cut),
  };
}
