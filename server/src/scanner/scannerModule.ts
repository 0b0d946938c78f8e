import type { ScannerModule } from "./instantiateScanner.js";
import { scannerCode } from "./scannerCode.generated.js";

/** What is used of WebAssembly's interface for JavaScript. All runtimes have it, but not the types of all. */
declare const WebAssembly: { readonly Module: new (code: Uint8Array) => ScannerModule };

let compiled: ScannerModule | undefined;

function decodeBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/** The scanner of the folder assembly. It is compiled when it is first asked for. */
export function scannerModule(): ScannerModule {
  compiled ??= new WebAssembly.Module(decodeBase64(scannerCode));
  return compiled;
}
