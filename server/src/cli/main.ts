import { argv, stderr, stdout } from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import {
  isKubernetesName,
  type Levels,
  type Prefix,
  parseCiliumVersion,
  parsePrefix,
  readLevels,
  severities,
  verdicts,
} from "../core/index.js";
import { startServer } from "../lsp/server.js";
import { nodeRuntime } from "../node/nodeRuntime.js";
import { check, checkFormats } from "./commands/check.js";
import { conversations } from "./commands/conversations.js";
import { decode } from "./commands/decode.js";
import { diff } from "./commands/diff.js";
import { explain, explainFormats } from "./commands/explain.js";
import { fix } from "./commands/fix.js";
import { packets, path } from "./commands/paths.js";
import { routeGet } from "./commands/routeGet.js";
import { scriptCapture } from "./commands/script.js";
import { Interrupted } from "./openPaths.js";
import { UnusablePath } from "./readPaths.js";

/** Usage and input errors; findings are 1, success is 0. */
const usageError = 2;

/** As a shell reports a program that SIGINT ended: 128 and the signal's number. */
const interrupted = 130;

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

/** An address or a prefix; what is no such thing is a usage error. */
function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed) throw new InvalidArgumentError("It must be an address or a prefix.");
  return parsed;
}

function minorOfCilium(text: string): number {
  const minor = parseCiliumVersion(text);
  if (minor === undefined) throw new InvalidArgumentError("It must be a version such as 1.16.");
  return minor;
}

/** `CODE=LEVEL`, added to those that were given before. */
function addLevel(text: string, known: Levels = {}): Levels {
  const [code = "", level = ""] = text.split("=", 2);
  const { levels, problems } = readLevels({ [code]: level });
  if (problems.length > 0) throw new InvalidArgumentError(problems.join(" "));
  return { ...known, ...levels };
}

function kubernetesName(text: string): string {
  if (!isKubernetesName(text)) throw new InvalidArgumentError("It must be a name that Kubernetes takes.");
  return text;
}

/** The version of this command. */
const version = "0.1.0";

/** Runs a verb and sets the exit code; errors of the user's input are one line on stderr. */
async function run(verb: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await verb();
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = interrupted;
      return;
    }
    if (!(error instanceof UnusablePath)) throw error;
    stderr.write(`packetwalk: ${error.message}\n`);
    process.exitCode = usageError;
  }
}

const format = (): Option => new Option("--format <format>", "output format").choices(["text", "json"]).default("text");
const ciliumVersion = (): Option =>
  new Option(
    "--cilium-version <version>",
    "the version of Cilium that printed the captures, such as 1.16; without it, each capture tells",
  ).argParser(minorOfCilium);
const memory = (): Option =>
  new Option(
    "--memory <megabytes>",
    "memory for each capture that is too large to be read whole; the index of one that needs more is on disk",
  ).argParser((text) => wholeNumber(text) * 1e6);
const json = (): Option => new Option("--json", "short for --format json").implies({ format: "json" });

function packetVerb(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<path...>", "files, folders, or - for standard input")
    .option("--src <prefix>", "packets from this address or prefix only", prefix)
    .option("--dst <prefix>", "packets to this address or prefix only", prefix)
    .option("--port <number>", "packets from or to this port only", wholeNumber)
    .option("--endpoint <id>", "packets that an endpoint with this id sent, received or reported only", wholeNumber)
    .addOption(new Option("--verdict <verdict>", "packets that ended so only").choices([...verdicts]))
    .option("--packet <number>", "the packet of this number in the list of `flows --packets`", wholeNumber)
    .option("--broken", "packets that went astray only")
    .addOption(memory())
    .addOption(format())
    .addOption(json());
}

const program = new Command("packetwalk")
  .description("Walks the packets of cilium monitor logs through the rules and routes of ip dumps, offline.")
  .version(version)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "packetwalk: ")) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : usageError));

program
  .command("check")
  .description("findings, with their fixes; exit code 1 if there are any at or above --fail-on")
  .argument("<path...>", "files, folders, or - for standard input")
  .addOption(new Option("--format <format>", "output format").choices([...checkFormats]).default("text"))
  .addOption(json())
  .addOption(
    new Option("--fail-on <level>", "lowest level that fails").choices([...severities, "never"]).default("warning"),
  )
  .option("--level <code=level>", "how grave a code is: error, warning, information, hint or off; repeatable", addLevel)
  .addOption(ciliumVersion())
  .addOption(memory())
  .action((paths: string[], options) => run(() => check(paths, options, version, print)));

program
  .command("explain")
  .description(
    "the whole story: what the packets did, what they should have done, where they parted, the fix and its proof",
  )
  .argument("<path...>", "files, folders, or - for standard input")
  .addOption(
    new Option("--format <format>", "output format; markdown and html are for a ticket")
      .choices([...explainFormats])
      .default("text"),
  )
  .addOption(json())
  .addOption(ciliumVersion())
  .addOption(memory())
  .action((paths: string[], options) => run(() => explain(paths, options, print)));

packetVerb(program, "flows", "conversations: their packets and bytes, translations, how they fared; broken ones first")
  .option("--packets", "a line for each packet instead")
  .action((paths: string[], options) =>
    run(() => (options.packets ? packets : conversations)(paths, options, options.format, print, options)),
  );
packetVerb(program, "path", "the walk of each packet, hop by hop").action((paths: string[], options) =>
  run(() => path(paths, options, options.format, print, options)),
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
  .option(
    "--verify-kernel",
    "replay each fix in a network namespace, and ask the kernel before, after and after the undo",
  )
  .addOption(memory())
  .option("--all-effects", "every flow that a fix repairs or changes; else the first ones of many (--json has all)")
  .addOption(format())
  .addOption(json())
  .action((paths: string[], options) => run(() => fix(paths, options, print)));

program
  .command("diff")
  .description("what two states have different, or the successive dumps of one path, and which flows change by it")
  .argument("<before>", "a file, a folder, or - for standard input")
  .argument("[after]", "the later one; without it, the successive dumps within the first are compared")
  .addOption(
    new Option("--fail-on <level>", "flows that are worse off are a warning, any other difference an information")
      .choices([...severities, "never"])
      .default("warning"),
  )
  .addOption(format())
  .addOption(json())
  .action((before: string, after: string | undefined, options) => run(() => diff(before, after, options, print)));

program
  .command("script")
  .description("scripts to be reviewed and run by you; nothing is run here")
  .command("capture")
  .description(
    "a script that captures what Packetwalk reads: rules, routes, devices, neighbours, sysctls, endpoints, Cilium's settings, packets",
  )
  .option(
    "--node <name>",
    "by kubectl, on this node; without it, the script is for the node it runs on",
    kubernetesName,
  )
  .option("--pod <name>", "by kubectl, in this pod of Cilium's agent", kubernetesName)
  .action((options) => scriptCapture(options, print));

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
