export { type CodeServer, startCodeServer } from "./codeServer.js";
export {
  activeFile,
  applyQuickFix,
  editorText,
  findPlace,
  goTo,
  hoverAt,
  openFile,
  openQuickFixes,
  type Place,
  readClipboard,
} from "./editor.js";
export { readNotifications, readStatusBar } from "./messages.js";
export { openPathPanel, pathPanel } from "./pathPanel.js";
export { poll } from "./poll.js";
export { type Problem, readProblems, waitForProblem } from "./problems.js";
export { runCommand } from "./quickInput.js";
export { sharedServer, stopSharedHosts } from "./sharedHosts.js";
export {
  closeWorkbench,
  openWorkbench,
  screenshot,
  type Workbench,
  type WorkbenchRequest,
} from "./workbench.js";
