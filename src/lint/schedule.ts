/**
 * In what parts the files of a check are looked at: a source by itself where it shares no file of the call with another,
 * and the others together.
 */
import { fileKey } from '../project/project.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Inspection, inspect } from './inspection.ts';
import { includedKeys, isHeader, openRead, sourceReader } from './open.ts';
import { openSubject, type SubjectOptions, subjectOf } from './subject.ts';

/** What came of a source: what the rules say, or the files of the call that it includes and must be looked at with. */
export type Outcome = Inspection | { readonly includes: readonly string[] };

/** The files of a call, each once however its path is spelled. */
export function distinctFiles(inputs: readonly SourceText[]): readonly SourceText[] {
  const seen = new Set<string>();
  return inputs.filter((input) => !seen.has(fileKey(input)) && seen.add(fileKey(input)));
}

/**
 * Looks at sources one by one, each as a project of its own, and forgets each before it reads the next: nearly all that a
 * check holds are tokens and code of one source.
 *
 * @param take the index of the next input to look at; undefined when there is none left
 */
export function inspectEach(take: () => number | undefined, options: SubjectOptions): Map<number, Outcome> {
  const { inputs } = options;
  const keys = new Set(inputs.map(fileKey));
  const read = sourceReader(options);
  const outcomes = new Map<number, Outcome>();
  for (let index = take(); index !== undefined; index = take()) {
    const source = read(inputs[index]!);
    const includes = [...includedKeys(source)].filter((key) => keys.has(key));
    const opened = () => openRead([source], [source.source], options.conventions);
    outcomes.set(index, includes.length > 0 ? { includes } : inspect(subjectOf(opened(), options)));
  }
  return outcomes;
}

/** The inputs that `inspectEach` should look at. The longest come first: of threads that share them none is left with one. */
export function inspectionOrder(inputs: readonly SourceText[]): readonly number[] {
  const sources = [...inputs.keys()].filter((index) => !isHeader(inputs[index]!));
  return sources.sort((a, b) => inputs[b]!.text.length - inputs[a]!.text.length || a - b);
}

/**
 * Looks at what `inspectEach` has left: headers, and what includes them, together. A file that another includes is checked
 * where it is included. They are read once more: an outcome may come from another thread, and tokens do not.
 *
 * @param outcomes of all inputs that are no headers
 */
export function inspectRest(outcomes: ReadonlyMap<number, Outcome>, options: SubjectOptions): readonly Inspection[] {
  const { inputs } = options;
  const included = new Set([...outcomes.values()].flatMap((each) => ('includes' in each ? each.includes : [])));
  const headers = [...inputs.keys()].filter((at) => !outcomes.has(at) && !included.has(fileKey(inputs[at]!)));
  // A header that nobody includes stands for itself; if it includes another one of the call, that is known only now.
  const all = new Map([...outcomes, ...inspectEach(() => headers.shift(), options)]);
  for (const each of all.values()) if ('includes' in each) for (const key of each.includes) included.add(key);
  const alone: Inspection[] = [];
  const together: SourceText[] = [];
  inputs.forEach((input, at) => {
    const outcome = all.get(at);
    if (outcome === undefined || 'includes' in outcome || included.has(fileKey(input))) together.push(input);
    else alone.push(outcome);
  });
  return together.length === 0 ? alone : [...alone, inspect(openSubject({ ...options, inputs: together }))];
}
