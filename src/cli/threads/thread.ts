/** A thread that builds sources beside the main one. The launcher calls `serveThread` (main.ts) where it runs in such a thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { aloneBuilder } from '../../separate-builds.ts';
import { beginReading } from '../files.ts';
import { pipelineSettings } from '../settings.ts';
import { packer, restoredText, type TextContents } from './packing.ts';
import { keptOf, type SentError, type SourceOutcome, sentError, type ThreadedCall, WorkList } from './share.ts';

/** What a thread is started with. */
export interface ThreadData {
  /** Without the texts, which are in `inputs`. */
  readonly given: ThreadedCall;
  readonly inputs: readonly TextContents[];
  readonly counter: SharedArrayBuffer;
}

/** The message for each source that it has processed; the thread ends when no source is left. */
export interface ThreadMessage {
  readonly index: number;
  /** Packed, but for an error. */
  readonly outcome: unknown;
  readonly error: SentError | null;
}

export function serveBuild(): void {
  const { given, inputs, counter } = workerData as ThreadData;
  beginReading();
  const { options } = pipelineSettings({ ...given, read: inputs.map(restoredText) });
  const builder = aloneBuilder(options, keptOf(given.linkTogether));
  if (builder === null) return;
  const work = new WorkList(options, counter);
  const pack = packer(options);
  for (let next = work.take(); next !== undefined; next = work.take()) {
    const { index } = next;
    let message: ThreadMessage;
    try {
      const built = builder(options.inputs[index]!);
      const outcome: SourceOutcome = built === null ? { kind: 'together' } : { kind: 'built', built };
      message = { index, outcome: pack(outcome), error: null };
    } catch (error) {
      message = { index, outcome: null, error: sentError(error) };
    }
    parentPort!.postMessage(message);
  }
}
