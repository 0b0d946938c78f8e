import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";
import { cloudInitForm } from "./persistent/cloudInit.js";
import { unsaidBy } from "./persistent/formWriter.js";
import { ifcfgForm } from "./persistent/ifcfg.js";
import { ifupdownForm } from "./persistent/ifupdown.js";
import { lastingOf } from "./persistent/lasting.js";
import { netplanForm } from "./persistent/netplan.js";
import { networkdForm } from "./persistent/networkd.js";
import { networkManagerForm } from "./persistent/networkManager.js";
import { sysctlForm } from "./persistent/sysctlFile.js";

/** The systems that configure a node's network, by the names under which their forms are shown. */
const writers = {
  netplan: netplanForm,
  "systemd-networkd": networkdForm,
  NetworkManager: networkManagerForm,
  ifupdown: ifupdownForm,
  ifcfg: ifcfgForm,
  "cloud-init": cloudInitForm,
  "sysctl.d": sysctlForm,
} as const;

/**
 * What a repair adds, written for the systems that configure a node's network, by their names. A system that has no words for some of it
 * says so in the place of a text, and one that has nothing to do with any of it is left out. `DEVICE`, `NAME` and `CONNECTION` are the
 * user's to fill in. What a repair deletes no such file can delete.
 */
export function persistentForms(state: NodeState, changes: readonly Change[]): Readonly<Record<string, string>> {
  const lasting = lastingOf(state, changes);
  if (!lasting) return {};
  const forms = Object.entries(writers).flatMap(([system, writer]): [string, string][] => {
    const text = writer.write(lasting);
    if (text === undefined) return [];
    const unsaid = unsaidBy(writer, lasting);
    return [[system, unsaid.length === 0 ? text : `# Can't be written in this form: ${unsaid.join(", ")}.`]];
  });
  return Object.fromEntries(forms);
}
