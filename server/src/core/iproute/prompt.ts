import { marksLength } from "./line.js";

/** Where the command of a terminal line begins. */
export interface Prompt {
  /** Of the prompt itself, behind quote marks and indents. */
  readonly start: number;
  /** Of the command behind it; the line's length where nothing was typed. */
  readonly command: number;
  /** A lone `#` is a prompt only if a command follows it; elsewhere it begins a remark. */
  readonly certain: boolean;
}

/** Longest prompt that is looked for. */
const longestPrompt = 160;

const bracketed = /^(?:\([\w.-]+\) ?)?\[[^[\]]*\]$/;
const withPath = /^(?:\([\w.-]+\) ?)?[^\s"'`=,;(){}]*[@:~/][^\s"'`=,;(){}]*(?: [~/][^\s"'`]*)?$/;
const hostAlone = /^[A-Za-z][\w.-]*$/;
const address = /^[0-9a-fA-F]*[.:][0-9a-fA-F.:]*(?:\/\d+)?$/;

/**
 * Finds a shell's prompt at the beginning of a line: `[root@node ~]# `, `root@node:/# `, `user@node:~$ `, `/ # `, `sh-5.2# `,
 * `$ `, `% `, `❯ `, and a lone `#`.
 */
export function findPrompt(text: string): Prompt | undefined {
  const start = marksLength(text);
  const end = Math.min(text.length, start + longestPrompt);
  for (let at = start; at < end; at++) {
    const sigil = text[at] ?? "";
    if (!"#$%❯➜".includes(sigil)) continue;
    const before = text.slice(start, at);
    const blank = at + 1 >= text.length || text[at + 1] === " " || text[at + 1] === "\t";
    if (before === "") {
      if (!blank && !/^.ip\s/.test(text.slice(at, at + 5))) return undefined;
      const command = skipBlanks(text, at + 1);
      return { start, command, certain: sigil !== "#" };
    }
    if (!blank) continue;
    const host = before.trimEnd();
    const named = hostAlone.test(host) && host === before;
    if (bracketed.test(host) || named || (withPath.test(host) && !address.test(host))) {
      return { start, command: skipBlanks(text, at + 1), certain: true };
    }
  }
  return undefined;
}

/** The host that a prompt names: `root@node:~# `, `[root@node ~]# `. */
export function hostOfPrompt(text: string, { start, command }: Prompt): string | undefined {
  return /^(?:\([\w.-]+\) ?)?\[?[\w.+-]{1,64}@([A-Za-z0-9][\w.-]{0,252})(?=[:\s\]#$%])/.exec(
    text.slice(start, command),
  )?.[1];
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}
