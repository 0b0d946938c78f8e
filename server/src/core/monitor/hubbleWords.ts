/** The action of a policy verdict by the words of Hubble's printer and of flow.proto. */
export const policyActions: Readonly<Record<string, string>> = {
  ALLOWED: "allow",
  FORWARDED: "allow",
  DENIED: "deny",
  DROPPED: "deny",
  ERROR: "deny",
  REDIRECTED: "redirect",
  AUDITED: "audit",
  AUDIT: "audit",
};

/** Verdicts of L7 flows in the words of the monitor's records (pkg/proxy/accesslog/record.go). */
export const recordVerdicts: Readonly<Record<string, string>> = {
  FORWARDED: "Forwarded",
  DROPPED: "Denied",
  ERROR: "Error",
  REDIRECTED: "Redirected",
};

/** The words that end a flow's row before its summary (flow.proto: Verdict, and what the printer makes of it for policy verdicts). */
export const rowVerdicts = [
  "FORWARDED",
  "DROPPED",
  "ERROR",
  "AUDIT",
  "AUDITED",
  "REDIRECTED",
  "TRACED",
  "TRANSLATED",
  "ALLOWED",
  "DENIED",
  "VERDICT_UNKNOWN",
] as const;
