import { sysctlArgument } from "../sysctlArgument.js";
import type { Lasting } from "./lasting.js";

/** For sysctl.d(5). The number in the name makes it the last to be read, so that no other file there overrides it. */
export function sysctlForm({ sysctls }: Lasting): string | undefined {
  if (sysctls.length === 0) return undefined;
  return [
    "# /etc/sysctl.d/99-packetwalk.conf",
    ...sysctls.map(({ key, value }) => `${sysctlArgument(key)} = ${value}`),
  ].join("\n");
}
