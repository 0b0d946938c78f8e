/** `FIB lookup failed, 4`: since 1.12 a reason carries its extended error behind a comma (drop.go: DropReasonExt). */
export function splitReason(text: string): { readonly reason: string; readonly extError?: number } {
  const suffix = /^(.*), (-?\d{1,3})$/.exec(text);
  return suffix ? { reason: suffix[1] ?? "", extError: Number(suffix[2]) } : { reason: text };
}
