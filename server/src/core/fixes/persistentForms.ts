import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";
import { cloudInitForm } from "./persistent/cloudInit.js";
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
 * What a repair adds, written for the systems that configure a node's network, by their names. A system that has no words for some of it is
 * left out. `DEVICE`, `NAME` and `CONNECTION` are the user's to fill in. What a repair deletes no such file can delete.
 */
export function persistentForms(state: NodeState, changes: readonly Change[]): Readonly<Record<string, string>> {
  const lasting = lastingOf(state, changes);
  if (!lasting) return {};
  const forms = Object.entries(writers).map(([system, write]) => [system, write(lasting)] as const);
  return Object.fromEntries(forms.flatMap(([system, text]) => (text === undefined ? [] : [[system, text]])));
}
