import { Uri, type Webview } from "vscode";

/** The frame of the panel's page. All it shows arrives by message; no script or style but ours runs in it. */
export function pageHtml(webview: Webview, dist: Uri): string {
  const nonce = crypto.randomUUID();
  const script = webview.asWebviewUri(Uri.joinPath(dist, "page.js")).toString();
  const style = webview.asWebviewUri(Uri.joinPath(dist, "page.css")).toString();
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Packet path</title>
    <link rel="stylesheet" href="${style}">
    <script defer nonce="${nonce}" src="${script}"></script>
  </head>
  <body></body>
</html>`;
}
