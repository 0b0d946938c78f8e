/** How much of an input line a story shows; the place beside it leads to the whole. */
const shownCharacters = 160;

/** Text from the input on one line, cut where it is long. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}
