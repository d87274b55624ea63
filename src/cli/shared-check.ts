/** The inspection of a check's inputs, by as many threads as are worth it. */
import type { Inspection } from '../lint/inspection.ts';
import { inspectEach, inspectionOrder, inspectRest, type Outcome } from '../lint/schedule.ts';
import type { SubjectOptions } from '../lint/subject.ts';
import { createCache } from '../preprocess/cache.ts';
import { SourceText } from '../syntax/source.ts';
import { type Helper, SharedQueue } from './helpers.ts';
import { type Packed, type PlainText, pack, unpack } from './packed.ts';
import { readSettings, type SettingArguments } from './settings.ts';

/** What a helper is asked: to take inputs from the queue until there are none left. */
export interface InspectionOrder {
  readonly given: SettingArguments;
  readonly inputs: readonly PlainText[];
  readonly queue: Pick<SharedQueue, 'items' | 'memory'>;
}

type Outcomes = readonly (readonly [index: number, outcome: Outcome])[];

/**
 * What the rules say about all inputs, which must be distinct files.
 *
 * @param given what `subject` was read from; a helper reads it again
 */
export async function inspectInputs(
  helpers: readonly Helper[],
  given: SettingArguments,
  subject: Omit<SubjectOptions, 'inputs'>,
  inputs: readonly SourceText[],
): Promise<readonly Inspection[]> {
  const cache = createCache(inputs);
  const options = { ...subject, inputs, cache };
  const queue = new SharedQueue(inspectionOrder(inputs));
  const { items, memory } = queue;
  const plain = inputs.map(({ name, text }) => ({ name, text }));
  const order: InspectionOrder = { given, inputs: plain, queue: { items, memory } };
  const answers = helpers.map((helper) => helper.ask(order));
  const outcomes = inspectEach(() => queue.take(), options);
  // Whatever speaks of a file speaks of the same text.
  const fileOf = ({ name, text }: PlainText): SourceText => {
    const known = cache.file(name, subject.host);
    return known?.text === text ? known : new SourceText(name, text);
  };
  for (const answer of await Promise.all(answers))
    for (const [index, outcome] of unpack(answer, fileOf) as Outcomes) outcomes.set(index, outcome);
  return inspectRest(outcomes, options);
}

/** What a helper does. */
export function helpInspect({ given, inputs, queue: { items, memory } }: InspectionOrder): Packed {
  const queue = new SharedQueue(items, memory);
  const options = {
    ...readSettings(given).subject,
    inputs: inputs.map(({ name, text }) => new SourceText(name, text)),
  };
  const outcomes: Outcomes = [...inspectEach(() => queue.take(), options)];
  return pack(outcomes);
}
