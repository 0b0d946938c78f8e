import { describeDevice } from "../../cilium/devices.js";
import { fwmarkUse } from "../../cilium/fwmarks.js";
import { describeKernelDropReason, isDropFunction, kernelDropReasonSource } from "../../cilium/kernelDropReasons.js";
import type { KernelEvent } from "../../monitor/event.js";
import { ipProtocolName } from "../../monitor/ipProtocols.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

const sources = ["github.com/cilium/pwru, internal/pwru/output.go, 0.0.5 to 1.0.12"];

const meanings: Readonly<Record<string, string>> = {
  skb: "The address of the packet's buffer in the kernel: lines with the same one are of one packet, until it is freed and the address used again.",
  cpu: "The CPU on which the function ran. Lines of different CPUs may be printed out of order.",
  process:
    "The program that ran on the CPU, which need not have to do with the packet: incoming packets are handled while any program runs.",
  caller_func: "The function that called it.",
  time: "When it ran: an absolute time, or nanoseconds since the node started or since the packet's line before.",
  netns: "The network namespace in which the packet was, by its inode: `lsns -t net` and `/proc/PID/ns/net` show them.",
  netns_name: "The name of the network namespace.",
  proto: "The protocol in the frame, by its number: 0x0800 (2048) is IPv4, 0x86dd (34525) is IPv6.",
  mtu: "The MTU of the device.",
  len: "The length of the packet's data in bytes; the link-layer header counts where it has not been taken off yet.",
  cb: "The control block of the packet, in which programs leave notes for each other.",
  tuple: "The packet's addresses, ports and protocol at this function: before or after NAT.",
  tunnel_tuple: "Addresses, ports and protocol of the packet inside of the tunnel.",
  saddr: "The source address.",
  daddr: "The destination address.",
  sport: "The source port; left out or 0 where the protocol has none.",
  dport: "The destination port; left out or 0 where the protocol has none.",
  flags: "The TCP flags.",
  stack: "The functions that called each other down to this one.",
  skb_metadata: "Values of the packet's buffer that pwru was asked to print.",
  skb_shared_info: "The part of the buffer that is shared by clones of the packet.",
};

/** The fields of pwru's lines, by their keys in its JSON; those of its text have the same ones. */
export function explainKernelField(event: KernelEvent, field: EventField): FieldExplanation | undefined {
  const path = field.path.filter((part) => typeof part === "string");
  const key = path.at(-1) ?? "";
  const isInner = path.length > 1;
  if (key === "proto" && isInner) {
    const number = /^\d{1,3}$/.test(field.value ?? "") ? ipProtocolName(Number(field.value)) : field.value;
    return { sentences: [`The IP protocol: ${number}.`], sources };
  }
  switch (key) {
    case "func":
      return explainFunction(event);
    case "mark":
      return explainFwmark(event);
    case "iface":
      return explainInterface(event);
    default: {
      const meaning = Object.hasOwn(meanings, key) ? meanings[key] : undefined;
      return meaning === undefined ? undefined : { sentences: [meaning], sources };
    }
  }
}

function explainFunction(event: KernelEvent): FieldExplanation {
  const name = event.function;
  if (event.dropReason === undefined && !isDropFunction(name)) {
    const what =
      event.hook === undefined
        ? `The kernel's function ${name} got the packet.`
        : `The BPF program ${name} got the packet, at its ${event.hook === "tc" ? "tc hook" : "XDP hook"}.`;
    return { sentences: [what], notes: ["That a function got a packet does not tell what it did with it."], sources };
  }
  const reason = event.dropReason === undefined ? undefined : describeKernelDropReason(event.dropReason);
  return {
    sentences: [
      reason?.harmless
        ? "The kernel is done with the packet: nothing is wrong."
        : `The kernel drops the packet${event.dropReason === undefined ? "" : `, for the reason ${event.dropReason}`}.`,
      ...(reason?.meaning === undefined ? [] : [reason.meaning]),
    ],
    sources: [...sources, kernelDropReasonSource],
  };
}

function explainFwmark(event: KernelEvent): FieldExplanation {
  const { fwmark = 0 } = event;
  const use = fwmark === 0 ? undefined : fwmarkUse({ value: fwmark & 0xf00, mask: 0xf00 });
  return {
    sentences: [
      fwmark === 0
        ? "The packet has no fwmark."
        : `The packet's fwmark is 0x${fwmark.toString(16)}: ip rules can select by it.`,
      ...(use ? [`In Cilium's bits it says: ${use.meaning}.`] : []),
    ],
    notes: ["This is the real fwmark, unlike `mark` of monitor JSON, which is the flow hash."],
    sources: use ? [...sources, use.source] : sources,
  };
}

function explainInterface(event: KernelEvent): FieldExplanation {
  const device = event.ifname === undefined ? undefined : describeDevice(event.ifname);
  const number = event.ifindex === undefined ? "" : ` Its number in that namespace is ${event.ifindex}.`;
  return {
    sentences: [
      event.ifname === undefined && event.ifindex === undefined
        ? "No device: the packet is not bound to one."
        : `The device that the packet is bound to at this function.${number}`,
      ...(device ? [`${event.ifname} is ${device.meaning} (${device.owner}).`] : []),
    ],
    sources: device ? [...sources, device.source] : sources,
  };
}
