/**
 * What is known of the conditions of a file while runs over it are made: its own ones, and those of the headers that the caller
 * calls local; what other headers test is given.
 */
import type { SourceText } from '../syntax/source.ts';
import { createCache } from './cache.ts';
import { type Decided, decidedConditions, UNDECIDED } from './fixed-conditions.ts';
import { preprocess } from './preprocess.ts';
import { type Constraint, variedNames } from './settings.ts';
import type { ConditionalBranch, ConditionalGroup, FileStructure } from './structure.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/** What a run changes over the base run. */
export interface Configuration {
  /** `CONFIG_SMP=1, CONFIG_NUMA not set`; empty for the base run. */
  readonly name: string;
  readonly fixed: ReadonlyMap<string, string | null>;
  /** Branches decided against their condition (`#if 0`), where no name can do it. */
  readonly forced: ReadonlyMap<ConditionalBranch, boolean>;
}

export interface ConfiguredRun {
  readonly configuration: Configuration;
  readonly result: Preprocessed;
}

/** Whether a file is one whose conditions count; by default: found beside the main file, not through -I. */
export type IsLocal = (file: SourceText) => boolean;

/** The options of a run under a configuration. */
export function configured(options: PreprocessOptions, { fixed, forced }: Configuration): PreprocessOptions {
  if (fixed.size === 0 && forced.size === 0) return options;
  const merged = new Map([...(options.fixed ?? []), ...fixed]);
  if (forced.size === 0) return { ...options, fixed: merged };
  return { ...options, fixed: merged, decide: (branch) => forced.get(branch) ?? options.decide?.(branch) };
}

/** What is known of a file's local conditions after the base run. */
export interface Study {
  readonly file: SourceText;
  readonly options: PreprocessOptions;
  readonly base: ConfiguredRun;
  readonly isLocal: IsLocal;
  /** The main file and the headers found beside it so far. */
  readonly beside: Set<SourceText>;
  readonly structures: FileStructure[];
  /** Conditions that are no choice. */
  decided: Decided;
  /** All files that runs have entered so far. */
  readonly entered: Set<SourceText>;
  /** The names that may be varied, with the values that matter, that of the base run first. */
  readonly values: Map<string, readonly (string | null)[]>;
  /** By group and branch, as far as asked for since `values` has changed. */
  readonly requirements: Map<ConditionalGroup, Map<number, readonly Requirement[]>>;
  /** What should be seen, as far as so many structures tell. */
  targets: { readonly structures: number; readonly list: readonly CoverageGoal[] };
}

/** How a group comes out. */
export type Outcome = Pick<BranchTarget, 'group' | 'taken'>;

/** A branch to be seen; `taken` is -1 for the absence of all branches of a group without #else. */
export interface BranchTarget {
  readonly group: ConditionalGroup;
  readonly taken: number;
  /** Its `targetKey`. */
  readonly key: string;
}

/** Branches to be seen in one run. */
export type CoverageGoal = readonly BranchTarget[];

/** A condition that must hold, or must not, for a target to be active. */
export interface Requirement {
  readonly branch: ConditionalBranch;
  readonly desired: boolean;
  /** Its outcome where nothing can change it; else null. */
  readonly given: boolean | null;
  /** What names must be for it; none where it must be forced. */
  readonly ways: readonly (readonly Constraint[])[];
}

export function studyFile(file: SourceText, base: PreprocessOptions, isLocal?: IsLocal, given?: Preprocessed): Study {
  const options = base.cache === undefined ? { ...base, cache: createCache([file]) } : base;
  const result = given ?? preprocess(file, options);
  const beside = new Set([file]);
  const local = isLocal ?? ((other: SourceText) => beside.has(other));
  const configuration: Configuration = { name: '', fixed: new Map(), forced: new Map() };
  const study: Study = {
    file,
    options,
    base: { configuration, result },
    isLocal: local,
    beside,
    structures: [],
    decided: UNDECIDED,
    entered: new Set(),
    values: new Map(),
    requirements: new Map(),
    targets: { structures: 0, list: [] },
  };
  learn(study, result);
  return study;
}

/** Takes in the files that a run has entered and no run before it. */
export function learn(study: Study, result: Preprocessed): void {
  const { beside, entered, file, options, structures } = study;
  for (const { local, resolved } of result.includes) if (local && resolved !== undefined) beside.add(resolved);
  const fresh = result.files.filter((each) => !entered.has(each));
  if (fresh.length === 0) return;
  for (const each of fresh) entered.add(each);
  structures.push(...fresh.filter((each) => study.isLocal(each)).map((each) => options.cache!.structure(each)));
  study.requirements.clear();
  study.decided = decidedConditions(file, options, entered, study.isLocal);
  study.values.clear();
  const varied = variedNames(structures, study.base.result, study.decided.settled);
  for (const [name, values] of varied) study.values.set(name, values);
}

export function runUnder({ decided, file, options }: Study, configuration: Configuration): ConfiguredRun {
  const settings = configured(options, configuration);
  // Where a condition is forced, names are not what it says they are: what is decided stays so.
  const decide = settings.decide && ((branch: ConditionalBranch) => decideOr(settings, decided, branch));
  return { configuration, result: preprocess(file, decide === undefined ? settings : { ...settings, decide }) };
}

function decideOr({ decide }: PreprocessOptions, { conditions }: Decided, branch: ConditionalBranch) {
  return decide?.(branch) ?? conditions.get(branch);
}

export function targetKey({ group: { file, branches }, taken }: Outcome): string {
  return `${file.name}:${branches[0]!.start}:${taken}`;
}

/** `A=1, B not set`, and the conditions forced. */
export function nameOf(
  fixed: ReadonlyMap<string, string | null>,
  forced: ReadonlyMap<ConditionalBranch, boolean>,
): string {
  const names = [...fixed].map(([name, value]) =>
    value === null ? `${name} not set` : value === '' ? `${name} set` : `${name}=${value}`,
  );
  const places = [...forced].map(([{ group, keyword, start, expression }, value]) => {
    const { line } = group.file.position(start);
    return `#${keyword} ${expression} at ${group.file.name}:${line} taken as ${value}`;
  });
  return [...names, ...places].join(', ');
}
