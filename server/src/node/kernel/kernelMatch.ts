import type { BatchResult } from "./namespace.js";

/** The fields of `ip -j -d route get` and `... fibmatch` that are compared. */
export interface KernelRoute {
  readonly type?: string;
  readonly dst: string;
  readonly from?: string;
  readonly gateway?: string;
  readonly via?: { readonly family: string; readonly host: string };
  readonly dev?: string;
  readonly table?: string;
  readonly tos?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly nexthops?: readonly { readonly gateway?: string; readonly dev: string }[];
}

/** Errnos by what `ip` says of them. */
export const errnos: Readonly<Record<string, string>> = {
  "Network is unreachable": "ENETUNREACH",
  "No route to host": "EHOSTUNREACH",
  "Permission denied": "EACCES",
  "Invalid argument": "EINVAL",
  // What kernels before 6.13 say where later ones say EINVAL.
  "Invalid cross-device link": "EINVAL",
};

/** One line that says what the kernel answered to `route get fibmatch`. */
export function kernelMatch(result: BatchResult): string {
  if ("error" in result) return errnos[result.error] ?? result.error;
  const [route] = JSON.parse(result.output) as KernelRoute[];
  if (!route) return "no answer";
  const hops = route.nexthops ?? (route.dev === undefined && route.gateway === undefined ? [] : [route]);
  return words([
    route.type ?? "unicast",
    route.dst,
    route.from && `from ${route.from}`,
    route.tos && `tos ${route.tos}`,
    `table ${route.table ?? "main"}`,
    route.metric ? `metric ${route.metric}` : "",
    route.prefsrc && `src ${route.prefsrc}`,
    ...hops.map(({ gateway, dev }) => hopWords(gateway, dev)).sort(),
  ]);
}

function hopWords(gateway: string | undefined, dev: string | undefined): string {
  return words([gateway && `via ${gateway}`, dev && `dev ${dev}`]);
}

function words(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
