import {
  commands,
  type DecorationRenderOptions,
  type Disposable,
  Range,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  Uri,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import type { LocationView } from "../../server/src/lsp/protocol.js";

export interface Revealer extends Disposable {
  /** Shows a place in an editor and marks its lines. `focus` gives the keyboard to the editor. */
  reveal(location: LocationView, focus: boolean): Promise<void>;
}

const markStyle: DecorationRenderOptions = {
  isWholeLine: true,
  backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
  overviewRulerColor: new ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
};

/** Shows evidence beside the editor that is active, so that the log and the dump can be read together. */
export function createRevealer(): Revealer {
  const mark = window.createTextEditorDecorationType(markStyle);
  let marked: TextEditor | undefined;

  async function reveal({ uri, range: { start, end } }: LocationView, focus: boolean): Promise<void> {
    const target = Uri.parse(uri, true);
    const range = new Range(start.line, start.character, end.line, end.character);
    // The cursor goes to the beginning: a selection to the end of a log line would scroll its beginning out of sight.
    const selection = new Range(range.start, range.start);
    const options = { viewColumn: columnFor(target), preserveFocus: !focus, preview: true, selection };
    const document = await Promise.resolve(workspace.openTextDocument(target)).catch(() => undefined);
    if (document === undefined) {
      // Too large to be handed to extensions; the editor itself can still show it.
      await commands.executeCommand("vscode.open", target, options);
      return;
    }
    const editor = await window.showTextDocument(document, options);
    editor.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
    marked?.setDecorations(mark, []);
    editor.setDecorations(mark, [range]);
    marked = editor;
  }

  return { reveal, dispose: () => mark.dispose() };
}

/** Where a document is shown already; else beside what is being read. */
function columnFor(target: Uri): ViewColumn {
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === target.toString());
  if (visible?.viewColumn !== undefined) return visible.viewColumn;
  return window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
}
