import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, run } from "./command.mjs";
import { say } from "./say.mjs";

function readPackages(...path) {
  try {
    return JSON.parse(readFileSync(join(projectRoot, ...path), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** True when node_modules holds what package-lock.json names, by npm's own record of what it installed. */
function areDependenciesInstalled() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules", ".package-lock.json");
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(
    ([folder, entry]) => folder === "" || entry.optional || installed[folder]?.version === entry.version,
  );
}

/** Installs the project's dependencies where they are missing or not those of the lock file. */
export async function installDependencies() {
  if (areDependenciesInstalled()) return;
  say("Installing the dependencies (npm ci) ...");
  await run("npm", ["ci", "--no-audit", "--no-fund"]);
}
