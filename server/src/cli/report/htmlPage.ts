import { createHash } from "node:crypto";
import { printable } from "../output.js";

const style = `
:root { color-scheme: light dark; --edge: #8884; --quiet: #667; --error: #b3261e; --warning: #8a5a00; --note: #1d5fa8 }
@media (prefers-color-scheme: dark) { :root { --quiet: #aab; --error: #ff8a80; --warning: #ffc766; --note: #8ab8ff } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { font-size: 1.1rem; margin: 0 }
article { border: 1px solid var(--edge); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
pre { overflow: auto; padding: .6rem; border: 1px solid var(--edge); border-radius: .3rem; font: 13px/1.45 ui-monospace, monospace }
.place, .confidence, .unseen { color: var(--quiet); font-size: .9rem }
.error, .broken { color: var(--error) } .warning { color: var(--warning) } .information, .hint { color: var(--note) }
li code { overflow-wrap: anywhere }
.ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem }
`.trim();

/** No script, nothing from elsewhere; of styles only the one above. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** Text as HTML: nothing in it can be markup, nor end an attribute. */
function escaped(words: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return words.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Text of the input, or ours, as HTML: escaped, without control characters. */
export function htmlText(words: string): string {
  return escaped(printable(words));
}

/** Lines as they are. */
export function htmlBlock(lines: readonly string[]): string {
  return `<pre>${lines.map(htmlText).join("\n")}</pre>`;
}

/** A list of sentences; nothing where there are none. */
export function htmlList(items: readonly string[]): string[] {
  return items.length > 0 ? [`<ul>${items.map((item) => `<li>${htmlText(item)}</li>`).join("")}</ul>`] : [];
}

/** A page that needs nothing besides: no script, a strict content security policy, light and dark. */
export function htmlPage(body: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="viewport" content="width=device-width">',
    "<title>Packetwalk</title>",
    `<style>${style}</style>`,
    ...body,
    "</html>",
  ].join("\n");
}
