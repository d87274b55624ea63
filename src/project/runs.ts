/**
 * Which runs of the preprocessor a source is looked at in: `rewrite` and its kin must know what holds in every
 * configuration, `check` looks at those that it is asked for.
 */
import type { Config } from '../config/config.ts';
import { allConfigurations, readSetting } from '../preprocess/configurations.ts';
import { coveringRuns } from '../preprocess/covering-runs.ts';
import { type Decided, decidedConditions } from '../preprocess/fixed-conditions.ts';
import { mayDependOn } from '../preprocess/mention.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import { decidingSettings } from '../preprocess/presence-conditions.ts';
import { definedNames, localGroups, segmentOf } from '../preprocess/settings.ts';
import { conditionOf } from '../preprocess/structure.ts';
import { type Configuration, type ConfiguredRun, configured } from '../preprocess/study.ts';
import type { PreprocessOptions } from '../preprocess/types.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';
import { readableByCpp } from './files.ts';
import type { ChooseRuns, ChosenRuns, SharedOptions, TestedFlag } from './reading.ts';
import { filesBeside, isBeside } from './siteless.ts';
import { mayPaste, spellsSite } from './words.ts';

const AS_GIVEN: Configuration = { name: '', fixed: new Map(), forced: new Map() };

export interface CoveringOptions {
  /** Analyse every combination of the conditions that the files test, not only a few that reach every branch. */
  readonly everyConfiguration?: boolean;
  /** Further configurations that registers must be free in, and sites be met in: sets of -D and -U flags by name. */
  readonly configurations?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The run as given first; with it those that reach every #if branch of the source and of the headers beside it, to be
 * taken together; those that the call names; and, if every one is asked for and can be had, every combination of the
 * conditions.
 *
 * @param words without one of them there is no site (words.ts)
 */
export function coveringRunsOf(
  words: ReadonlySet<string>,
  { everyConfiguration = false, configurations = new Map() }: CoveringOptions,
): ChooseRuns {
  return (source, base) => {
    const given = preprocess(readableByCpp(source), base);
    const isLocal = isBeside(source);
    const alone: ConfiguredRun = { configuration: AS_GIVEN, result: given };
    const decidedIn = (runs: readonly ConfiguredRun[]) => decidedUnder(source, base, runs, isLocal);
    const only = (decided: ChosenRuns['decided']): ChosenRuns => ({
      ...{ runs: [alone], variants: [[0]], presence: null, restsOn: [], complete: true },
      decided,
    });
    if (source.dialect === 'gas') return only(new Map());
    const named = [...configurations].map(([name, flags]): ConfiguredRun => {
      const configuration = { name, fixed: readSetting(flags), forced: new Map() };
      return { configuration, result: preprocess(source, configured(base, configuration)) };
    });
    // Branches of files that cannot hold a site need no run of their own.
    const files = [given, ...named.map(({ result }) => result)].flatMap((result) => filesBeside(source, result, base));
    if (!files.some((file) => spellsSite(file, words) || mayPaste(file))) return only(decidedIn([alone]).conditions);
    const found = coveringRuns(source, base, isLocal, given);
    // It says that there are too many: nothing is built, and what decides between them would take as long as to build.
    if (found[0]!.result !== given) return { ...only(new Map()), runs: [found[0]!] };
    const covering = accepted(found);
    const all = everyConfiguration ? allConfigurations(source, base, isLocal) : null;
    const others = all === null ? [] : accepted(all.runs).slice(1);
    const runs = [...covering, ...others, ...accepted([alone, ...named]).slice(1)];
    const decided = decidedIn(runs);
    const { conditions, settled } = decided;
    return {
      runs,
      variants: runs.map((_, run) => [run]),
      presence: all?.complete === true ? null : decidingSettings(runs, base.cache, isLocal, settled),
      decided: conditions,
      restsOn: flagsTested(base, decided),
      complete: all === null || all.complete,
    };
  };
}

/** Conditions that are no choice, less those that have another value in a configuration which the call names. */
function decidedUnder(
  source: SourceText,
  base: SharedOptions,
  runs: readonly ConfiguredRun[],
  isLocal: (file: SourceText) => boolean,
): Decided {
  const entered = new Set(runs.flatMap(({ result }) => result.files));
  const { conditions, ...others } = decidedConditions(source, base, entered, isLocal);
  const left = new Map(conditions);
  for (const { result } of runs)
    for (const { group, values } of result.conditionals)
      for (const [at, value] of values.entries()) {
        const branch = group.branches[at]!;
        if (value !== undefined && left.get(branch) !== value) left.delete(branch);
      }
  return { conditions: left, ...others };
}

/** The -D and -U that have settled what conditions of the source and of headers beside it test. */
function flagsTested({ cache, commands }: SharedOptions, { files, settled }: Decided): readonly TestedFlag[] {
  const structures = [...files].map((file) => cache.structure(file));
  const own = new Set(structures.flatMap(definedNames));
  const byValue = new Map<string, boolean>();
  for (const structure of structures)
    for (const branch of localGroups(structure).flatMap(({ branches }) => branches)) {
      if (branch.keyword === 'else') continue;
      const { names, terms } = conditionOf(structure.file, segmentOf(structure, branch));
      for (const name of names) byValue.set(name, byValue.get(name) === true || terms === null);
    }
  const tested = new Map<string, TestedFlag>();
  for (const command of commands) {
    if (command.kind === 'include' || command.kind === 'assembly') continue;
    const name = command.kind === 'undef' ? command.name : /^\w*/.exec(command.text)![0];
    const isTested = settled.has(name) && byValue.has(name) && !own.has(name);
    if (isTested) tested.set(name, { command, byValue: byValue.get(name)! });
  }
  return [...tested.values()];
}

/** The base run, and those others that the files do not refuse by an #error. */
function accepted([base, ...others]: readonly ConfiguredRun[]): ConfiguredRun[] {
  return [base!, ...others.filter(({ result }) => !result.diagnostics.some(({ severity }) => severity === 'error'))];
}

/** The configurations that pvasm.toml or the call lists; the one as given where there are none; or all. */
export function listedRunsOf(configs: Config['configs']): ChooseRuns {
  return (source, base) => {
    const readable = readableByCpp(source);
    const { runs, complete } =
      configs === 'all'
        ? allConfigurations(readable, base)
        : { runs: listedRuns(readable, base, configs), complete: true };
    const { conditions: decided } = decidedUnder(readable, base, runs, isBeside(source));
    return { runs, variants: runsAlike(runs), presence: null, decided, restsOn: [], complete };
  };
}

function listedRuns(
  source: SourceText,
  base: PreprocessOptions,
  configs: Exclude<Config['configs'], 'all'>,
): readonly ConfiguredRun[] {
  const named = [...configs].map(([name, flags]) => ({ name, fixed: readSetting(flags), forced: new Map() }));
  const runs: ConfiguredRun[] = [];
  for (const configuration of named.length > 0 ? named : [AS_GIVEN]) {
    const options = configured(base, configuration);
    const before = runs.find((run) => comesOutAlike(run, configured(base, run.configuration), configuration.fixed));
    runs.push({ configuration, result: before?.result ?? preprocess(source, options) });
  }
  return runs;
}

/** Whether a run would be the same under another setting of its names: nothing in it depends on those that differ. */
function comesOutAlike(
  { configuration, result }: ConfiguredRun,
  options: PreprocessOptions,
  fixed: Configuration['fixed'],
): boolean {
  const before = configuration.fixed;
  if (before.size !== fixed.size || ![...before.keys()].every((name) => fixed.has(name))) return false;
  return [...fixed].every(([name, value]) => before.get(name) === value || !mayDependOn(result, options, name));
}

/** The indices of runs, those together that give the same tokens in the same places. */
function runsAlike(runs: readonly ConfiguredRun[]): readonly (readonly number[])[] {
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
