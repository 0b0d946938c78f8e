import type { CaseNode } from "../../case/case.js";
import type { CaptureKnowledge } from "../../path/captureKnowledge.js";
import type { Finding, FindingKind } from "../finding.js";

/** So many places are pointed at; a monitor that can't keep up says so thousands of times. */
const placesNamed = 20;

function findingFor({ file, losses }: CaptureKnowledge): Finding | undefined {
  const [first, ...others] = losses;
  if (!first) return undefined;
  const count = losses.reduce((sum, loss) => sum + loss.count, 0);
  const where = others.length === 0 ? "here" : `at ${losses.length} places of this file, the first one here`;
  const events = count === 0 ? "Events" : count === 1 ? "1 event" : `${count} events`;
  return {
    code: "lost-events",
    severity: "information",
    confidence: "confirmed",
    place: first.place,
    message: `${events} ${count === 1 ? "was" : "were"} lost ${where}: the monitor could not keep up. A packet that is not seen again near such a place proves nothing. Ask for less (\`-t trace\`, \`--related-to ENDPOINT\`), or give the monitor a larger queue.`,
    related: others.slice(0, placesNamed).map(({ place, count: lost }) => ({
      place,
      message: lost > 0 ? `${lost} more were lost` : "More were lost",
    })),
    data: { code: "lost-events", file, count, places: losses.length },
  };
}

/** The monitor lost events. */
export const lostEvents: FindingKind = {
  code: "lost-events",
  defaultSeverity: "information",
  meaning:
    "The monitor says that it lost events: near those places a missing event is no evidence. Once for each file.",
  silentWhen: ["The capture says nothing of lost events."],
  example: "CPU 01: Lost 42 events",
  check: (node: CaseNode) => node.context.captures.flatMap((capture) => findingFor(capture) ?? []),
};
