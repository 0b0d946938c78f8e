import { poll } from "./poll.js";
import type { Workbench } from "./workbench.js";

/** A finding in the Problems view. */
export interface Problem {
  readonly file: string;
  readonly severity: "Error" | "Warning" | "Info";
  readonly message: string;
  /** The finding's code, for example `shadowing-rule`; undefined for problems that other extensions report. */
  readonly code: string | undefined;
  readonly line: number;
  readonly column: number;
}

const fileRow = /^\d+ problems? in file (.*?)(?: of folder .*)?$/;
const problemRow = /^(Error|Warning|Info): ([\s\S]*) at line (\d+) and character (\d+)\./;
const codeInRow = /packetwalk\(?([a-z-]+)\)?\s*\[Ln/;

interface Row {
  readonly index: number;
  readonly label: string;
  readonly text: string;
}

/** Opens the Problems view, scrolls through it, and answers with all that it lists. */
export async function readProblems({ page }: Workbench): Promise<Problem[]> {
  const view = page.locator(".markers-panel");
  if (!(await view.isVisible())) await page.keyboard.press("Control+Shift+M");
  await view.waitFor();
  await view.hover();
  await page.mouse.wheel(0, -100_000);
  const rows = new Map<number, Row>();
  for (let known = -1; known < rows.size; ) {
    known = rows.size;
    const visible = await view.locator(".monaco-list-row").evaluateAll((elements): Row[] =>
      elements.map((row) => ({
        index: Number(row.getAttribute("data-index")),
        label: row.getAttribute("aria-label") ?? "",
        text: row.textContent ?? "",
      })),
    );
    for (const row of visible) rows.set(row.index, row);
    await page.mouse.wheel(0, 100);
  }
  return toProblems([...rows.values()].sort((a, b) => a.index - b.index));
}

function toProblems(rows: readonly Row[]): Problem[] {
  const problems: Problem[] = [];
  let file = "";
  for (const { label, text } of rows) {
    file = fileRow.exec(label)?.[1] ?? file;
    const [, severity, message, line, column] = problemRow.exec(label) ?? [];
    if (message === undefined) continue;
    const code = codeInRow.exec(text)?.[1];
    problems.push({
      file,
      severity: severity as Problem["severity"],
      message,
      code,
      line: Number(line),
      column: Number(column),
    });
  }
  return problems;
}

/** Waits until the Problems view lists a problem that fits, and answers with it. */
export function waitForProblem(
  workbench: Workbench,
  isWanted: (problem: Problem) => boolean = () => true,
): Promise<Problem> {
  const look = async () => (await readProblems(workbench)).find(isWanted);
  return poll("a problem in the Problems view", look, { timeout: 60_000 });
}
