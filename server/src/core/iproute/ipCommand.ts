import type { Family } from "../net/address.js";
import { splitWords, type Word } from "./word.js";

/** What an `ip` command line asks for. */
export interface IpCommand {
  readonly object: "rule" | "route" | "address" | "link" | "neighbour" | "monitor" | "other";
  readonly verb: "show" | "get" | "add" | "del" | "replace" | "change" | "append" | "flush" | "other";
  readonly family?: Family;
  /** Where the command stands in the line, and its words, `ip` first. */
  readonly start: number;
  readonly end: number;
  readonly words: readonly Word[];
  /** Index in `words` of the first argument behind the verb. */
  readonly args: number;
  readonly busybox: boolean;
  /** What the output was piped through, if that drops or changes lines: the output is not the whole. */
  readonly pipe?: string;
}

/** iproute2's objects in the order in which it compares abbreviations (ip/ip.c: cmds). */
const objects: readonly (readonly [string, IpCommand["object"]])[] = [
  ["address", "address"],
  ["addrlabel", "other"],
  ["maddress", "other"],
  ["route", "route"],
  ["rule", "rule"],
  ["neighbor", "neighbour"],
  ["neighbour", "neighbour"],
  ["ntable", "other"],
  ["link", "link"],
  ["l2tp", "other"],
  ["tunnel", "other"],
  ["tuntap", "other"],
  ["monitor", "monitor"],
  ["xfrm", "other"],
  ["mroute", "other"],
  ["netns", "other"],
  ["vrf", "other"],
  ["nexthop", "other"],
];

/** Verbs of `ip route` and `ip rule` in the order of comparison (ip/iproute.c: do_iproute, ip/iprule.c: do_iprule). */
const verbs: readonly (readonly [string, IpCommand["verb"]])[] = [
  ["list", "show"],
  ["show", "show"],
  ["lst", "show"],
  ["ls", "show"],
  ["get", "get"],
  ["add", "add"],
  ["change", "change"],
  ["chg", "change"],
  ["replace", "replace"],
  ["prepend", "add"],
  ["append", "append"],
  ["test", "other"],
  ["delete", "del"],
  ["flush", "flush"],
  ["save", "other"],
  ["restore", "other"],
];

function abbreviated<T>(table: readonly (readonly [string, T])[], word: string): T | undefined {
  return word === "" ? undefined : table.find(([name]) => name.startsWith(word))?.[1];
}

/** Options of `ip` that have a value of their own. */
const optionsWithValue = new Set(["-f", "-family", "-n", "-netns", "-l", "-loops", "-b", "-batch", "-rc", "-rcvbuf"]);

/** Words at which a shell ends a command. */
const separators = /^(?:&&|\|\|?|;|&|\d?>{1,2}.*|<.*)$/;

/** Whether a word is no argument: a shell's separator, a comment, or a remark in another script. */
function endsCommand(word: ShellWord | undefined): boolean {
  if (!word) return true;
  return word.aside || separators.test(word.text) || word.text.charCodeAt(0) >= 0x80 || word.text.startsWith("#");
}

function isIp(word: string): boolean {
  return word === "ip" || /^(?:\/[\w.-]+)+\/ip$/.test(word);
}

/** Words that may stand before `ip` where no prompt shows that the line is a command. */
const wrappers = new Set(["sudo", "doas", "busybox", "time", "exec", "run"]);

function readCommand(words: readonly ShellWord[], ip: number, busybox: boolean): IpCommand | undefined {
  let at = ip + 1;
  let family: Family | undefined;
  while (words[at]?.text.startsWith("-")) {
    const option = words[at]?.text ?? "";
    if (option === "-4") family = 4;
    else if (option === "-6") family = 6;
    else if (option === "-f" || option === "-family") family = words[at + 1]?.text === "inet6" ? 6 : 4;
    at += optionsWithValue.has(option) ? 2 : 1;
  }
  const object = abbreviated(objects, words[at]?.text ?? "");
  if (object === undefined) return undefined;
  const from = at + 1;
  let end = from;
  while (end < words.length && !endsCommand(words[end]) && !words[end - 1]?.last) end++;
  const verb = from === end ? "show" : abbreviated(verbs, words[from]?.text ?? "");
  // `ip addr` and `ip link` take a device where the others need a verb.
  if (verb === undefined && object !== "address" && object !== "link" && object !== "neighbour" && object !== "other") {
    if (object !== "monitor") return undefined;
  }
  return {
    object,
    verb: verb ?? "other",
    ...(family === undefined ? {} : { family }),
    start: words[ip]?.start ?? 0,
    end: words[end - 1]?.end ?? 0,
    words: words.slice(ip, end),
    args: Math.min(from + 1, end) - ip,
    busybox,
    ...pipeBehind(words, end),
  };
}

/** Programs behind a pipe that pass every line on. */
const transparent = new Set(["cat", "tee", "less", "more", "column", "nl", "sort"]);

function pipeBehind(words: readonly Word[], end: number): { pipe?: string } {
  const program = words[end + 1]?.text ?? "";
  if (words[end]?.text !== "|" || transparent.has(program)) return {};
  return {
    pipe: words
      .slice(end)
      .map((word) => word.text)
      .join(" "),
  };
}

/** A word of a shell line, without the quotes around it and the punctuation of a sentence behind it. */
interface ShellWord extends Word {
  /** A bracket opens before it: it is no argument, but an aside. */
  readonly aside: boolean;
  /** A comma, colon or closing quote stands behind it: what follows is no argument. */
  readonly last: boolean;
}

function shellWords(text: string, from: number): ShellWord[] {
  return splitWords(text, from).map((word) => {
    const lead = /^["'`(*]*/.exec(word.text)?.[0].length ?? 0;
    const body = word.text.slice(lead);
    const bare = body.replace(/["'`),:;.*]{1,8}$/, "");
    const aside = word.text.slice(0, lead).includes("(");
    if (bare === "" || bare === word.text) return { ...word, aside, last: false };
    const start = word.start + lead;
    return { text: bare, start, end: start + bare.length, aside, last: bare !== body };
  });
}

/** Commands of one line that are told apart; nobody types more. */
const mostCommands = 32;

/**
 * The `ip` commands of a command line, behind `sudo`, `nsenter`, `kubectl exec`, `ip netns exec` and the like.
 *
 * @param from where the command line begins in `text`.
 * @param anywhere whether the line is known to be a command line (a prompt stands before it); else `ip` must be its first word.
 */
export function findIpCommands(text: string, from: number, anywhere: boolean): IpCommand[] {
  const words = shellWords(text, from);
  const found: IpCommand[] = [];
  let free = true;
  for (let at = 0; at < words.length && found.length < mostCommands; at++) {
    const word = words[at]?.text ?? "";
    if (!isIp(word)) {
      free =
        anywhere ||
        separators.test(word) ||
        text[words[at]?.end ?? 0] === ";" ||
        (free && (wrappers.has(word) || /^\w+=/.test(word)));
      continue;
    }
    if (!free) continue;
    const command = readCommand(words, at, words[at - 1]?.text === "busybox");
    if (!command) {
      free = anywhere;
      continue;
    }
    found.push(command);
    at += command.object === "other" ? 0 : command.words.length - 1;
    free = anywhere || command.object === "other";
  }
  return found;
}
