import { projectRoot } from "./project.js";

/**
 * What VS Code's server complains of here whatever extension it runs: native modules that are left out of the install, services that
 * are not reached. Each pattern is narrow, so that it cannot hide an error of the extension.
 */
const hostNoise: readonly RegExp[] = [
  /Could not locate the bindings file[\s\S]*(spdlog|sqlite|kerberos)/,
  /Cannot find module '\.\/build\/Release\/watchdog'/,
];

/** The compiled code of this extension, as it appears in a stack. */
const ownCode = /<project>\/(dist|client|server)\//;
const ownName = /packetwalk/i;

/**
 * Tells whether a console error came from this extension: it names the extension or its code in its stack.
 * The path of the checkout itself does not count, as it stands in every path below it.
 */
export function isExtensionError(message: string): boolean {
  const text = message.replaceAll(projectRoot, "<project>");
  if (hostNoise.some((noise) => noise.test(text))) return false;
  return ownCode.test(text) || ownName.test(text.replaceAll(/<project>[\w./-]*/g, ""));
}
