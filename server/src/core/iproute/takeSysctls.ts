import type { Place } from "../text/span.js";
import { type Line, placeIn } from "./line.js";
import { extendSection, openSection, type TranscriptState } from "./transcriptState.js";

const assignment = /^[\s>|+*-]*(?:sysctl (?:-w )?)?(\/proc\/sys\/[^\s:=]+|net[./][^\s:=]+)[ \t]*[=:][ \t]*(\S.*)?$/;

/**
 * The dotted form of a key. In a path the parts are divided by slashes and a device keeps its dots; in a dotted key it is the
 * other way round (sysctl(8)).
 */
export function sysctlKey(written: string): string {
  const path = written.replace(/^\/proc\/sys\//, "");
  return path.replaceAll("/", ".");
}

function addValue(state: TranscriptState, key: string, value: string, place: Place): void {
  const read = { key: sysctlKey(key), value, place };
  if (state.open?.kind === "sysctls") {
    state.open.values.push(read);
    extendSection(state.open, place.end);
    return;
  }
  openSection(state, { kind: "sysctls", place, printedBy: "unknown", values: [read] });
}

/** Takes `net.ipv4.ip_forward = 1`, `net/ipv4/...=1`, `/proc/sys/net/...:1`, or the value that `cat /proc/sys/...` printed. */
export function takeSysctl(state: TranscriptState, line: Line): boolean {
  const { text } = line;
  const end = text.trimEnd().length;
  const [asked] = state.askedSysctls;
  if (asked !== undefined) {
    const value = text.trim();
    if (/^-?\d+(?:\s+-?\d+){0,3}$/.test(value)) {
      state.askedSysctls.shift();
      addValue(state, asked, value, placeIn(line, text.length - text.trimStart().length, end));
      return true;
    }
    state.askedSysctls = [];
  }
  const written = assignment.exec(text);
  const key = written?.[1];
  const value = written?.[2]?.trim();
  if (key === undefined || value === undefined) return false;
  addValue(state, key, value, placeIn(line, text.indexOf(key), end));
  return true;
}

/** The keys whose values a command prints without their names: `cat /proc/sys/KEY...`, `sysctl -n KEY...`. */
export function askedSysctls(command: string): string[] {
  const words = command.split(/\s+/);
  const from =
    words.indexOf("cat") >= 0
      ? "/proc/sys/net/"
      : words.includes("sysctl") && words.includes("-n")
        ? "net."
        : undefined;
  if (from === undefined) return [];
  const keys = words.filter((word) => word.startsWith(from));
  // What a shell's pattern stands for only the shell knows.
  return keys.some((key) => /[*?[{$]/.test(key)) ? [] : keys;
}
