import { commands, Disposable, Uri, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  explainCommand,
  type FindingPageParams,
  type FindingPageResult,
  findingPageAddress,
  findingPageMethod,
  findingScheme,
} from "../../server/src/lsp/protocol.js";

/** Shows a page as a reader wants it; where the editor has no preview of Markdown, as text. */
async function showPage(address: Uri): Promise<void> {
  const preview = commands.executeCommand("markdown.showPreview", address);
  await Promise.resolve(preview).catch(async () => {
    await window.showTextDocument(await workspace.openTextDocument(address), { preview: true });
  });
}

/** The pages about findings, each a document of its own that the server writes, and the command that shows one. */
export function provideFindingPages(client: BaseLanguageClient): Disposable {
  async function textOf({ query }: Uri): Promise<string> {
    const params = JSON.parse(query) as FindingPageParams;
    const page = await client.sendRequest<FindingPageResult>(findingPageMethod, params);
    return page ?? `There is no finding \`${params.code}\`.`;
  }

  return Disposable.from(
    workspace.registerTextDocumentContentProvider(findingScheme, { provideTextDocumentContent: textOf }),
    commands.registerCommand(explainCommand, (params: FindingPageParams) =>
      showPage(Uri.parse(findingPageAddress(params), true)),
    ),
  );
}
