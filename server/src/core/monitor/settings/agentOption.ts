import { settingMeanings } from "../../cilium/settingMeanings.js";
import type { Stated } from "./setting.js";

const names: ReadonlySet<string> = new Set(
  settingMeanings.filter(({ source }) => source === "option").map(({ name }) => name),
);

/** Values of these options, of all versions. Prose has the names of some of them, too. */
const values = /^(?:true|false|enabled|disabled|strict|partial|probe|tunnel|native|vxlan|geneve|snat|dsr|hybrid)$/;

/** An option on a command line or in the agent's log: `--routing-mode='native'`. */
const flag = /--([a-z][a-z0-9-]{2,50})=(?:'([^'\s]{1,80})'|([^\s'"\\,]{1,80}))/;

/** An option alone on its line, as the ConfigMap has it: `routing-mode: "native"`, `"routing-mode": "native",` or `routing-mode   native`. */
const entry = /^\s*"?([a-z][a-z0-9-]{2,50})"?(?:\s*:\s*|\s+)["']?([a-z]{3,10})["']?,?\s*$/;

/** The name of an option of the agent alone on its line, with its value in a later one: `kubectl describe configmap`. */
const heading = /^([a-z][a-z0-9-]{2,50}):\s*$/;

/** Reads an option of the agent that tells a node's set-up. */
export function readAgentOption(line: string): Stated | undefined {
  const [, flagName, quoted, bare] = flag.exec(line) ?? [];
  const [, entryName, entryValue] = flagName === undefined ? (entry.exec(line) ?? []) : [];
  const name = flagName ?? entryName;
  const value = quoted ?? bare ?? entryValue;
  if (name === undefined || value === undefined || !names.has(name) || !values.test(value)) return undefined;
  return { source: "option", name, value };
}

/** The option whose value a later line has. */
export function readOptionHeading(line: string): string | undefined {
  const name = heading.exec(line)?.[1];
  return name !== undefined && names.has(name) ? name : undefined;
}
