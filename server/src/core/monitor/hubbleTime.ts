/**
 * A time as `hubble observe` prints it in text: its own layout, those that `--time-format` offers (hubble/pkg/time, Cilium 1.19.4), and
 * `N/A`. The source of a regular expression without groups.
 */
export const hubbleTime = [
  String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?`,
  String.raw`\d{4}-\d{2}-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:\d{2}))?`,
  String.raw`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}`,
  "N/A",
].join("|");
