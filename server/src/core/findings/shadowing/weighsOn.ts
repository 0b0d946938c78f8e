import type { Assumption } from "../../fib/decision.js";

/**
 * Whether an assumption makes a conclusion conditional. What a capture tells needs no command to know. That an address is none of the
 * node's own, where only `ip route show table local` would prove it, is probable enough: the addresses that are to be seen in dumps
 * were looked at, and the usual dumps leave that table out.
 */
export function weighsOn({ command }: Assumption): boolean {
  return command !== undefined && !/^ip(?: -6)? (?:route show table local|addr show)$/.test(command);
}
