/** Builds the sources of a call, several at a time where the call says so. What comes out does not depend on how many. */
import { Worker } from 'node:worker_threads';
import type { PipelineOptions } from '../../pipeline.ts';
import {
  type AloneBuilder,
  aloneBuilder,
  buildSeparately,
  type Progress,
  type SeparateBuilds,
  withoutRepetitions,
} from '../../separate-builds.ts';
import type { SourceText } from '../../syntax/source.ts';
import { Failure } from '../failure.ts';
import { packageFile } from '../package-files.ts';
import { contentsOf, unpacker } from './packing.ts';
import { type BuiltFile, keptOf, receivedError, type SourceOutcome, type ThreadedCall, WorkList } from './share.ts';
import type { ThreadData, ThreadMessage } from './thread.ts';

/**
 * @param jobs how many sources at a time, 1 or more; as many threads work, the main one included
 * @param progress is told each file before the main thread builds it
 */
export async function buildAll(
  options: PipelineOptions,
  given: ThreadedCall,
  jobs: number,
  progress: Progress,
): Promise<SeparateBuilds<BuiltFile>> {
  const take = keptOf(given.linkTogether);
  const threads = Math.min(jobs, options.inputs.length) - 1;
  const builder = threads < 1 ? null : aloneBuilder(options, take);
  const launcher = packageFile('bin/pvasm.js');
  if (builder === null || launcher === null) return buildSeparately(options, take, progress);
  const outcomes = await outcomesOf(options, given, builder, { threads, launcher, progress });
  const failed = outcomes.find((outcome) => outcome.kind === 'failed');
  if (failed !== undefined) throw failed.error;
  const builds = outcomes.flatMap((outcome) => (outcome.kind === 'built' ? [outcome.built] : []));
  if (builds.length < outcomes.length) return buildSeparately(options, take, progress);
  return withoutRepetitions(options.inputs, builds);
}

interface Pool {
  readonly threads: number;
  readonly launcher: string;
  readonly progress: Progress;
}

/** What becomes of each source, in the order of the call. */
async function outcomesOf(
  options: PipelineOptions,
  given: ThreadedCall,
  builder: AloneBuilder<BuiltFile>,
  { threads, launcher, progress }: Pool,
): Promise<readonly SourceOutcome[]> {
  const { inputs } = options;
  const counter = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const data: ThreadData = { given: { ...given, read: undefined }, inputs: inputs.map(contentsOf), counter };
  const texts = new Map(inputs.map((input) => [input.name, input]));
  const outcomes: SourceOutcome[] = [];
  const ends = Array.from({ length: threads }, () => startThread(launcher, data, options, texts, outcomes));
  const work = new WorkList(options, counter);
  for (let next = work.take(); next !== undefined; next = work.take()) {
    const { index, place } = next;
    progress(inputs[index]!, place);
    outcomes[index] = outcomeOf(builder, inputs[index]!);
  }
  await Promise.all(ends);
  return outcomes;
}

function outcomeOf(builder: AloneBuilder<BuiltFile>, file: SourceText): SourceOutcome {
  try {
    const built = builder(file);
    return built === null ? { kind: 'together' } : { kind: 'built', built };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** Resolves when the thread has sent all that it took; rejects where it cannot work. */
function startThread(
  launcher: string,
  data: ThreadData,
  options: PipelineOptions,
  texts: Map<string, SourceText>,
  outcomes: SourceOutcome[],
): Promise<void> {
  const unpack = unpacker(options, texts);
  // What settings complain about, the main thread has told.
  const start = `require(${JSON.stringify(launcher)}).serveThread()`;
  const worker = new Worker(start, { eval: true, workerData: data, stderr: true });
  return new Promise((resolve, reject) => {
    worker.on('message', ({ index, outcome, error }: ThreadMessage) => {
      outcomes[index] =
        error === null ? (unpack(outcome) as SourceOutcome) : { kind: 'failed', error: receivedError(error) };
    });
    worker.on('error', (error) => reject(new Failure(`a thread of the build ended: ${error.message}`)));
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Failure(`a thread of the build ended with exit code ${code}`)),
    );
  });
}
