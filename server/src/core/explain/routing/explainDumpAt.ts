import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Transcript } from "../../iproute/section.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Place } from "../../text/span.js";
import type { ExplainedPlace } from "../event/explainAt.js";
import { explainRoute } from "./explainRoute.js";
import { explainRule } from "./explainRule.js";

/** A rule or route of a dump, by where it stands. */
export type DumpItem = { readonly rule: Rule } | { readonly route: Route };

function covers({ start, end }: Place, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The rule or route of a dump that stands at an offset, if one does. */
export function dumpItemAt({ sections }: Transcript, offset: number): DumpItem | undefined {
  for (const section of sections) {
    if (!covers(section.place, offset)) continue;
    if (section.kind === "rules") {
      const rule = section.rules.find(({ place }) => covers(place, offset));
      if (rule) return { rule };
    }
    if (section.kind === "routes") {
      const route = section.routes.find(({ place }) => covers(place, offset));
      if (route) return { route };
    }
  }
  return undefined;
}

/** Explains the rule or route at an offset of a dump, in the light of all that is known of its node. */
export function explainDumpAt(transcript: Transcript, state: NodeState, offset: number): ExplainedPlace | undefined {
  const item = dumpItemAt(transcript, offset);
  if (!item) return undefined;
  return "rule" in item
    ? { explanation: explainRule(item.rule, state), span: item.rule.place }
    : { explanation: explainRoute(item.route, state), span: item.route.place };
}
