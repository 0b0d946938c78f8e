import type { Family } from "../net/address.js";
import type { NodeState } from "./nodeState.js";

/** A setting under net.ipv4.conf or net.ipv6.conf: the value for all devices and the device's own, where they were dumped. */
export interface DeviceSysctl {
  readonly all: number | undefined;
  readonly device: number | undefined;
}

/** Looks up a per-device setting, e.g. `rp_filter` of `eth0`. */
export function deviceSysctl(state: NodeState, family: Family, device: string, name: string): DeviceSysctl {
  return {
    all: sysctlNumber(state, `net.ipv${family}.conf.all.${name}`),
    device: ownValue(state, family, device, name),
  };
}

/** The number a sysctl is set to; undefined where it was not dumped or is no number. */
export function sysctlNumber(state: NodeState, key: string): number | undefined {
  const text = state.sysctls.get(key)?.value.trim();
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** `sysctl` writes the dots of a device name as slashes (`net.ipv4.conf.eth0/100.rp_filter`), /proc as they are. */
function ownValue(state: NodeState, family: Family, device: string, name: string): number | undefined {
  const key = (spelt: string) => `net.ipv${family}.conf.${spelt}.${name}`;
  return sysctlNumber(state, key(device)) ?? sysctlNumber(state, key(device.replaceAll(".", "/")));
}
