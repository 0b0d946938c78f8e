import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { projectRoot } from "./project.js";

/** Copies a folder of the project into a temporary place, keeping its name, which the window shows. */
export async function copyWorkspace(folder: string): Promise<string> {
  const copy = join(await realpath(await mkdtemp(join(tmpdir(), "pw-workspace-"))), basename(folder));
  await cp(resolve(projectRoot, folder), copy, { recursive: true });
  return copy;
}

/** Removes what `copyWorkspace` made. */
export async function removeWorkspace(copy: string): Promise<void> {
  await rm(dirname(copy), { recursive: true, force: true });
}
