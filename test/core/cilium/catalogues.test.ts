import assert from "node:assert/strict";
import { agentNotifications } from "../../../server/src/core/cilium/agentNotifications.js";
import { bpfSourceFileNames } from "../../../server/src/core/cilium/bpfSourceFiles.js";
import { findCapturePoint } from "../../../server/src/core/cilium/capturePoints.js";
import { findDebugMessage } from "../../../server/src/core/cilium/debugMessages.js";
import { describeDevice, isCniDevice, isPodDevice } from "../../../server/src/core/cilium/devices.js";
import { dropReasons, findDropReason, findHubbleDropReason } from "../../../server/src/core/cilium/dropReasons.js";
import { fwmarkCollisions, fwmarkUse, fwmarkUses } from "../../../server/src/core/cilium/fwmarks.js";
import { describeIdentity, identityName, parseIdentity } from "../../../server/src/core/cilium/identities.js";
import { describeKernelDropReason, isDropFunction } from "../../../server/src/core/cilium/kernelDropReasons.js";
import { messageTypes } from "../../../server/src/core/cilium/messageTypes.js";
import { findObservationPoint, observationPoints } from "../../../server/src/core/cilium/observationPoints.js";
import { policyMatches } from "../../../server/src/core/cilium/policyVerdicts.js";
import { findSocketPoint } from "../../../server/src/core/cilium/socketPoints.js";
import { tableOwner } from "../../../server/src/core/cilium/tableOwners.js";
import { findTraceReason, traceReasons } from "../../../server/src/core/cilium/traceReasons.js";

