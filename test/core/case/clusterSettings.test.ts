import assert from "node:assert/strict";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";

const capture =
  "-> endpoint 71 flow 0x0 , identity 4711->4712 state new ifindex lxc0a1b2c3d4e5f orig-ip 10.1.0.5: 10.1.0.5:40000 -> 10.1.0.6:80 tcp SYN\n";
const relayed = ["a", "b"]
  .map((node) => JSON.stringify({ flow: { verdict: "FORWARDED", event_type: { type: 4 } }, node_name: node }))
  .join("\n");
const config = "routing-mode: native\nenable-endpoint-routes: true\n";
const status = "KVStore:  Ok\nHost Routing:  Legacy\n";

function nodesOf(files: Readonly<Record<string, string>>) {
  return buildCase(Object.entries(files).map(([file, text]) => readFile({ file, text }))).nodes.map(
    ({ name, context: { facts } }) => [name, facts],
  );
}

describe("settings beside captures", () => {
  it("are of the node whose folder they stand in", () => {
    assert.deepEqual(
      nodesOf({ "case/a/monitor.log": capture, "case/a/status.txt": status, "case/b/monitor.log": capture }),
      [
        ["a", { hostRouting: "legacy" }],
        ["b", {}],
      ],
    );
  });

  it("are of every node where they stand in no node's folder, but for what a status says", () => {
    const facts = { endpointRoutes: true, tunnel: false };
    assert.deepEqual(
      nodesOf({ "case/config.txt": config + status, "case/a/monitor.log": capture, "case/b/monitor.log": capture }),
      [
        ["a", facts],
        ["b", facts],
      ],
    );
    assert.deepEqual(nodesOf({ "case/config.txt": config, "case/hubble.json": relayed }), [
      ["a", facts],
      ["b", facts],
    ]);
  });

  it("give way to what a node states itself", () => {
    assert.deepEqual(
      nodesOf({
        "case/config.txt": config,
        "case/a/monitor.log": capture,
        "case/a/options.txt": "routing-mode: tunnel\n",
      }),
      [["a", { endpointRoutes: true, tunnel: true }]],
    );
  });

  it("are a node themselves where there is nothing else", () => {
    assert.deepEqual(nodesOf({ "case/config.txt": config }), [["case", { endpointRoutes: true, tunnel: false }]]);
  });
});
