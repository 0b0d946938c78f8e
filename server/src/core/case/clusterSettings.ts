import type { Setting } from "../monitor/settings/setting.js";
import type { ReadFile } from "./readFile.js";

/** Whether a file states settings of Cilium and holds nothing else. */
export function onlyStatesSettings({ events, transcript, settings, problems }: ReadFile): boolean {
  return settings.length > 0 && events.length === 0 && transcript.sections.length === 0 && problems.length === 0;
}

/**
 * The settings that count for a node: those of its own files, and of those that stand in no node's folder the options and versions that it does
 * not state itself. They are the cluster's; what a status says is of one node, nobody knows which.
 *
 * @param elsewhere of files in no node's folder
 */
export function settingsOfNode(own: readonly Setting[], elsewhere: readonly Setting[]): readonly Setting[] {
  const isOwn = ({ source, name }: Setting): boolean =>
    own.some((setting) => setting.source === source && setting.name === name);
  return [...own, ...elsewhere.filter((setting) => setting.source !== "status" && !isOwn(setting))];
}
