import { spawnSync } from "node:child_process";

/** What a run of the command left. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command to its end, with `input` on standard input and `env` beside the environment. */
export function runPacketwalk(words: readonly string[], { input = "", env = {} as NodeJS.ProcessEnv } = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["out/server/src/cli/main.js", ...words], {
    input,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}
