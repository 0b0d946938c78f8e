import { poll } from "./poll.js";
import type { Workbench } from "./workbench.js";

/** A row of the Problems view. */
export interface Problem {
  readonly file: string;
  readonly severity: "Error" | "Warning" | "Info";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const fileRow = /^\d+ problems? in file (.*?)(?: of folder .*)?$/;
const problemRow = /^(Error|Warning|Info): ([\s\S]*) at line (\d+) and character (\d+)\./;

/** Opens the Problems view and reads the rows that it shows; those out of sight are not among them. */
export async function readProblems({ page }: Workbench): Promise<Problem[]> {
  const view = page.locator(".markers-panel");
  if (!(await view.isVisible())) await page.keyboard.press("Control+Shift+M");
  await view.waitFor();
  const problems: Problem[] = [];
  let file = "";
  for (const row of await view.locator(".monaco-list-row").all()) {
    const label = (await row.getAttribute("aria-label")) ?? "";
    const [, name] = fileRow.exec(label) ?? [];
    if (name !== undefined) file = name;
    const [, severity, message, line, column] = problemRow.exec(label) ?? [];
    if (message !== undefined)
      problems.push({
        file,
        severity: severity as Problem["severity"],
        message,
        line: Number(line),
        column: Number(column),
      });
  }
  return problems;
}

/** Waits until the Problems view shows a problem that fits, and answers with it. */
export function waitForProblem(
  workbench: Workbench,
  isWanted: (problem: Problem) => boolean = () => true,
): Promise<Problem> {
  return poll("a problem in the Problems view", async () => (await readProblems(workbench)).find(isWanted), {
    timeout: 60_000,
  });
}
