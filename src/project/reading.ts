/** Preprocesses the sources of a call one by one, each under the configurations that the command looks at. */
import { posix } from 'node:path';
import { createCache, type PreprocessCache, withOwn } from '../preprocess/cache.ts';
import type { Host } from '../preprocess/host.ts';
import type { PresenceConditions } from '../preprocess/presence-conditions.ts';
import type { ConditionalBranch } from '../preprocess/structure.ts';
import type { ConfiguredRun } from '../preprocess/study.ts';
import type { Command, PreprocessOptions } from '../preprocess/types.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { cutWhole } from '../syntax/file-tokens.ts';
import type { SourceText } from '../syntax/source.ts';
import { includedSites } from './assembler-includes.ts';
import { fileKey } from './files.ts';
import { isBeside } from './siteless.ts';
import { type Known, maySpellSite, siteWords } from './words.ts';

export interface SourceOptions {
  /** The files named in the call: sources, and headers that sources of the call include. */
  readonly inputs: readonly SourceText[];
  readonly includeDirs: readonly string[];
  /** How many of them are searched for `"x"` only; left out: none. */
  readonly quoteDirs?: number | undefined;
  readonly commands: readonly Command[];
  /** A missing header is an error. */
  readonly strict: boolean;
  /** See `PreprocessOptions`. */
  readonly keeps?: PreprocessOptions['keeps'];
  /** Reads headers; the texts of `inputs` take precedence. */
  readonly host: Host;
  /** What earlier readings of the same headers have found; left out: nothing. It must know the inputs. */
  readonly cache?: PreprocessCache;
  /** Called with each source before it is read. */
  readonly onRead?: ((source: SourceText) => void) | undefined;
}

/** Options of a run whose structures outlive it. */
export type SharedOptions = PreprocessOptions & { readonly cache: PreprocessCache };

/** A -D or -U whose name conditions test. */
export interface TestedFlag {
  readonly command: Command;
  /** Whether they test its value, and not only whether it is defined. */
  readonly byValue: boolean;
}

/** The runs that a source is looked at in. */
export interface ChosenRuns {
  readonly runs: readonly ConfiguredRun[];
  /** Indices of runs, together where they give the same code, so that it need be analysed only once. */
  readonly variants: readonly (readonly number[])[];
  /** What decides which run has which code, where they are analysed as one; null where each variant stands for itself. */
  readonly presence: PresenceConditions | null;
  /** By branch of an #if: whether its condition holds, where that is no choice. */
  readonly decided: ReadonlyMap<ConditionalBranch, boolean>;
  /** The -D and -U that conditions of the source depend on: for other values of their names nothing was looked at. */
  readonly restsOn: readonly TestedFlag[];
  /** False when there are more combinations than were tried. */
  readonly complete: boolean;
}

/** Which runs a command looks at (runs.ts). */
export type ChooseRuns = (source: SourceText, base: SharedOptions) => ChosenRuns;

export interface ReadSource extends ChosenRuns {
  readonly source: SourceText;
}

/**
 * A way to preprocess the sources of a call. Headers are read once for all; a source's own tokens go with it. Of a file that may
 * have sites there will be a tree, which shares its tokens.
 *
 * @param macros lines of `#define` that hold before anything else
 */
export function sourceReader(
  options: SourceOptions & { readonly operations: Known },
  macros: SourceText,
  chooseRuns: ChooseRuns,
): (source: SourceText) => ReadSource {
  const { inputs, includeDirs, quoteDirs, commands, strict, keeps, onRead, cache = createCache(inputs) } = options;
  const texts = new Map(inputs.map((input) => [fileKey(input), input.text]));
  const host: Host = { read: (path) => texts.get(posix.normalize(path)) ?? options.host.read(path) };
  const base = { includeDirs, quoteDirs, commands, strict, host, macros, ...(keeps && { keeps }) };
  const assembled = (source: SourceText, runs: readonly ConfiguredRun[]) => {
    const words = siteWords(options.operations);
    return runs.flatMap(({ result }) => includedSites(source, result.tokens, { host, includeDirs }, words));
  };
  return (source) => {
    onRead?.(source);
    const isLocal = isBeside(source);
    const isShared = (file: SourceText) =>
      file.dialect === 'cpp' && isLocal(file) && maySpellSite(file, options.operations);
    const chosen = chooseRuns(source, { ...base, cache: cuttingWhole(withOwn(cache, [source]), isShared) });
    return { source, ...withErrors(chosen, assembled(source, chosen.runs)) };
  };
}

/** Runs, of which the first has errors that were found in all of them. */
function withErrors(chosen: ChosenRuns, errors: readonly Diagnostic[]): ChosenRuns {
  if (errors.length === 0) return chosen;
  const [{ configuration, result }, ...others] = chosen.runs as [ConfiguredRun, ...ConfiguredRun[]];
  const first = { configuration, result: { ...result, diagnostics: [...result.diagnostics, ...errors] } };
  return { ...chosen, runs: [first, ...others] };
}

/** The same cache, but that some files are cut as a whole before anybody asks for a part of them. */
function cuttingWhole(cache: PreprocessCache, isShared: (file: SourceText) => boolean): PreprocessCache {
  const seen = new Set<SourceText>();
  return {
    ...cache,
    structure(file) {
      if (!seen.has(file) && isShared(file)) cutWhole(file);
      seen.add(file);
      return cache.structure(file);
    },
  };
}

/** Reads the sources of a call. A file that another one includes is read there; alone it has no context. */
export function readInputs(
  inputs: readonly SourceText[],
  read: (source: SourceText) => ReadSource,
): readonly ReadSource[] {
  const sources = new Map<SourceText, ReadSource>();
  const included = new Set<string>();
  // Headers last: by then it is mostly known that they are included, and they need no runs of their own.
  for (const source of [...inputs].sort((a, b) => Number(isHeader(a)) - Number(isHeader(b)))) {
    if (included.has(fileKey(source))) continue;
    const one = read(source);
    for (const key of includedKeys(one)) included.add(key);
    sources.set(source, one);
  }
  return inputs.flatMap((source) => {
    const one = sources.get(source);
    return one === undefined || included.has(fileKey(source)) ? [] : [one];
  });
}

export function isHeader({ name }: SourceText): boolean {
  return name.endsWith('.h');
}

/** The keys of the files that a source includes, itself left out. */
export function includedKeys({ source, runs }: ReadSource): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { result } of runs)
    for (const { resolved } of result.includes) if (resolved !== undefined) keys.add(fileKey(resolved));
  keys.delete(fileKey(source));
  return keys;
}
