import { type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import { type Levels, parseCiliumVersion, readLevels } from "../core/index.js";

/** What the user sets under `packetwalk` that concerns the server. */
export interface Settings {
  /** A minor number of Cilium 1.x; absent where it is to be inferred from each capture. */
  readonly ciliumVersion?: number;
  /** Levels of findings by their codes. */
  readonly levels: Levels;
  /** Memory that each capture may take that is too large to be read as text, in bytes; absent where the default does. */
  readonly memory?: number;
  /** What of the settings means nothing, a sentence each. */
  readonly problems: readonly string[];
}

function readSettings(value: unknown): Settings {
  const { ciliumVersion, levels, memoryBudget } = (typeof value === "object" && value !== null ? value : {}) as {
    ciliumVersion?: unknown;
    levels?: unknown;
    memoryBudget?: unknown;
  };
  const version = typeof ciliumVersion === "string" ? parseCiliumVersion(ciliumVersion) : undefined;
  return {
    ...readLevels(levels),
    ...(version !== undefined && { ciliumVersion: version }),
    ...(typeof memoryBudget === "number" && memoryBudget > 0 && { memory: memoryBudget * 1e6 }),
  };
}

/** Asks the client for the settings, now and whenever they change. For clients that can be asked (`workspace.configuration`). */
export async function followSettings(connection: Connection, apply: (settings: Settings) => void): Promise<void> {
  const ask = async () => apply(readSettings(await connection.workspace.getConfiguration("packetwalk")));
  connection.onDidChangeConfiguration(() => {
    ask().catch((error: unknown) => connection.console.error(String(error)));
  });
  await connection.client.register(DidChangeConfigurationNotification.type, { section: "packetwalk" });
  await ask();
}
