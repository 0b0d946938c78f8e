/** A user and group that own nothing: `nobody` wherever it matters. */
const nobody = 65534;

/** Whether this process can be a user whom files may be forbidden to: not where permissions are of another kind. */
export const canBeForbidden = process.getuid !== undefined;

/**
 * Does something as a user for whom permissions count: root, whom nothing is forbidden, becomes somebody else meanwhile. Threads of
 * Node follow, as the C library changes the user of all threads (nptl(7)).
 */
export async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run();
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
