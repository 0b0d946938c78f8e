import assert from "node:assert/strict";
import { bpfSourceFileNames } from "../../../server/src/core/cilium/bpfSourceFiles.js";
import { findDebugMessage } from "../../../server/src/core/cilium/debugMessages.js";
import { describeDevice, isCniDevice, isPodDevice } from "../../../server/src/core/cilium/devices.js";
import { dropReasons, findDropReason } from "../../../server/src/core/cilium/dropReasons.js";
import { fwmarkCollisions, fwmarkUse, fwmarkUses } from "../../../server/src/core/cilium/fwmarks.js";
import { describeIdentity, identityName, parseIdentity } from "../../../server/src/core/cilium/identities.js";
import { messageTypes } from "../../../server/src/core/cilium/messageTypes.js";
import { findObservationPoint, observationPoints } from "../../../server/src/core/cilium/observationPoints.js";
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
    assert.deepEqual(owners(0x80, 0x80), ["AWS VPC CNI"]);
    assert.deepEqual(owners(0x80, 0xf00), []);
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
