import assert from "node:assert/strict";
import fc from "fast-check";
import type { Explanation } from "../../../server/src/core/explain/explanation.js";
import { toMarkdown } from "../../../server/src/core/explain/toMarkdown.js";
import { toPlainText } from "../../../server/src/core/explain/toPlainText.js";

function explanation(parts: Partial<Explanation>): Explanation {
  return { title: "t", sentences: [], facts: [], notes: [], sources: [], ...parts };
}

/** The sentence as Markdown, without the title before it. */
function sentence(text: string): string {
  return toMarkdown(explanation({ sentences: [text] })).slice("**t**\n\n".length);
}

function value(text: string): string {
  return toMarkdown(explanation({ facts: [{ name: "n", value: text }] })).slice("**t**\n\n- n: ".length);
}

describe("toMarkdown", () => {
  it("lays out title, sentences, facts, notes and sources", () => {
    const drawn = toMarkdown({
      title: "TTL: 62",
      sentences: ["First.", "Run `ip route get`."],
      facts: [
        { name: "value", value: "62", text: "twice" },
        { name: "text", text: "only" },
        { name: "empty", value: "" },
      ],
      notes: ["A caveat."],
      sources: ["bpf/lib/trace.h", "RFC 791"],
    });
    assert.equal(
      drawn,
      [
        "**TTL: 62**",
        "First.",
        "Run `ip route get`.",
        "- value: `62`, twice\n- text: only\n- empty: (empty)",
        "*Note:* A caveat.",
        "*Source:* bpf/lib/trace.h; RFC 791",
      ].join("\n\n"),
    );
  });

  const hostile: readonly (readonly [input: string, output: string])[] = [
    ["[run](command:evil)", "\\[run\\](command:evil)"],
    ["![x](https://example.org/p.png)", "\\!\\[x\\](https\\://example.org/p.png)"],
    ["<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"],
    ["<command:evil>", "\\<command:evil\\>"],
    ["&lt;b&gt;", "\\&lt;b\\&gt;"],
    ["see https://example.org and www.example.org", "see https\\://example.org and www\\.example.org"],
    ["mail me@example.org", "mail me\\@example.org"],
    ["*bold* _it_ ~~no~~ `code` \\", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~ `code` \\\\"],
    ["one ` backtick", "one \\` backtick"],
    ["$(zap) and $x$", "\\$(zap) and \\$x\\$"],
    ["# no heading", "\\# no heading"],
    ["- no list", "\\- no list"],
    ["+ no list", "\\+ no list"],
    ["1. no list", "1\\. no list"],
    ["> no quote", "\\> no quote"],
    ["=== no heading", "\\=== no heading"],
    ["a | b", "a \\| b"],
    ["line\n\n# break\r\nand\ttab", "line  \\# break  and tab"],
    ["\x1b[31mred\x07 \u202eevil\u2066", "\\\\u001b\\[31mred\\\\u0007 \\\\u202eevil\\\\u2066"],
  ];
  for (const [input, output] of hostile) {
    it(`sentence: ${JSON.stringify(input)}`, () => assert.equal(sentence(input), output));
  }

  const values: readonly (readonly [input: string, output: string])[] = [
    ["eth0", "`eth0`"],
    ["", "(empty)"],
    ["a`b", "``a`b``"],
    ["`` ``", "``` `` `` ```"],
    ["[run](command:evil)", "`[run](command:evil)`"],
    ["a\n\n# b", "`a  # b`"],
    ["x".repeat(200), `\`${"x".repeat(160)}…\``],
    [`${"x".repeat(159)}😀`, `\`${"x".repeat(159)}…\``],
  ];
  for (const [input, output] of values) {
    it(`value: ${JSON.stringify(input).slice(0, 40)}`, () => assert.equal(value(input), output));
  }

  it("any text: no line begins a block, and nothing outside of code can be markup", () => {
    const nasty = fc.string({ unit: fc.constantFrom(..."`*_[]()<>#!|~&$@\\:/.-+= \n\r\t\x1b1aw"), maxLength: 40 });
    fc.assert(
      fc.property(nasty, (text) => {
        const markdown = sentence(text);
        assert.ok(!/[\n\r\t\x1b]/.test(markdown));
        // From left to right, as CommonMark reads: an escape outside of code, or a code span, in which nothing is escaped.
        const outside = markdown.replace(/\\[!-/:-@[-`{-~]|`[^`]+`/g, " ");
        assert.doesNotMatch(outside, /[`*_[\]<>#|~&$@!\\]|:\/\/|www\./i);
        assert.doesNotMatch(markdown, /^\s*(?:[-+=]|\d+[.)](?:\s|$))/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("toPlainText", () => {
  it("wraps at the width and indents facts", () => {
    const drawn = toPlainText(
      explanation({
        title: "T",
        sentences: ["One two three.", "Four five."],
        facts: [{ name: "n", value: "v", text: "words that go on" }],
        notes: ["N."],
        sources: ["S"],
      }),
      14,
    );
    assert.equal(drawn, "T\n\nOne two three.\nFour five.\n\n  n: v, words\n  that go on\n\nNote: N.\n\nSource: S");
  });

  it("shows control characters instead of sending them to the terminal", () => {
    const drawn = toPlainText(
      explanation({ title: "\x1b]0;x\x07", sentences: ["a\x1b[2Jb\u202e"], facts: [{ name: "n", value: "\x00" }] }),
    );
    assert.equal(drawn, "\\u001b]0;x\\u0007\n\na\\u001b[2Jb\\u202e\n\n  n: \\u0000");
  });
});
