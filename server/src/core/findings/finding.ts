import type { CaseNode } from "../case/case.js";
import type { RouteDecision } from "../fib/decision.js";
import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { Address, Family } from "../net/address.js";
import type { Trace } from "../path/trace.js";
import type { Place } from "../text/span.js";
import type { NodeDifference } from "./changes/nodeDifference.js";
import type { DropGroup } from "./packets/dropGroups.js";
import type { LostAnswer } from "./packets/lostAnswers.js";
import type { SourceRefusal } from "./refusals/sourceRefusal.js";

export type Severity = "error" | "warning" | "information" | "hint";

/** How far the evidence carries: shown by the dumps, very probable, depending on what a sentence names, or open. */
export type Confidence = "confirmed" | "likely" | "conditional" | "unknown";

export interface RelatedPlace {
  readonly place: Place;
  readonly message: string;
}

/** What kind of destination a shadowed route leads to; decides how much its loss weighs. */
export type VictimKind = "pods" | "lan" | "tunnel" | "subnet" | "bridge" | "other";

/** A route that a rule takes the packets away from. */
export interface Victim {
  readonly kind: VictimKind;
  /** The route that is not reached ... */
  readonly route: Route;
  /** ... the look-up of an example flow as it is, decided by the shadowing rule ... */
  readonly taken: RouteDecision;
  /** ... and without that rule. */
  readonly otherwise: RouteDecision;
}

/** What a fix needs to know of its finding; one shape per code. */
export type FindingData =
  | {
      readonly code: "unreachable-rule";
      readonly rule: Rule;
      readonly by: readonly Rule[];
      readonly example?: LostAnswer | undefined;
    }
  | { readonly code: "contradicting-rules"; readonly rule: Rule; readonly rival: Rule; readonly example: LostAnswer }
  | { readonly code: "redundant-rule"; readonly rule: Rule; readonly by: Rule }
  | { readonly code: "duplicate-rule"; readonly kept: Rule; readonly duplicates: readonly Rule[] }
  | {
      readonly code: "rule-before-local";
      readonly rule: Rule;
      readonly local: Rule;
      readonly addresses: readonly Address[];
    }
  | { readonly code: "no-local-rule" | "no-main-rule"; readonly family: Family }
  | { readonly code: "empty-table"; readonly rule: Rule; readonly others: readonly Rule[] }
  | { readonly code: "never-matches" | "unresolved-goto"; readonly rule: Rule }
  | { readonly code: "automatic-priority"; readonly rules: readonly Rule[] }
  | { readonly code: "mark-overlap"; readonly bits: number; readonly owners: readonly string[] }
  | {
      readonly code: "shadowing-rule";
      readonly rule: Rule;
      readonly victims: readonly Victim[];
      /** Later rules that differ in nothing but their source, and take packets away from the same routes. */
      readonly alike: readonly Rule[];
    }
  | { readonly code: "diverged-path"; readonly trace: Trace }
  | { readonly code: "unknown-table"; readonly rule: Rule; readonly command: string }
  | { readonly code: "malformed-line" }
  | { readonly code: "state-changed"; readonly difference: NodeDifference }
  | { readonly code: "orphan-endpoint-rule"; readonly address: Address; readonly rules: readonly Rule[] }
  /** `lacking`: command lines, with words in capitals for what only the CNI knows. */
  | { readonly code: "missing-endpoint-rule"; readonly address: Address; readonly lacking: readonly string[] }
  | { readonly code: "address-conflict"; readonly address: Address }
  | { readonly code: "dropped-packet"; readonly group: DropGroup }
  | { readonly code: "denied-request"; readonly protocol: string; readonly count: number }
  | { readonly code: "lost-events"; readonly file: string; readonly count: number; readonly places: number }
  | { readonly code: "aggregated-capture"; readonly file: string }
  | { readonly code: "missing-reply"; readonly trace: Trace; readonly tries: number }
  | { readonly code: "rp-filter-drop" | "source-validation-drop"; readonly refusal: SourceRefusal };

export type FindingCode = FindingData["code"];

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly place: Place;
  /** One or more whole sentences, for the user. */
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  readonly data: FindingData;
}

/** A kind of finding: what the registry, FINDINGS.md and the settings know of it. */
export interface FindingKind {
  readonly code: FindingCode;
  readonly defaultSeverity: Severity;
  /** What it says, one sentence. */
  readonly meaning: string;
  /** When it deliberately says nothing, a sentence each. */
  readonly silentWhen: readonly string[];
  /** Why no fix is ever offered for it, whole sentences; absent where one may be, or where nothing is at fault. */
  readonly noFix?: string;
  /** A small dump or log that has it. */
  readonly example: string;
  /** All findings of this kind in a node. */
  readonly check: (node: CaseNode) => Finding[];
}