describe("catalogues", () => {
  it("give each code and each name once", () => {
    for (const table of [observationPoints, traceReasons, messageTypes, dropReasons]) {
      const codes = table.map(({ code }) => code);
      assert.deepEqual(codes, [...new Set(codes)]);
    }
    for (const table of [observationPoints, traceReasons, messageTypes]) {
      const names = table.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)]);
    }
  });

  it("find by name and by the decimal code that older monitors print", () => {
    assert.equal(findObservationPoint("to-network")?.code, 11);
    assert.equal(findObservationPoint("12")?.name, "from-crypto");
    assert.equal(findObservationPoint("to-moon"), undefined);
    assert.equal(findTraceReason("reply")?.code, 2);
    assert.equal(findTraceReason("132")?.name, "reopened", "the bit of encrypted packets is not part of the reason");
    assert.equal(findDropReason("Policy denied")?.code, 133);
    assert.equal(findDropReason("181")?.text, "Policy denied by denylist");
  });

  it("know what a drop reason was called before, and prefer the drop where a text is of two codes", () => {
    assert.equal(findDropReason("CT: Missing TCP ACK flag")?.code, 136);
    assert.equal(findDropReason("Policy denied (L3)")?.code, 133);
    assert.equal(findDropReason("Invalid packet")?.code, 134);
    assert.equal(findDropReason("Success")?.code, 0);
    assert.equal(findDropReason("constructor"), undefined);
  });

  it("know drops by Hubble's names", () => {
    const names =
      "132 INVALID_SOURCE_IP, 133 POLICY_DENIED, 134 INVALID_PACKET_DROPPED, 135 CT_TRUNCATED_OR_INVALID_HEADER, 136 CT_MISSING_TCP_ACK_FLAG, 137 CT_UNKNOWN_L4_PROTOCOL, 138 CT_CANNOT_CREATE_ENTRY_FROM_PACKET, 139 UNSUPPORTED_L3_PROTOCOL, 140 MISSED_TAIL_CALL, 141 ERROR_WRITING_TO_PACKET, 142 UNKNOWN_L4_PROTOCOL, 143 UNKNOWN_ICMPV4_CODE, 144 UNKNOWN_ICMPV4_TYPE, 145 UNKNOWN_ICMPV6_CODE, 146 UNKNOWN_ICMPV6_TYPE, 147 ERROR_RETRIEVING_TUNNEL_KEY, 148 ERROR_RETRIEVING_TUNNEL_OPTIONS, 149 INVALID_GENEVE_OPTION, 150 UNKNOWN_L3_TARGET_ADDRESS, 151 STALE_OR_UNROUTABLE_IP, 152 NO_MATCHING_LOCAL_CONTAINER_FOUND, 153 ERROR_WHILE_CORRECTING_L3_CHECKSUM, 154 ERROR_WHILE_CORRECTING_L4_CHECKSUM, 155 CT_MAP_INSERTION_FAILED, 156 INVALID_IPV6_EXTENSION_HEADER, 157 IP_FRAGMENTATION_NOT_SUPPORTED, 158 SERVICE_BACKEND_NOT_FOUND, 160 NO_TUNNEL_OR_ENCAPSULATION_ENDPOINT, 161 FAILED_TO_INSERT_INTO_PROXYMAP, 162 REACHED_EDT_RATE_LIMITING_DROP_HORIZON, 163 UNKNOWN_CONNECTION_TRACKING_STATE, 164 LOCAL_HOST_IS_UNREACHABLE, 165 NO_CONFIGURATION_AVAILABLE_TO_PERFORM_POLICY_DECISION, 166 UNSUPPORTED_L2_PROTOCOL, 167 NO_MAPPING_FOR_NAT_MASQUERADE, 168 UNSUPPORTED_PROTOCOL_FOR_NAT_MASQUERADE, 169 FIB_LOOKUP_FAILED, 170 ENCAPSULATION_TRAFFIC_IS_PROHIBITED, 171 INVALID_IDENTITY, 172 UNKNOWN_SENDER, 173 NAT_NOT_NEEDED, 174 IS_A_CLUSTERIP, 175 FIRST_LOGICAL_DATAGRAM_FRAGMENT_NOT_FOUND, 176 FORBIDDEN_ICMPV6_MESSAGE, 177 DENIED_BY_LB_SRC_RANGE_CHECK, 178 SOCKET_LOOKUP_FAILED, 179 SOCKET_ASSIGN_FAILED, 180 PROXY_REDIRECTION_NOT_SUPPORTED_FOR_PROTOCOL, 181 POLICY_DENY, 182 VLAN_FILTERED, 183 INVALID_VNI, 184 INVALID_TC_BUFFER, 185 NO_SID, 186 MISSING_SRV6_STATE, 187 NAT46, 188 NAT64, 189 AUTH_REQUIRED, 190 CT_NO_MAP_FOUND, 191 SNAT_NO_MAP_FOUND, 192 INVALID_CLUSTER_ID, 193 UNSUPPORTED_PROTOCOL_FOR_DSR_ENCAP, 194 NO_EGRESS_GATEWAY, 195 UNENCRYPTED_TRAFFIC, 196 TTL_EXCEEDED, 197 NO_NODE_ID, 198 DROP_RATE_LIMITED, 199 IGMP_HANDLED, 200 IGMP_SUBSCRIBED, 201 MULTICAST_HANDLED, 202 DROP_HOST_NOT_READY, 203 DROP_EP_NOT_READY, 204 DROP_NO_EGRESS_IP, 205 DROP_PUNT_PROXY, 207 DROP_FRAG_NOT_FOUND_WORLD";
    for (const entry of names.split(", ")) {
      const [code, name = ""] = entry.split(" ");
      assert.equal(findHubbleDropReason(name)?.code, Number(code), entry);
    }
    assert.equal(findHubbleDropReason("constructor"), undefined);
  });

  it("know the points and messages of Hubble", () => {
    assert.equal(findCapturePoint("DBG_CAPTURE_PROXY_POST")?.code, 9);
    assert.equal(findCapturePoint("Packet to proxy port 15001 (Post)")?.code, 8);
    assert.equal(findSocketPoint("SOCK_XLATE_POINT_PRE_DIRECTION_REV")?.name, "pre-xlate-rev");
    assert.equal(agentNotifications.find(({ hubble }) => hubble === "IPCACHE_DELETED")?.code, 10);
    assert.equal(policyMatches.find(({ code }) => code === 6)?.name, "Proto-Only");
  });

  it("tell a dropped packet from one that the kernel is done with", () => {
    assert.equal(isDropFunction("kfree_skb_reason"), true);
    assert.equal(isDropFunction("consume_skb"), false);
    assert.match(describeKernelDropReason("SKB_DROP_REASON_IP_RPFILTER").meaning ?? "", /reverse path filter/);
    assert.equal(describeKernelDropReason("SKB_CONSUMED").harmless, true);
    assert.equal(describeKernelDropReason("constructor").meaning, undefined);
  });

  it("number BPF source files by version", () => {
    assert.deepEqual(bpfSourceFileNames(2), ["bpf_lxc.c"]);
    assert.deepEqual(bpfSourceFileNames(105, 19), ["lb.h"]);
    assert.deepEqual(bpfSourceFileNames(105, 18), ["nodeport.h"]);
    assert.deepEqual(bpfSourceFileNames(103, 13), ["egress_policies.h"]);
    assert.deepEqual(bpfSourceFileNames(101), ["drop.h", "arp.h"]);
    assert.deepEqual(bpfSourceFileNames(250), []);
    assert.deepEqual(bpfSourceFileNames(0), []);
  });

  it("take the longest opening of a debug message", () => {
    assert.equal(findDebugMessage("Frontend service lookup failed")?.name, "LB_LOOKUP_FRONTEND_FAIL");
    assert.equal(findDebugMessage("Master service lookup, addr=1.2.3.4 key.dport=80")?.name, "LB_LOOKUP_FRONTEND");
    assert.equal(findDebugMessage("Encapsulating to node 1 (0x1) from seclabel 2")?.name, "ENCAP");
    assert.equal(findDebugMessage("something else"), undefined);
  });
});

