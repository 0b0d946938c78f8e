import type { Family } from "../net/address.js";
import type { Line } from "./line.js";
import { readRuleLine } from "./readRuleLine.js";
import type { Rule } from "./rule.js";
import type { RuleSection } from "./section.js";
import { noRuleTemplates, rememberRule, similarRule } from "./similarRule.js";
import {
  type Draft,
  endsText,
  extendSection,
  openSection,
  type TranscriptState,
  takePending,
} from "./transcriptState.js";

/** Takes a line that is a rule, into the open section or a new one. */
export function takeRule(state: TranscriptState, line: Line): boolean {
  const open = state.open?.kind === "rules" ? state.open : undefined;
  const pending = state.pending.find(({ command }) => command.object === "rule")?.command;
  const family = open?.family ?? pending?.family ?? state.heading.family ?? 4;
  const reading = readRuleLine(line, family);
  if (!reading) return false;
  if ("problem" in reading) {
    state.problems.push(reading.problem);
    const section = open ?? openRules(state, family, reading.problem.place);
    section.cut = true;
    extendSection(section, reading.problem.place.end);
    return true;
  }
  const { rule, remark } = reading;
  const section = addRule(state, rule);
  if (rule.incomplete && endsText(state, line)) section.cut = true;
  if (remark) state.remarks.push(remark);
  if (rule.family === section.family && line.pieces.length === 1 && rule.place.start === line.pieces[0]?.offset)
    rememberRule(state.ruleTemplates, line.text, rule);
  return true;
}

/** Takes the line from `start` to `end` of the text if it is a rule like one of the open list. */
export function takeSimilarRule(state: TranscriptState, start: number, end: number): boolean {
  if (state.open?.kind !== "rules") return false;
  const rule = similarRule(state.ruleTemplates, state.file, state.text, start, end);
  if (rule) addRule(state, rule);
  return rule !== undefined;
}

/**
 * Adds a rule to the open section, or to a new one. The kernel lists rules by ascending priority: a lower one begins another
 * list.
 */
export function addRule(state: TranscriptState, rule: Rule): Draft<RuleSection> {
  const open = state.open?.kind === "rules" ? state.open : undefined;
  const last = open?.rules.at(-1);
  const restarts = last !== undefined && rule.priority < last.priority;
  const section = open && !restarts ? open : openRules(state, rule.family, rule.place);
  section.rules.push(rule);
  return section;
}

/** Opens the section of a rule list, for the pending command or heading, or for rules that came without either. */
export function openRules(state: TranscriptState, family: Family, place: RuleSection["place"]): Draft<RuleSection> {
  const pending = takePending(state, ({ object, verb }) => object === "rule" && verb === "show");
  const command = pending?.command;
  const args = command?.words.slice(command.args).map((word) => word.text) ?? [];
  const filter = [...args, command?.pipe, state.heading.rulesOf].filter((words) => words !== undefined).join(" ");
  const section: Draft<RuleSection> = {
    kind: "rules",
    place,
    ...(pending ? { command: pending.shown } : {}),
    printedBy: command?.busybox ? "busybox" : "unknown",
    family: command?.family ?? family,
    rules: [],
    ...(filter === "" ? {} : { filter }),
    cut: false,
    hidden: [],
  };
  // The family that the command names counts for rules without any address: those of another list are not like these.
  state.ruleTemplates = noRuleTemplates();
  return openSection(state, section);
}
