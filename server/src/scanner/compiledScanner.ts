import type { Names } from "../core/capture/columns/names.js";
import type { EventScanner } from "../core/scan/eventScanner.js";
import { instantiateScanner } from "./instantiateScanner.js";
import { scannerModule } from "./scannerModule.js";

/** A scanner that adds the names it meets to a table. */
export function compiledScanner(names: Names): EventScanner {
  return instantiateScanner(names, scannerModule());
}
