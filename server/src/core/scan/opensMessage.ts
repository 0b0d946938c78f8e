const openings = ['{"cpu":"', '{"type":"'].map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));

/**
 * Whether the line at `at` opens a message of `cilium monitor -j`. No event that began on an earlier line reaches over it (`readCapture`),
 * so a capture can be cut in front of it and its parts be read apart.
 */
export function opensMessage(bytes: Uint8Array, at: number): boolean {
  return openings.some((opening) => opening.every((byte, index) => bytes[at + index] === byte));
}
