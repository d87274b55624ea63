/**
 * Helpers: threads that do a part of a call's work. A thread starts with nothing compiled and no header read, so one is
 * worth its start only where there is a good deal to do.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { sizeOf } from './files.ts';
import type { Packed } from './packed.ts';

/** What a thread should get to do, at the least: bytes of source. */
const WORTH_A_THREAD = 100_000;

/** A thread that waits for one order. It does not keep the process alive while it has none. */
export class Helper {
  readonly #worker: Worker;

  constructor() {
    // Not imported: to load it takes longer than many a call.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    // The caller has told what there is to tell.
    this.#worker = new Worker(new URL('../bin/helper.js', import.meta.url), { stderr: true });
    this.#worker.unref();
  }

  /** Sends the order, plain data, and gives the answer. An error in the thread is one here. */
  ask(order: unknown): Promise<Packed> {
    const worker = this.#worker;
    worker.ref();
    worker.postMessage(order);
    return new Promise<Packed>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a helper ended with ${code} and no answer`)));
    }).finally(() => worker.unref());
  }
}

/** As many helpers as are worth their start for files that can be worked on one by one. They get ready by themselves. */
export function startHelpers(files: readonly string[]): readonly Helper[] {
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0);
  const threads = Math.min(availableParallelism(), files.length, Math.floor(total / WORTH_A_THREAD));
  return Array.from({ length: Math.max(0, threads - 1) }, () => new Helper());
}

/** A list that several threads work on: each item comes to one of them. */
export class SharedQueue {
  readonly #next: Int32Array;

  constructor(
    readonly items: readonly number[],
    readonly memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
  ) {
    this.#next = new Int32Array(memory);
  }

  /** The next item that nobody has taken; undefined when all are. */
  take(): number | undefined {
    return this.items[Atomics.add(this.#next, 0, 1)];
  }
}
