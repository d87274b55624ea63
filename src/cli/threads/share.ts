/** What the threads of a build have in common: which source is next, and what is kept of it. */
import type { SourceWords } from '../../link/words.ts';
import type { PipelineOptions } from '../../pipeline.ts';
import { type BuiltAlone, type FinishedFile, finished, type SeparateBuild } from '../../separate-builds.ts';
import { Failure } from '../failure.ts';
import { linkedWords } from '../link-together.ts';
import type { GivenFiles, SettingArguments } from '../settings.ts';

/** What a call says of the settings of its build. */
export type ThreadedCall = SettingArguments & GivenFiles & { readonly linkTogether: boolean };

export interface BuiltFile extends FinishedFile {
  /** Only where listings are linked together. */
  readonly words: SourceWords | null;
}

/** What is kept of a build: what is written and told. */
export function keptOf(linkTogether: boolean): (build: SeparateBuild) => BuiltFile {
  return (build) => ({ ...finished(build), words: linkTogether ? linkedWords(build) : null });
}

/** What became of a source. `together`: another file of the call is read for it. */
export type SourceOutcome =
  | { readonly kind: 'built'; readonly built: BuiltAlone<BuiltFile> }
  | { readonly kind: 'together' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What is thrown, as an object that a thread can send. */
export interface SentError {
  readonly message: string;
  readonly stack: string | undefined;
  readonly isFailure: boolean;
}

export function sentError(error: unknown): SentError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { message, stack, isFailure: error instanceof Failure };
}

export function receivedError({ message, stack, isFailure }: SentError): Error {
  return isFailure ? new Failure(message) : Object.assign(new Error(message), { stack });
}

/** The longest sources first: none of them is begun when all others are done. Indices of inputs. */
function bySize({ inputs }: Pick<PipelineOptions, 'inputs'>): readonly number[] {
  return inputs.map((_, index) => index).sort((a, b) => inputs[b]!.text.length - inputs[a]!.text.length || a - b);
}

/** Gives each source to the thread that asks first. */
export class WorkList {
  readonly #next: Int32Array;
  readonly #order: readonly number[];

  /** @param counter shared by all threads; starts at 0 */
  constructor(options: Pick<PipelineOptions, 'inputs'>, counter: SharedArrayBuffer) {
    this.#next = new Int32Array(counter);
    this.#order = bySize(options);
  }

  /** The index of a source that nobody else gets; undefined when none is left. */
  take(): { readonly index: number; readonly place: number } | undefined {
    const place = Atomics.add(this.#next, 0, 1);
    const index = this.#order[place];
    return index === undefined ? undefined : { index, place };
  }
}
