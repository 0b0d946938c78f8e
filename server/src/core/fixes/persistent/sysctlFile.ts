import { describeDevice } from "../../cilium/devices.js";
import { sysctlArgument } from "../sysctlArgument.js";
import type { FormWriter } from "./formWriter.js";
import type { Lasting } from "./lasting.js";

/** The devices of pods come and go, and are not there at boot: a pattern for all of them. By the CNI that makes them. */
const podDevices: Readonly<Record<string, string>> = { Cilium: "lxc*", Calico: "cali*", "AWS VPC CNI": "eni*" };

const deviceSetting = /^(net\.ipv[46]\.conf)\.(.+)\.([a-z_]+)$/;

const forAllPods = "# For every pod's device: which one a pod gets changes with each start of it.";

/**
 * A line of the file, or two. A line that begins with `-` may fail: a pattern need not fit any device yet. systemd-sysctl takes patterns, and is
 * run by udev for each device that appears (sysctl.d(5), 245 and later; Cilium's own tools/sysctlfix/main.go, 1.12 and later, does the same).
 */
function lines({ key, value }: Lasting["sysctls"][number]): string[] {
  const [, tree, device = "", name] = deviceSetting.exec(key) ?? [];
  const described = describeDevice(device);
  const pattern = described?.kind === "pod" ? podDevices[described.owner] : undefined;
  return pattern === undefined
    ? [`${sysctlArgument(key)} = ${value}`]
    : [forAllPods, `-${tree}.${pattern}.${name} = ${value}`];
}

/** For sysctl.d(5). The number in the name makes it the last to be read, so that no other file there overrides it. */
export const sysctlForm: FormWriter = {
  ruleParts: "all",
  routeParts: "all",
  write({ sysctls }) {
    if (sysctls.length === 0) return undefined;
    return ["# /etc/sysctl.d/99-packetwalk.conf", ...sysctls.flatMap(lines)].join("\n");
  },
};
