import type { Names } from "../core/capture/columns/names.js";
import { type EventScanner, eventScanner, type ScannerExports } from "../core/scan/eventScanner.js";

/** What is used of WebAssembly's interface for JavaScript. All runtimes have it, but not the types of all. */
declare const WebAssembly: {
  readonly Instance: new (module: ScannerModule, imports: object) => { readonly exports: unknown };
};

/** The scanner of the folder assembly, compiled, but without memory. It can be sent to other threads, which need not compile it again. */
export type ScannerModule = object;

/** A scanner that adds the names it meets to a table. */
export function instantiateScanner(names: Names, module: ScannerModule): EventScanner {
  return eventScanner(
    names,
    (resolve) => new WebAssembly.Instance(module, { names: { resolve } }).exports as ScannerExports,
  );
}
