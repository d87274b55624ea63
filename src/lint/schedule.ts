/**
 * In what parts the files of a check are looked at: a source by itself where it shares no file of the call with another,
 * and the others together.
 */
import { createCache } from '../preprocess/cache.ts';
import { fileKey } from '../project/files.ts';
import { openRead } from '../project/open.ts';
import { includedKeys, isHeader } from '../project/reading.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Inspection, inspect } from './inspection.ts';
import { openSubject, type SubjectOptions, subjectOf, subjectReader } from './subject.ts';

/** What came of a source: what the rules say, or the files of the call that it includes and must be looked at with. */
type Outcome = Inspection | { readonly includes: readonly string[] };

/** The files of a call, each once however its path is spelled. */
export function distinctFiles(inputs: readonly SourceText[]): readonly SourceText[] {
  const seen = new Set<string>();
  return inputs.filter((input) => !seen.has(fileKey(input)) && seen.add(fileKey(input)));
}

/**
 * What the rules say about all inputs, which must be distinct files. A file that another includes is checked where it is
 * included. What must be looked at together is read once more: until then each source is forgotten before the next is read.
 */
export function inspectInputs(given: SubjectOptions): readonly Inspection[] {
  const { inputs } = given;
  const options = { ...given, cache: given.cache ?? createCache(inputs) };
  const all = inspectEach(
    inputs.filter((input) => !isHeader(input)),
    options,
  );
  const included = includedBy(all.values());
  // A header that nobody includes stands for itself; if it includes another one of the call, that is known only now.
  const headers = inputs.filter((input) => isHeader(input) && !included.has(fileKey(input)));
  for (const [header, outcome] of inspectEach(headers, options)) all.set(header, outcome);
  for (const key of includedBy(all.values())) included.add(key);
  const alone: Inspection[] = [];
  const together: SourceText[] = [];
  for (const input of inputs) {
    const outcome = all.get(input);
    if (outcome === undefined || 'includes' in outcome || included.has(fileKey(input))) together.push(input);
    else alone.push(outcome);
  }
  return together.length === 0 ? alone : [...alone, inspect(openSubject({ ...options, inputs: together }))];
}

/**
 * Looks at sources one by one, each as a project of its own, and forgets each before it reads the next: nearly all that a
 * check holds are tokens and code of one source.
 */
function inspectEach(sources: readonly SourceText[], options: SubjectOptions): Map<SourceText, Outcome> {
  const keys = new Set(options.inputs.map(fileKey));
  const read = subjectReader(options);
  const outcomes = new Map<SourceText, Outcome>();
  for (const input of sources) {
    const source = read(input);
    const includes = [...includedKeys(source)].filter((key) => keys.has(key));
    const opened = () => openRead([source], [source.source], options.conventions);
    outcomes.set(input, includes.length > 0 ? { includes } : inspect(subjectOf(opened(), options)));
  }
  return outcomes;
}

function includedBy(outcomes: Iterable<Outcome>): Set<string> {
  return new Set([...outcomes].flatMap((each) => ('includes' in each ? each.includes : [])));
}
