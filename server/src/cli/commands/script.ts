import { type CaptureTarget, captureScript } from "../../core/index.js";

/** `packetwalk script capture`: a script that captures what Packetwalk reads, to be reviewed and run by the user. Runs nothing itself. */
export function scriptCapture(target: CaptureTarget, print: (line: string) => void): void {
  print(captureScript(target).trimEnd());
}
