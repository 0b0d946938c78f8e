import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "./poll.js";
import { cacheFolder, projectRoot } from "./project.js";
import { quietSettings } from "./settings.js";

const host = join(cacheFolder, "e2e-host", "node_modules");
const serverMain = join(host, "code-server", "lib", "vscode", "out", "server-main.js");

export interface CodeServerOptions {
  /** Opens windows in Restricted Mode until their folder is trusted, as VS Code does by default; false unless told. */
  readonly workspaceTrust?: boolean;
  /** Where settings and state live; a temporary folder, removed at the end, unless told. */
  readonly profile?: string;
  /** A port on 127.0.0.1; a free one unless told. */
  readonly port?: number;
  /** A secret that the address must carry, for a server that people's own browsers use; none unless told. */
  readonly token?: string;
  /** Variables added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a window opens with. All paths are absolute. */
export interface WindowRequest {
  readonly folder: string;
  /** A file shown at once. */
  readonly file?: string;
  /** False: without the extension, which the page then gets from elsewhere. */
  readonly withExtension?: boolean;
  /** The compiled module whose `run()` tests the extension from within the extension host. */
  readonly testsModule?: string;
}

/** A running VS Code server, which serves the workbench to a browser. */
export interface CodeServer {
  /** The address of a window with the extension of this checkout loaded. */
  windowUrl(request: WindowRequest): string;
  /** Replaces the user's settings; windows opened from now on read them. */
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Ends the server and all that it started. */
  stop(): Promise<void>;
}

/** A Node that has `module.registerHooks`, which the server needs: the one installed beside it, or this very one. */
function findServerNode(): string {
  const bundled = join(host, `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) return process.execPath;
  throw new Error(
    `VS Code's server needs Node 22.15 or newer on ${process.platform} ${process.arch}; this is ${process.version}.`,
  );
}

/** Reads the output of the server until it names its port. */
function readPort(server: ChildProcess, output: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) =>
      reject(new Error(`VS Code's server ended with exit code ${code}:\n${output.join("")}`)),
    );
    server.stderr?.on("data", (chunk) => output.push(String(chunk)));
    server.stdout?.on("data", (chunk) => {
      output.push(String(chunk));
      const port = /Extension host agent listening on (\d+)/.exec(output.join(""))?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/**
 * Starts the VS Code server that scripts/steps/cachedPackage.mjs installed. It ends with this process at the latest.
 * Throws when it is not installed or does not answer.
 */
export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  if (!existsSync(serverMain))
    throw new Error(`There is no VS Code server in ${host}; "npm run test:e2e" installs it.`);
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "pw-profile-")));
  const userData = join(profile, "user");
  const args = [serverMain, "--host", "127.0.0.1", "--port", String(options.port ?? 0)];
  args.push(...(options.token === undefined ? ["--without-connection-token"] : ["--connection-token", options.token]));
  args.push("--accept-server-license-terms", "--telemetry-level", "off");
  args.push(
    "--user-data-dir",
    userData,
    "--server-data-dir",
    join(profile, "server"),
    "--extensions-dir",
    join(profile, "extensions"),
  );
  // A built workbench ignores extensionDevelopmentPath unless it is told that a test drives it.
  args.push("--enable-smoke-test-driver");
  if (options.workspaceTrust !== true) args.push("--disable-workspace-trust");

  // A process group of its own, so that the extension hosts and watchers it starts end with it.
  const server = spawn(findServerNode(), args, {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env, EXTENSIONS_GALLERY: "{}" },
  });
  const ended = new Promise((resolve) => server.once("close", resolve));
  const killAll = () => {
    try {
      if (server.pid !== undefined) process.kill(-server.pid, "SIGKILL");
    } catch {
      // All have ended already.
    }
  };
  const removeProfile = () => {
    if (options.profile === undefined) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const endWithProcess = () => {
    killAll();
    removeProfile();
  };
  process.once("exit", endWithProcess);
  const stop = async () => {
    process.removeListener("exit", endWithProcess);
    killAll();
    if (server.pid !== undefined) await ended;
    removeProfile();
  };

  const writeSettings = async (settings: Readonly<Record<string, unknown>>) => {
    await mkdir(join(userData, "User"), { recursive: true });
    await writeFile(
      join(userData, "User", "settings.json"),
      JSON.stringify({ ...quietSettings, ...settings }, undefined, 2),
    );
  };

  try {
    const port = await readPort(server, []);
    const authority = `127.0.0.1:${port}`;
    await poll("the VS Code server to answer", async () =>
      (await fetch(`http://${authority}/version`)).ok ? true : undefined,
    );
    return { windowUrl: (request) => windowUrl(authority, request, options.token), writeSettings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function windowUrl(
  authority: string,
  { folder, file, withExtension, testsModule }: WindowRequest,
  token?: string,
): string {
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
  ];
  if (withExtension !== false) payload.push(["extensionDevelopmentPath", remote(projectRoot)]);
  if (file !== undefined) payload.push(["openFile", remote(file)]);
  if (testsModule !== undefined) payload.push(["extensionTestsPath", remote(testsModule)]);
  const query = new URLSearchParams({
    ...(token === undefined ? {} : { tkn: token }),
    folder,
    payload: JSON.stringify(payload),
  });
  return `http://${authority}/?${query}`;
}
