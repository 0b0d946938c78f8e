/** Says on stdout what a script is about to do, so that nothing happens silently. */
export function say(message) {
  console.log(`\n[packetwalk] ${message}`);
}

/** Ends the script with a clear error: what could not be had and what would help. */
export function giveUp(message) {
  console.error(`\n[packetwalk] ${message}`);
  process.exit(1);
}