describe("identities", () => {
  const cases: readonly (readonly [id: number, scope: string, nodeLocal: boolean])[] = [
    [0, "reserved", false],
    [1, "reserved", false],
    [11, "reserved", false],
    [12, "unassigned", false],
    [99, "unassigned", false],
    [100, "well-known", false],
    [115, "well-known", false],
    [116, "unassigned", false],
    [128, "user-reserved", false],
    [255, "user-reserved", false],
    [256, "cluster", false],
    [65535, "cluster", false],
    [65536, "clustermesh", false],
    [16777215, "clustermesh", false],
    [16777216, "cidr", true],
    [33554431, "cidr", true],
    [33554432, "remote-node", true],
    [50331648, "unassigned", false],
    [4294967295, "unassigned", false],
  ];
  for (const [id, scope, nodeLocal] of cases) {
    it(`${id} is ${scope}`, () => {
      const identity = describeIdentity(id);
      assert.deepEqual([identity.scope, identity.nodeLocal], [scope, nodeLocal]);
      assert.ok(identity.meaning.length > 10);
    });
  }

  it("have names, and back", () => {
    assert.equal(identityName(6), "remote-node");
    assert.equal(identityName(256), undefined);
    assert.equal(parseIdentity("kube-apiserver"), 7);
    assert.equal(parseIdentity("50600"), 50600);
    assert.equal(parseIdentity("nobody"), undefined);
  });

  it("count clusters of a mesh", () => assert.match(describeIdentity(72931).meaning, /cluster 1 of the mesh/));
});

describe("devices", () => {
  const cases: readonly (readonly [name: string, owner: string | undefined, pod: boolean, cni: boolean])[] = [
    ["lxc0a1b2c3d4e5f", "Cilium", true, true],
    ["lxc_health", "Cilium", true, true],
    ["cilium_host", "Cilium", false, true],
    ["cilium_net", "Cilium", false, true],
    ["cilium_vxlan", "Cilium", false, true],
    ["cilium_wg0", "Cilium", false, true],
    ["cali0123456789a", "Calico", true, true],
    ["eni0123456789a", "AWS VPC CNI", true, true],
    ["docker0", "Docker", false, false],
    ["tailscale0", "Tailscale", false, false],
    ["lo", "the kernel", false, false],
    ["eth0", undefined, false, false],
    ["lxcbr0", undefined, false, false],
    ["cilium_hostx", undefined, false, false],
  ];
  for (const [name, owner, pod, cni] of cases) {
    it(name, () =>
      assert.deepEqual([describeDevice(name)?.owner, isPodDevice(name), isCniDevice(name)], [owner, pod, cni]),
    );
  }
});

describe("fwmarks and tables", () => {
  it("know who uses a mark, by value and mask", () => {
    assert.equal(fwmarkUse({ value: 0x200, mask: 0xf00 })?.owner, "Cilium");
    assert.equal(fwmarkUse({ value: 0x200, mask: 0xffffffff }), undefined);
    assert.equal(fwmarkUse({ value: 0x80000, mask: 0xff0000 })?.owner, "Tailscale");
  });

  it("name those whose packets may carry the same bits", () => {
    const owners = (value: number, mask: number) => [
      ...new Set(fwmarkCollisions({ value, mask }, "").map(({ owner }) => owner)),
    ];
    assert.deepEqual(owners(0x80, 0x80), ["AWS VPC CNI", "OVN-Kubernetes"]);
    assert.deepEqual(owners(0x700, 0xf00), []);
    assert.ok(owners(0xca6c, 0xffffffff).includes("wg-quick"));
    for (const { fwmark } of fwmarkUses) assert.ok((fwmark.value & ~fwmark.mask) === 0);
  });

  it("know the tables that have one owner", () => {
    assert.equal(tableOwner(2004)?.owner, "Cilium");
    assert.equal(tableOwner(254)?.confidence, "certain");
    assert.equal(tableOwner(52)?.owner, "Tailscale");
    assert.equal(tableOwner(100), undefined);
  });
});
