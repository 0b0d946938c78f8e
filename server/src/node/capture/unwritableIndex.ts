/** An index on disk can't be written: the disk is full, or the folder is not to be written to. */
export class UnwritableIndex extends Error {}
