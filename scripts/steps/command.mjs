import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The folder of package.json, without a trailing slash. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * Runs a program to its end, its output going to ours.
 * @returns the exit code; 127 when the program could not be started, 128 when a signal ended it
 */
export function exitCodeOf(program, args, { cwd = projectRoot, env = {} } = {}) {
  return new Promise((resolve) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === "win32";
    const child = spawn(program, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.on("close", (code) => resolve(code ?? 128));
  });
}

/** Runs a program and throws, naming the command, unless it exits with 0. */
export async function run(program, args, options) {
  const code = await exitCodeOf(program, args, options);
  if (code !== 0) throw new Error(`"${program} ${args.join(" ")}" failed with exit code ${code}.`);
}
