import assert from "node:assert/strict";
import { type Disturbance, playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";
import { dispositionWords, nodeOf, tracesOf, walkCapture } from "./recovered.js";

/** What is said of the first packet that is drawn. */
function saidOf(text: string, disturbance: Disturbance, change: (capture: string) => string = (same) => same): string {
  const [scenario] = readScenarios(`=== a packet and what else is seen\n${text}`);
  assert.ok(scenario);
  const capture = playCapture(scenario, "a", disturbance);
  const traces = walkCapture(scenario, { ...capture, text: change(capture.text) });
  const [played] = capture.walks;
  const [trace] = played ? tracesOf(traces, played) : [];
  return trace ? dispositionWords(trace.disposition) : "not seen";
}

const lost = `--- tcp 10.1.0.5:40000 > 198.51.100.7:443 SYN
a (pod) from-endpoint to-stack => lost-in-kernel
`;
const another = `--- tcp 10.1.0.5:40001 > 198.51.100.7:443 SYN
a (pod) from-endpoint to-stack (prerouting) (routing) (postrouting) to-network (wire) => sent
`;
const again = lost;

/** Puts the monitor's word for lost events behind the line that has this text. */
function losing(cpu: string, behind: string): (capture: string) => string {
  return (capture) =>
    capture
      .split("\n")
      .flatMap((line) => (line.includes(behind) ? [line, `CPU ${cpu}: Lost 3 events`] : [line]))
      .join("\n");
}

describe("a missing event", () => {
  it("is evidence where every packet is reported and nothing was lost", () => {
    assert.equal(saidOf(lost + another, { seed: 1 }), "lost-in-kernel");
  });

  it("is none where the capture is aggregated", () => {
    assert.match(saidOf(lost + another, { seed: 1, aggregated: true }), /^insufficient-information .*aggregation/);
  });

  it("is none where the capture ends with the packet", () => {
    assert.match(saidOf(lost, { seed: 1, cut: true }), /^insufficient-information .*ends/);
    assert.equal(saidOf(another + lost, { seed: 1, cut: true }), "sent");
  });

  it("is none where the node's devices report nothing", () => {
    assert.match(saidOf(lost, { seed: 1 }), /^insufficient-information .*devices/);
  });

  it("is none where events of its CPU were lost right behind it, and is where they were lost on another", () => {
    const near = '"observationPoint":"to-stack"';
    assert.match(saidOf(lost + another, { seed: 1 }, losing("00", near)), /^insufficient-information .*lost/);
    assert.equal(saidOf(lost + another, { seed: 1 }, losing("02", near)), "lost-in-kernel");
  });

  it("is evidence where the loss came after the next packet of its conversation", () => {
    const late = '"observationPoint":"to-network"';
    assert.equal(saidOf(lost + again + another, { seed: 1 }, losing("00", late)), "lost-in-kernel");
    assert.match(saidOf(lost + another, { seed: 1 }, losing("00", late)), /^insufficient-information .*lost/);
  });

  it("is none where events of its CPU were lost, and only another CPU saw the next packet of its conversation before", () => {
    const onAnother = (line: string): string => (line.includes(" Id=101 ") ? line.replace("CPU 00:", "CPU 02:") : line);
    const change = (capture: string): string =>
      losing("00", '"observationPoint":"to-network"')(capture.split("\n").map(onAnother).join("\n"));
    assert.match(saidOf(lost + again + another, { seed: 1 }, change), /^insufficient-information .*lost/);
  });
});

describe("what packets show of the set-up", () => {
  it("is not what two events around a loss look like", () => {
    const [scenario] = readScenarios(`=== routed by the kernel
--- tcp 198.51.100.7:443 > 10.1.0.5:40000 SYN ACK
a (wire) from-network (prerouting) (routing) (postrouting) from-host to-endpoint (pod) => delivered
`);
    assert.ok(scenario);
    const capture = playCapture(scenario, "a", { seed: 1 });
    const text = capture.text
      .split("\n")
      .map((line) => (line.includes('"observationPoint":"from-host"') ? "CPU 00: Lost 1 events" : line))
      .join("\n");
    assert.equal(nodeOf(scenario, capture).context.facts.hostRouting, "legacy");
    assert.equal(nodeOf(scenario, { ...capture, text }).context.facts.hostRouting, undefined);
  });
});
