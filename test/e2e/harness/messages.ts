import type { Workbench } from "./workbench.js";

/** The messages that VS Code shows at the lower right. */
export function readNotifications({ page }: Workbench): Promise<string[]> {
  return page.locator(".notification-toast .notification-list-item-message").allInnerTexts();
}

/** The texts of the status bar. */
export function readStatusBar({ page }: Workbench): Promise<string[]> {
  return page.locator(".statusbar-item").allInnerTexts();
}
