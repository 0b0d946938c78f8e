/**
 * A dotted key as sysctl(8) takes it: where the device's name has dots of its own (`eth0.100`), the parts are divided by slashes, which
 * sysctl and sysctl.d(5) read the same way.
 */
export function sysctlArgument(key: string): string {
  const device = /^net\.ipv([46])\.conf\.(.+)\.(\w+)$/.exec(key);
  if (!device) return key;
  const [, family, name = "", setting] = device;
  if (name.includes("/")) return key;
  return name.includes(".") ? `net/ipv${family}/conf/${name}/${setting}` : key;
}
