import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";

/**
 * Memory for the columns of parts that a worker sends to its master, and gets back: memory that was used before is much cheaper than memory that
 * the system must give. It bounds how far the worker is ahead, too.
 */
export interface PartMemory {
  /** How many parts the worker may be ahead of its master. */
  readonly ahead: number;
  /** How many parts were taken up: one number, in memory that the threads share. */
  readonly taken: Int32Array;
}

export function createPartMemory(ahead: number): PartMemory {
  return { ahead, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}

/**
 * Memory that came back, for the worker's next part; `undefined` where it may take new memory. Waits until the worker is no longer too far ahead.
 *
 * @param sent how many parts the worker has sent
 */
export function acquireMemory({ ahead, taken }: PartMemory, port: MessagePort, sent: number): ArrayBuffer | undefined {
  for (let before = Atomics.load(taken, 0); sent - before >= ahead; before = Atomics.load(taken, 0)) {
    Atomics.wait(taken, 0, before);
  }
  return (receiveMessageOnPort(port) as { readonly message: ArrayBuffer } | undefined)?.message;
}

/** Gives back the memory of a part that was taken up. */
export function returnMemory({ taken }: PartMemory, port: Pick<MessagePort, "postMessage">, memory: ArrayBuffer): void {
  port.postMessage(memory, [memory]);
  Atomics.add(taken, 0, 1);
  Atomics.notify(taken, 0);
}
