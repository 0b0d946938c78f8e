import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { exitCodeOf, run } from "./command.mjs";
import { say } from "./say.mjs";

/** The full path of a program, or undefined when PATH does not have it. */
export function findProgram(name) {
  const endings = process.platform === "win32" ? [".cmd", ".exe"] : [""];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => existsSync(path));
}

/** Installs Debian packages, where this is Debian and we may; throws an error that says what to do by hand otherwise. */
async function installDebianPackages(names, reason) {
  if (findProgram("apt-get") === undefined || process.getuid?.() !== 0) {
    throw new Error(`${reason} Install it (on Debian, as root: apt-get install ${names.join(" ")}) and try again.`);
  }
  say(`${reason} Installing from Debian: ${names.join(", ")} ...`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // An outdated index can still name the right package, and a failed install says what went wrong.
  await exitCodeOf("apt-get", ["update", "-qq"], { env });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], { env });
}

const chromiumPrograms = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macChrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** The path of a Chromium to drive: PACKETWALK_CHROMIUM, or the one installed, or Debian's, installed now with a font for Chinese, in which the samples' remarks are. */
export async function needChromium() {
  const find = () =>
    process.env.PACKETWALK_CHROMIUM ??
    chromiumPrograms.map(findProgram).find((path) => path !== undefined) ??
    (existsSync(macChrome) ? macChrome : undefined);
  if (find() === undefined)
    await installDebianPackages(
      ["chromium", "fonts-droid-fallback"],
      "The browser tests need Chromium, and there is none here.",
    );
  const path = find();
  if (path === undefined) throw new Error("Chromium was installed, but no program of that name is in PATH.");
  return path;
}

/** Makes sure of `ip`, with which the kernel tests build their networks. */
export async function needIproute2() {
  if (findProgram("ip") === undefined)
    await installDebianPackages(["iproute2"], "The kernel tests need the program ip, and there is none here.");
}
