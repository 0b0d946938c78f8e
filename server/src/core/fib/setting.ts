import { deviceSysctl } from "../state/deviceSysctl.js";
import type { Fib } from "./compileFib.js";
import type { Assumption } from "./decision.js";

/** A switch of a device. */
export interface Setting {
  readonly on: boolean;
  /** What the answer rests on where the switch was not dumped. */
  readonly assumption?: Assumption;
}

/** A switch under net.ipv4.conf that is on where `all` or the device says so, and off by default. */
export function setting(fib: Fib, device: string, name: string): Setting {
  const { all, device: own } = deviceSysctl(fib.state, 4, device, name);
  if (all === 1 || own === 1) return { on: true };
  if (all !== undefined && own !== undefined) return { on: false };
  const command = `sysctl net.ipv4.conf.all.${name} net.ipv4.conf.${device}.${name}`;
  return { on: false, assumption: { text: `${name} of ${device} is off, as it is by default`, command } };
}
