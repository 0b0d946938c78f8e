import { argv, stderr, stdout } from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { severities } from "../core/index.js";
import { startServer } from "../lsp/server.js";
import { nodeRuntime } from "../node/nodeRuntime.js";
import { check } from "./commands/check.js";
import { decode } from "./commands/decode.js";
import { explain } from "./commands/explain.js";
import { fix } from "./commands/fix.js";
import { flows, path } from "./commands/paths.js";
import { routeGet } from "./commands/routeGet.js";
import { UnusablePath } from "./readPaths.js";

/** Usage and input errors; findings are 1, success is 0. */
const usageError = 2;

// A reader that has seen enough (`| head`) is no error.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const print = (line: string): void => {
  stdout.write(`${line}\n`);
};

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

/** Runs a verb and sets the exit code; errors of the user's input are one line on stderr. */
async function run(verb: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await verb();
  } catch (error) {
    if (!(error instanceof UnusablePath)) throw error;
    stderr.write(`packetwalk: ${error.message}\n`);
    process.exitCode = usageError;
  }
}

const format = (): Option => new Option("--format <format>", "output format").choices(["text", "json"]).default("text");
const json = (): Option => new Option("--json", "short for --format json").implies({ format: "json" });

function packetVerb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<path...>", "files, folders, or - for standard input")
    .option("--src <address>", "packets from this address only")
    .option("--dst <address>", "packets to this address only")
    .option("--packet <number>", "the packet of this number in the list of `flows`", wholeNumber)
    .option("--broken", "packets that went astray only")
    .addOption(format())
    .addOption(json());
}

const program = new Command("packetwalk")
  .description("Walks the packets of cilium monitor logs through the rules and routes of ip dumps, offline.")
  .version("0.1.0")
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "packetwalk: ")) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : usageError));

program
  .command("check")
  .description("findings, with their fixes; exit code 1 if there are any at or above --fail-on")
  .argument("<path...>", "files, folders, or - for standard input")
  .addOption(format())
  .addOption(json())
  .addOption(
    new Option("--fail-on <level>", "lowest level that fails").choices([...severities, "never"]).default("warning"),
  )
  .action((paths: string[], options) => run(() => check(paths, options, print)));

program
  .command("explain")
  .description(
    "the whole story: what the packets did, what they should have done, where they parted, the fix and its proof",
  )
  .argument("<path...>", "files, folders, or - for standard input")
  .addOption(format())
  .addOption(json())
  .action((paths: string[], options) => run(() => explain(paths, options.format, print)));

packetVerb(program, "flows", "a line for each packet, broken ones first").action((paths: string[], options) =>
  run(() => flows(paths, options, options.format, print)),
);
packetVerb(program, "path", "the walk of each packet, hop by hop").action((paths: string[], options) =>
  run(() => path(paths, options, options.format, print)),
);

program
  .command("route")
  .description("look-ups in the rules and routes of a node")
  .command("get")
  .description("where the node sends a packet: the words and the answer of `ip route get`, and every rule considered")
  .argument(
    "[words...]",
    "ADDRESS [from A] [iif D] [oif D] [mark M] [tos T] [ipproto P] [sport N] [dport N] [uid U]; `mark unknown` leaves a field open, and the answer then branches",
  )
  .requiredOption("--state <path...>", "files or folders with the node's dumps")
  .option("--node <name>", "the node to ask, where the paths hold several")
  .option("--batch <file>", "a query a line, an answer a line")
  .addOption(format())
  .addOption(json())
  .action((words: string[], options) => run(() => routeGet(words, options, print)));

program
  .command("fix")
  .description("the commands that repair what was found, with their proof, as a script to be reviewed")
  .argument("<path...>", "files, folders, or - for standard input")
  .option("--code <code>", "fixes for findings of this code only")
  .addOption(format())
  .addOption(json())
  .action((paths: string[], options) => run(() => fix(paths, options, print)));

program
  .command("decode")
  .description("each event in one readable line")
  .argument("[path...]", "files, folders, or - for standard input", ["-"])
  .addOption(format())
  .addOption(json())
  .action((paths: string[], options) => run(() => decode(paths, options.format, print)));

program
  .command("lsp")
  .description("the language server, for any editor")
  .requiredOption("--stdio", "talk over standard input and output")
  .action(() => startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), nodeRuntime));

await program.parseAsync(argv);
