import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A network namespace of our own. It has no name and ends with the process that holds it. */
export interface Namespace {
  /** Runs a program inside and answers what it printed; throws if it fails. */
  run(program: string, ...args: string[]): string;
  /** Runs many `ip` commands at once and answers for each what it printed or why it failed. */
  batch(lines: readonly string[], ...options: string[]): BatchResult[];
  close(): void;
}

/** What one line of a batch printed, or the kernel's message. */
export type BatchResult = { readonly output: string } | { readonly error: string };

const bufferLimit = 1 << 28;

/** Opens a namespace, or answers in words why this machine has none to give. */
export async function openNamespace(): Promise<Namespace | string> {
  const isRoot = process.getuid?.() === 0;
  const holder = spawn("unshare", [isRoot ? "-n" : "-rn", "sleep", "infinity"], { stdio: "ignore" });
  const failure = await enter(holder);
  if (failure !== undefined) return failure;
  const target = ["-t", `${holder.pid}`, "-n", ...(isRoot ? [] : ["-U", "--preserve-credentials"])];
  return {
    run: (program, ...args) => {
      const { status, stdout, stderr } = call([...target, program, ...args], "");
      if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
    batch: (lines, ...options) => {
      if (lines.length === 0) return [];
      const { stdout, stderr } = call([...target, "ip", ...options, "-force", "-batch", "-"], `${lines.join("\n")}\n`);
      return pairResults(lines.length, stdout, stderr);
    },
    close: () => {
      holder.kill("SIGKILL");
    },
  };
}

/** Waits until the holder is in its own namespace; answers why it never will be. */
async function enter(holder: ChildProcess): Promise<string | undefined> {
  let problem: string | undefined;
  holder.once("error", (error) => {
    problem = `unshare cannot be run (${error.message})`;
  });
  holder.once("exit", () => {
    problem ??= "this system does not let us make network namespaces (unshare failed)";
  });
  const own = ownNamespace();
  for (let wait = 0; wait < 400; wait++) {
    await sleep(5);
    if (problem !== undefined) return problem;
    if (namespaceOf(holder.pid) !== own) return undefined;
  }
  return "the network namespace did not appear within two seconds";
}

function namespaceOf(pid: number | undefined): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return ownNamespace();
  }
}

/** Empty where there is no /proc, which is where `unshare` does not exist either. */
function ownNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/net");
  } catch {
    return "";
  }
}

function call(args: readonly string[], input: string) {
  return spawnSync("nsenter", args, { input, encoding: "utf8", maxBuffer: bufferLimit });
}

/** `ip -force` goes on after errors and names the failed lines; every other line printed one line, or nothing. */
function pairResults(count: number, stdout: string, stderr: string): BatchResult[] {
  const errors = new Map<number, string>();
  let message: string[] = [];
  for (const line of stderr.split("\n")) {
    const failed = /^Command failed -:(\d+)$/.exec(line);
    if (!failed) {
      if (line !== "") message.push(line.replace(/^(?:RTNETLINK answers|Error): /, ""));
      continue;
    }
    errors.set(Number(failed[1]), message.join("; "));
    message = [];
  }
  const outputs = stdout.split("\n").filter((line) => line !== "");
  if (outputs.length !== 0 && outputs.length !== count - errors.size) {
    throw new Error(`${outputs.length} answers to ${count} commands of which ${errors.size} failed`);
  }
  let next = 0;
  return Array.from({ length: count }, (_, at) => {
    const error = errors.get(at + 1);
    return error === undefined ? { output: outputs[next++] ?? "" } : { error };
  });
}
