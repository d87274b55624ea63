/** Opens the files of a check: every source under every configuration asked for, with every vocabulary's macros. */

import type { Analysis } from '../analysis/analysis.ts';
import type { Config } from '../config/config.ts';
import type { Conventions } from '../config/conventions.ts';
import { createCache, type PreprocessCache, withOwn } from '../preprocess/cache.ts';
import { allConfigurations, type ConfiguredRun, configured, readSetting } from '../preprocess/configurations.ts';
import type { Host } from '../preprocess/host.ts';
import { mayDependOn } from '../preprocess/mention.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import type { Command, Preprocessed, PreprocessOptions } from '../preprocess/types.ts';
import { analyseTokens, makeUnit } from '../project/open.ts';
import { fileKey, Project, readableByCpp } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';
import { type Setting, settingsOf } from './configurations.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface CheckOptions {
  /** Sources, and headers that sources of the call include. */
  readonly inputs: readonly SourceText[];
  readonly includeDirs: readonly string[];
  readonly commands: readonly Command[];
  /** A missing header is an error. */
  readonly strict: boolean;
  readonly host: Host;
  /** What earlier checks of the same headers have read; left out: nothing. It must know the inputs. */
  readonly cache?: PreprocessCache;
  readonly conventions: Conventions;
  readonly vocabularies: readonly Vocabulary[];
  readonly configs: Config['configs'];
}

export interface OpenedCheck {
  readonly project: Project;
  /** What the configurations of each unit pin: a unit stands for all that give the same code. */
  readonly settings: ReadonlyMap<Unit, readonly Setting[]>;
  /** Of the first configuration of each source. */
  readonly diagnostics: readonly Diagnostic[];
  /** False when a source has more combinations than were tried. */
  readonly complete: boolean;
}

/** Reads and analyses all inputs, as one project. */
export function openCheck(options: CheckOptions): OpenedCheck {
  const read = sourceReader(options);
  const sources = new Map<SourceText, ReadSource>();
  const included = new Set<string>();
  // Headers last: by then it is mostly known that they are included, and they need no runs of their own.
  for (const source of [...options.inputs].sort((a, b) => Number(isHeader(a)) - Number(isHeader(b)))) {
    if (included.has(fileKey(source))) continue;
    const one = read(source);
    for (const key of includedKeys(one)) included.add(key);
    sources.set(source, one);
  }
  const own = options.inputs.filter((source) => sources.has(source) && !included.has(fileKey(source)));
  return openRead(
    own.map((source) => sources.get(source)!),
    options.inputs,
    options.conventions,
  );
}

/**
 * Analyses what was read, as one project.
 *
 * @param inputs the files of the call among those that were read, and headers
 */
export function openRead(
  sources: readonly ReadSource[],
  inputs: readonly SourceText[],
  conventions: Conventions,
): OpenedCheck {
  const units: Unit[] = [];
  const settings = new Map<Unit, readonly Setting[]>();
  const diagnostics: Diagnostic[] = [];
  for (const { source, runs } of sources) {
    const opened = openRuns(runs, conventions);
    diagnostics.push(...opened.diagnostics);
    for (const variant of opened.variants) {
      const unit = makeUnit(units.length, source, variant.name, variant.preprocessed, variant.analysis, conventions);
      units.push(unit);
      settings.set(unit, variant.settings);
    }
  }
  const complete = sources.every((each) => each.complete);
  return { project: new Project(inputs, units), settings, diagnostics, complete };
}

export function isHeader({ name }: SourceText): boolean {
  return name.endsWith('.h');
}

/** A source, preprocessed under every configuration asked for. */
export interface ReadSource {
  readonly source: SourceText;
  readonly runs: readonly ConfiguredRun[];
  /** False when there are more combinations than were tried. */
  readonly complete: boolean;
}

/** A way to preprocess the sources of a call one by one. Headers are read once for all; a source's own tokens go with it. */
export function sourceReader(options: CheckOptions): (source: SourceText) => ReadSource {
  const base = preprocessOptions(options);
  return (source) => {
    const readable = readableByCpp(source);
    const cache = withOwn(base.cache, [readable]);
    return { source, ...runsOf(readable, { ...base, cache }, options.configs) };
  };
}

