import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, run } from "./command.mjs";
import { say } from "./say.mjs";

/** Where large downloads are kept between runs. Clones may share one folder by setting PACKETWALK_CACHE. */
export const cacheFolder = process.env.PACKETWALK_CACHE ?? join(projectRoot, ".cache");

const npmOptions = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Installs a nested package (package.json and package-lock.json, kept in `source`) outside the source tree. An install of the
 * same lock file is used again. Install scripts of the packages do not run.
 * @param source the nested package's folder, relative to the project
 * @param name the folder's name in the cache
 * @param innerPackages folders inside the install that have a lock file and need an install of their own
 * @returns the folder installed into
 */
export async function installCachedPackage(source, name, innerPackages = []) {
  const folder = join(cacheFolder, name);
  const stamp = join(folder, ".installed");
  const files = ["package.json", "package-lock.json"];
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of files) hash.update(readFileSync(join(projectRoot, source, file)));
  const wanted = hash.digest("hex");
  try {
    if (readFileSync(stamp, "utf8") === wanted) return folder;
  } catch {
    // Not installed yet.
  }

  say(`Installing ${source} into ${folder} ...`);
  // Built beside its place and then renamed, so that an interrupted install is never taken for a whole one.
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of files) copyFileSync(join(projectRoot, source, file), join(partial, file));
  await run("npm", ["ci", ...npmOptions], { cwd: partial });
  // `npm ci` refuses a shrinkwrap that lacks a peer dependency, as published ones do; `npm install` adds it.
  for (const inner of innerPackages) await run("npm", ["install", ...npmOptions], { cwd: join(partial, inner) });
  writeFileSync(join(partial, ".installed"), wanted);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return folder;
}
