import type { ErrorReport } from "../../capture/packet.js";
import { describeKernelDropReason, isDropFunction } from "../../cilium/kernelDropReasons.js";
import type { KernelEvent, MonitorEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import type { Witness } from "../../path/witness.js";
import { peerWords } from "./endWords.js";
import { icmpErrorWords } from "./icmpErrorWords.js";

type WitnessOf<Type extends Witness["type"]> = Extract<Witness, { readonly type: Type }>;

/** The events of a witness, for whoever wants to read them. */
export function witnessEvents(witness: Witness): MonitorEvent[] {
  switch (witness.type) {
    case "icmp-error":
      return [witness.report.event];
    case "kernel":
      return witness.first === witness.event ? [witness.event] : [witness.first, witness.event];
    case "socket":
      return [witness.from, witness.to];
    case "delivery":
      return [witness.event];
    case "neighbour":
      return [witness.asked, ...(witness.answer ? [witness.answer] : [])];
  }
}

/** What an event is called in a list of evidence. */
export function eventName(event: MonitorEvent): string {
  switch (event.type) {
    case "trace":
      return event.observationPoint;
    case "pwru":
      return `pwru ${event.function}`;
    case "trace-sock":
      return event.point;
    default:
      return event.type;
  }
}

/** What an ICMP error says of a packet, a sentence. */
export function errorSentence({ event, among }: ErrorReport): string {
  const { ip, l4 } = event.headers ?? {};
  const sender = ip ? formatAddress(ip.src) : "Somebody";
  const words = l4 && "typeCode" in l4 ? icmpErrorWords(l4) : "an ICMP error";
  const subject = among === undefined ? "this packet" : `this packet or another of ${among} that look alike`;
  return `${sender} says of ${subject}: ${words}.`;
}

function kernelWords({ function: name, dropReason, caller, ifname, fwmark }: KernelEvent): string {
  const where = [
    ...(caller === undefined ? [] : [`called by ${caller}`]),
    ...(ifname === undefined ? [] : [`device ${ifname}`]),
    ...(fwmark === undefined ? [] : [`fwmark 0x${fwmark.toString(16)}`]),
  ].join(", ");
  return `${name}${dropReason === undefined ? "" : ` (${dropReason})`}${where === "" ? "" : `, ${where}`}`;
}

function kernelSentence({ event, first, seen, isOnly }: WitnessOf<"kernel">): string {
  const subject = isOnly ? "pwru shows it" : `pwru shows ${seen === 1 ? "a packet" : `${seen} packets`} of its flow`;
  const reason = event.dropReason === undefined ? undefined : describeKernelDropReason(event.dropReason);
  if (isDropFunction(event.function) && !reason?.harmless) {
    const meaning = reason?.meaning === undefined ? "" : ` ${reason.meaning}`;
    return `${subject} dropped by the kernel in ${kernelWords(event)}.${meaning}`;
  }
  return first === event
    ? `${subject} in ${kernelWords(event)}.`
    : `${subject} in the kernel, from ${first.function} to ${kernelWords(event)}.`;
}

function socketSentence({ from, to, sockets, services }: WitnessOf<"socket">): string {
  const others = services === 1 ? "" : `, the last of ${services} services that lead there`;
  return `The socket load balancer made ${peerWords(to)} of ${peerWords(from)} (${sockets} ${sockets === 1 ? "socket" : "sockets"} seen${others}): the service's address is in no packet.`;
}

function deliverySentence({ event: { message } }: WitnessOf<"delivery">): string {
  const device = message.slice(message.lastIndexOf(" ") + 1);
  const receiver = device === "0" ? "the host's stack" : `interface ${device}`;
  return `A debug event shows it about to be handed to ${receiver}.`;
}

function neighbourSentence({ address, requests, answer }: WitnessOf<"neighbour">): string {
  const times = requests === 1 ? "once" : `${requests} times`;
  const asked = `Who has ${formatAddress(address)} was asked by ARP ${times}`;
  return answer ? `${asked}, and answered.` : `${asked}, and no answer is in the capture.`;
}

/** What a witness tells, a sentence. */
export function witnessSentence(witness: Witness): string {
  switch (witness.type) {
    case "icmp-error":
      return errorSentence(witness.report);
    case "kernel":
      return kernelSentence(witness);
    case "socket":
      return socketSentence(witness);
    case "delivery":
      return deliverySentence(witness);
    case "neighbour":
      return neighbourSentence(witness);
  }
}