/** The keys of the files that a source includes, itself left out. */
export function includedKeys({ source, runs }: ReadSource): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { result } of runs)
    for (const { resolved } of result.includes) if (resolved !== undefined) keys.add(fileKey(resolved));
  keys.delete(fileKey(source));
  return keys;
}

/** What the configurations of a source make of it. */
interface OpenedRuns {
  /** One for all configurations that give the same code. */
  readonly variants: readonly Variant[];
  /** Of the first configuration. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Variant {
  /** Its configurations in words. */
  readonly name: string;
  readonly settings: readonly Setting[];
  readonly preprocessed: Preprocessed;
  readonly analysis: Analysis;
}

/** Analyses what the runs of one source have given. What is the same in several is looked at once. */
function openRuns(runs: readonly ConfiguredRun[], conventions: Conventions): OpenedRuns {
  const all = settingsOf(runs);
  const diagnostics: Diagnostic[] = [...(runs[0]?.result.diagnostics ?? [])];
  const variants = sameCode(runs).map((alike, index): Variant => {
    const { result: preprocessed } = runs[alike[0]!]!;
    const { analysis, errors } = analyseTokens(preprocessed, conventions);
    if (index === 0) diagnostics.push(...errors);
    return {
      name: alike.map((run) => runs[run]!.configuration.name || 'as given').join('; or '),
      settings: alike.map((run) => all[run]!),
      preprocessed,
      analysis,
    };
  });
  return { variants, diagnostics };
}

/** The indices of runs, those together that give the same tokens in the same places. */
function sameCode(runs: readonly ConfiguredRun[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  runs.forEach(({ result }, index) => {
    const group = groups.find(([first]) => sameTokens(runs[first!]!.result.tokens, result.tokens));
    if (group === undefined) groups.push([index]);
    else group.push(index);
  });
  return groups;
}

function sameTokens(a: readonly Token[], b: readonly Token[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    const one = a[at]!;
    const other = b[at]!;
    if (one.start !== other.start || one.file !== other.file || one.text !== other.text) return false;
    if (one.use?.start !== other.use?.start || one.use?.file !== other.use?.file) return false;
  }
  return true;
}

function preprocessOptions({
  includeDirs,
  commands,
  strict,
  host,
  inputs,
  vocabularies,
  cache = createCache(inputs),
}: CheckOptions): PreprocessOptions & { readonly cache: PreprocessCache } {
  const [first] = vocabularies;
  const defines = vocabularies.map((vocabulary) => vocabulary.defines.text).join('');
  // Tokens of pvasm's own macros are known by the name of the text that defines them.
  const macros = new SourceText(first?.defines.name ?? '<macros>', defines);
  return { includeDirs, commands, strict, host, macros, cache };
}

function runsOf(
  source: SourceText,
  base: PreprocessOptions,
  configs: Config['configs'],
): Pick<ReadSource, 'runs' | 'complete'> {
  if (configs === 'all') return allConfigurations(source, base);
  const named = [...configs].map(([name, flags]) => ({ name, fixed: readSetting(flags), forced: new Map() }));
  const configurations = named.length > 0 ? named : [{ name: '', fixed: new Map(), forced: new Map() }];
  const runs: ConfiguredRun[] = [];
  for (const configuration of configurations) {
    const options = configured(base, configuration);
    const before = runs.find((run) => comesOutAlike(run, configured(base, run.configuration), configuration.fixed));
    runs.push({ configuration, result: before?.result ?? preprocess(source, options) });
  }
  return { runs, complete: true };
}

/** Whether a run would be the same under another setting of its names: nothing in it depends on those that differ. */
function comesOutAlike({ configuration, result }: ConfiguredRun, options: PreprocessOptions, fixed: Setting): boolean {
  const before = configuration.fixed;
  if (before.size !== fixed.size || ![...before.keys()].every((name) => fixed.has(name))) return false;
  return [...fixed].every(([name, value]) => before.get(name) === value || !mayDependOn(result, options, name));
}
