import {
  Disposable,
  EventEmitter,
  InlayHint,
  InlayHintLabelPart,
  Location,
  languages,
  Position,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type EventsParams,
  type EventsResult,
  eventsMethod,
  eventsScheme,
  type LocationView,
} from "../../server/src/lsp/protocol.js";

/** Shows the events of one conversation as a document of its own, however large the capture is. */
export interface EventsDocuments extends Disposable {
  /** @param uri a file of the case; @param packet the id of a packet of the conversation; @param title names the document */
  show(uri: string, packet: string, title: string): Promise<void>;
}

/**
 * The address of a document says what it shows, so that it can be filled again after the window was reloaded. Its name ends as the names of
 * monitor logs do (`contributes.languages`).
 */
function addressOf({ uri, packet }: EventsParams, title: string): Uri {
  const path = `/${title.replaceAll("/", "-")}.cilium-monitor`;
  return Uri.from({ scheme: eventsScheme, path, query: JSON.stringify({ uri, packet }) });
}

function placeWords({ uri, range: { start } }: LocationView): string {
  return `${decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1))}:${start.line + 1}`;
}

/** A hint before the line that tells where it stands, and leads there. */
function hintFor(line: number, view: LocationView): InlayHint {
  const label = new InlayHintLabelPart(placeWords(view));
  const { start, end } = view.range;
  label.location = new Location(
    Uri.parse(view.uri, true),
    new Range(start.line, start.character, end.line, end.character),
  );
  const hint = new InlayHint(new Position(line, 0), [label]);
  hint.paddingRight = true;
  return hint;
}

/** Provides the documents of `eventsScheme`, with a hint before each event that leads to its line in the capture. */
export function createEventsDocuments(client: BaseLanguageClient): EventsDocuments {
  const known = new Map<string, InlayHint[]>();
  const hintsChanged = new EventEmitter<void>();

  async function textOf(address: Uri): Promise<string> {
    const params = JSON.parse(address.query) as EventsParams;
    const result = await client.sendRequest<EventsResult | null>(eventsMethod, params);
    if (result === null) return "The capture has changed: there is no such packet in it any more.";
    const hints: InlayHint[] = [];
    let line = 0;
    for (const { text, location } of result.events) {
      hints.push(hintFor(line, location));
      line += text.split(/\r\n|[\r\n]/).length;
    }
    known.set(address.toString(), hints);
    hintsChanged.fire();
    return result.events.map(({ text }) => `${text}\n`).join("");
  }

  const registrations = Disposable.from(
    hintsChanged,
    workspace.registerTextDocumentContentProvider(eventsScheme, { provideTextDocumentContent: textOf }),
    languages.registerInlayHintsProvider(
      { scheme: eventsScheme },
      {
        onDidChangeInlayHints: hintsChanged.event,
        provideInlayHints: ({ uri }: TextDocument, range) =>
          known.get(uri.toString())?.filter(({ position }) => range.contains(position)) ?? [],
      },
    ),
    workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  );

  return {
    async show(uri, packet, title) {
      const document = await workspace.openTextDocument(addressOf({ uri, packet }, title));
      await window.showTextDocument(document, { preview: true });
    },
    dispose: () => registrations.dispose(),
  };
}
