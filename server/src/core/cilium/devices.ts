/** A device that a CNI makes, by its name. */
export interface DeviceDescription {
  readonly name: string;
  readonly owner: string;
  readonly kind: "pod" | "host" | "tunnel" | "encryption" | "bridge" | "loopback";
  /** A noun phrase. */
  readonly meaning: string;
  readonly source: string;
}

type DevicePattern = Omit<DeviceDescription, "name"> & { readonly pattern: RegExp };

const ciliumSource = "pkg/defaults/node.go, Cilium 1.19.4";

/** First match counts. Native devices (`eth0`, `ens3` ...) have no entry: their names tell nothing. */
const patterns: readonly DevicePattern[] = [
  device(/^lxc_health$|^cilium_health$/, "Cilium", "pod", "the host's end of the cilium-health endpoint", ciliumSource),
  device(/^lxc[0-9a-f]{1,12}$/, "Cilium", "pod", "the host's end of a pod's veth pair", ciliumSource),
  device(
    /^cilium_host$/,
    "Cilium",
    "host",
    "the host's end of Cilium's own veth pair: it carries the router address, and what the host stack routes out of it reaches pods",
    ciliumSource,
  ),
  device(
    /^cilium_net$/,
    "Cilium",
    "host",
    "the peer of cilium_host, by which packets enter the host stack",
    ciliumSource,
  ),
  device(/^cilium_vxlan$/, "Cilium", "tunnel", "the VXLAN device of Cilium's overlay (UDP 8472)", ciliumSource),
  device(/^cilium_geneve$/, "Cilium", "tunnel", "the Geneve device of Cilium's overlay (UDP 6081)", ciliumSource),
  device(/^cilium_ipip[46]$/, "Cilium", "tunnel", "Cilium's IP-in-IP device for load balancing", ciliumSource),
  device(/^cilium_wg0$/, "Cilium", "encryption", "Cilium's WireGuard device (UDP 51871)", ciliumSource),
  device(
    /^cali[0-9a-f]{11}$/,
    "Calico",
    "pod",
    "the host's end of a pod's veth pair",
    "Calico naming, general knowledge",
  ),
  device(
    /^(?:tunl0|vxlan\.calico)$/,
    "Calico",
    "tunnel",
    "Calico's overlay device",
    "Calico naming, general knowledge",
  ),
  device(/^wireguard\.cali$/, "Calico", "encryption", "Calico's WireGuard device", "Calico naming, general knowledge"),
  device(
    /^eni[0-9a-f]{11}$/,
    "AWS VPC CNI",
    "pod",
    "the host's end of a pod's veth pair",
    "AWS VPC CNI naming, general knowledge",
  ),
  device(/^flannel\.\d+$/, "flannel", "tunnel", "flannel's VXLAN device", "flannel naming, general knowledge"),
  device(
    /^cni0$/,
    "a CNI plugin",
    "bridge",
    "the bridge the pods of this node hang on",
    "CNI bridge plugin, general knowledge",
  ),
  device(
    /^(?:docker0|br-[0-9a-f]{12})$/,
    "Docker",
    "bridge",
    "a Docker network's bridge",
    "Docker naming, general knowledge",
  ),
  device(/^tailscale0$/, "Tailscale", "encryption", "Tailscale's device", "Tailscale naming, general knowledge"),
  device(/^lo$/, "the kernel", "loopback", "the loopback device", "Linux"),
];

function device(
  pattern: RegExp,
  owner: string,
  kind: DeviceDescription["kind"],
  meaning: string,
  source: string,
): DevicePattern {
  return { pattern, owner, kind, meaning, source };
}

/** What a device is, as far as its name tells; `undefined` for names that follow no maker's pattern. */
export function describeDevice(name: string): DeviceDescription | undefined {
  const known = described.get(name);
  if (known || described.has(name)) return known;
  const found = patterns.find(({ pattern }) => pattern.test(name));
  const description = found && {
    name,
    owner: found.owner,
    kind: found.kind,
    meaning: found.meaning,
    source: found.source,
  };
  if (described.size >= mostDescribed) described.clear();
  described.set(name, description);
  return description;
}

/** Answers given before: a node with many pods has thousands of devices, and every route is asked about by several findings. */
const described = new Map<string, DeviceDescription | undefined>();
const mostDescribed = 65_536;

/** Whether the device leads to one pod. */
export function isPodDevice(name: string): boolean {
  return describeDevice(name)?.kind === "pod";
}

const cniOwners = new Set(["Cilium", "Calico", "AWS VPC CNI", "flannel", "a CNI plugin"]);

/** Whether a CNI made the device: routes by it carry pod traffic. */
export function isCniDevice(name: string): boolean {
  const owner = describeDevice(name)?.owner;
  return owner !== undefined && cniOwners.has(owner);
}
