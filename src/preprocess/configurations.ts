/**
 * Configurations: settings of the names that a file's own conditions test, so that code in every #if branch is seen.
 * "Own" are the main file and the headers that the caller calls local; what other headers test is given.
 */

import type { SourceText } from '../syntax/source.ts';
import { createCache } from './cache.ts';
import { conditionalUses } from './conditional-macros.ts';
import { type Decided, decidedConditions, UNDECIDED } from './fixed-conditions.ts';
import { preprocess } from './preprocess.ts';
import { type Constraint, localGroups, segmentOf, solve, variedNames } from './settings.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  conditionOf,
  type FileStructure,
  isGuard,
} from './structure.ts';
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

/** More combinations than this are not tried; `complete` is false then. */
const RUN_LIMIT = 4096;

/** A set of -D and -U flags as a setting. */
export function readSetting(flags: readonly string[]): Configuration['fixed'] {
  return new Map(
    flags.map((flag) => {
      const [name = '', ...value] = flag.slice(2).split('=');
      return [name, flag.startsWith('-U') ? null : value.length > 0 ? value.join('=') : '1'];
    }),
  );
}

/** The options of a run under a configuration. */
export function configured(options: PreprocessOptions, { fixed, forced }: Configuration): PreprocessOptions {
  if (fixed.size === 0 && forced.size === 0) return options;
  const merged = new Map([...(options.fixed ?? []), ...fixed]);
  if (forced.size === 0) return { ...options, fixed: merged };
  return { ...options, fixed: merged, decide: (branch) => forced.get(branch) ?? options.decide?.(branch) };
}

/**
 * A few runs, the base run first, that together make every branch of every local #if active, and each #if without #else
 * once inactive; and a branch that uses a macro which another #if defines, with each of its definitions. Names are set where
 * a condition asks for a name, so that all its uses agree; other conditions are forced.
 *
 * @param given the base run, where the caller has it already; it must have used the cache of `base`
 */
export function coveringRuns(
  file: SourceText,
  base: PreprocessOptions,
  isLocal?: IsLocal,
  given?: Preprocessed,
): ConfiguredRun[] {
  const study = studyFile(file, base, isLocal, given);
  const runs: ConfiguredRun[] = [];
  const outcomes: ReadonlySet<string>[] = [];
  const seen = new Set<string>();
  const isSeen = (target: Target) =>
    target.length === 1 ? seen.has(target[0]!.key) : outcomes.some((keys) => target.every(({ key }) => keys.has(key)));
  /** Keeps a run that shows something new. */
  const look = (run: ConfiguredRun): boolean => {
    learn(study, run.result);
    const keys = new Set(run.result.conditionals.map(targetKey));
    const isNew = (target: Target) => !isSeen(target) && target.every(({ key }) => keys.has(key));
    if (runs.length > 0 && !targets(study).some(isNew)) return false;
    outcomes.push(keys);
    for (const key of keys) seen.add(key);
    runs.push(run);
    return true;
  };
  look(study.base);
  for (const force of [false, true]) {
    // Two conditions that contradict each other are not forced to hold together.
    const unseen = () => targets(study).filter((target) => !isSeen(target) && !(force && target.length > 1));
    for (let waiting = unseen(); waiting.length > 0; ) {
      const draft = { fixed: new Map<string, string | null>(), forced: new Map<ConditionalBranch, boolean>() };
      const later = waiting.filter((target) => !addTarget(study, draft, target, force));
      if (later.length === waiting.length) break;
      look(runUnder(study, { name: nameOf(draft.fixed, draft.forced), ...draft }));
      waiting = later.filter((target) => !isSeen(target));
    }
  }
  return runs;
}

/**
 * Every combination of the names that local conditions test, as far as it changes which local code is active: of
 * combinations that take the same branches only the first is kept, the base run first of all. A combination for which
 * the file has an #error is none.
 */
export function allConfigurations(
  file: SourceText,
  base: PreprocessOptions,
  isLocal?: IsLocal,
): { runs: ConfiguredRun[]; complete: boolean } {
  const study = studyFile(file, base, isLocal);
  const bySignature = new Map<string, ConfiguredRun>();
  let tried = 1;
  // A name is varied only where a condition on it is met: what stands in a skipped branch makes no combinations.
  const explore = (run: ConfiguredRun): void => {
    learn(study, run.result);
    const { fixed } = run.configuration;
    const name = firstOpenName(study, run.result, fixed);
    if (name === null) {
      const key = signature(study, run.result);
      if (!bySignature.has(key)) bySignature.set(key, run);
      return;
    }
    const [asIs, ...others] = study.values.get(name)!;
    // Held at the value it has anyway, a name changes nothing: the run need not be repeated.
    explore({ configuration: settled(fixed, name, asIs as string | null), result: run.result });
    for (const value of others) {
      if (tried++ >= RUN_LIMIT) return;
      const next = runUnder(study, settled(fixed, name, value));
      if (!isRefused(study, next)) explore(next);
    }
  };
  explore(study.base);
  return { runs: [...bySignature.values()], complete: tried < RUN_LIMIT };
}

/** A configuration with one name more. */
function settled(fixed: ReadonlyMap<string, string | null>, name: string, value: string | null): Configuration {
  const more = new Map(fixed).set(name, value);
  return { name: nameOf(more, new Map()), fixed: more, forced: new Map() };
}

/** What is known of a file's local conditions after the base run. */
interface Study {
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
  targets: { readonly structures: number; readonly list: readonly Target[] };
}

/** How a group comes out. */
type Outcome = Pick<BranchTarget, 'group' | 'taken'>;

/** A branch to be seen; `taken` is -1 for the absence of all branches of a group without #else. */
interface BranchTarget {
  readonly group: ConditionalGroup;
  readonly taken: number;
  /** Its `targetKey`. */
  readonly key: string;
}

/** Branches to be seen in one run. */
type Target = readonly BranchTarget[];

function studyFile(file: SourceText, base: PreprocessOptions, isLocal?: IsLocal, given?: Preprocessed): Study {
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
function learn(study: Study, result: Preprocessed): void {
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

function runUnder({ decided, file, options }: Study, configuration: Configuration): ConfiguredRun {
  const settings = configured(options, configuration);
  // Where a condition is forced, names are not what it says they are: what is decided stays so.
  const decide = settings.decide && ((branch: ConditionalBranch) => decideOr(settings, decided, branch));
  return { configuration, result: preprocess(file, decide === undefined ? settings : { ...settings, decide }) };
}

function decideOr({ decide }: PreprocessOptions, { conditions }: Decided, branch: ConditionalBranch) {
  return decide?.(branch) ?? conditions.get(branch);
}

/** All that should be seen. */
function targets(study: Study): readonly Target[] {
  if (study.targets.structures !== study.structures.length) {
    const { structures } = study;
    const alone = structures.flatMap((structure) =>
      localGroups(structure).flatMap((group) => outcomesOf(structure, group).map((part) => [part])),
    );
    const together = conditionalUses(structures).flatMap(({ definitions, use }) => {
      const structure = structures.find(({ file }) => file === definitions.file)!;
      const used = branchTarget(use.group, use.group.branches.indexOf(use));
      return outcomesOf(structure, definitions).map((part) => [used, part]);
    });
    study.targets = { structures: structures.length, list: [...alone, ...together] };
  }
  return study.targets.list;
}

/** How a group may come out. A branch with an #error in it is one that its author has ruled out. */
function outcomesOf(structure: FileStructure, group: ConditionalGroup): BranchTarget[] {
  const all = group.branches
    .map((_, taken) => branchTarget(group, taken))
    .filter(({ taken }) => !refuses(structure, group.branches[taken]!));
  return group.branches.at(-1)!.keyword === 'else' ? all : [...all, branchTarget(group, -1)];
}

function branchTarget(group: ConditionalGroup, taken: number): BranchTarget {
  return { group, taken, key: targetKey({ group, taken }) };
}

/** Whether an #error stands in a branch, not only in some branch within it. */
function refuses({ segments }: FileStructure, branch: ConditionalBranch): boolean {
  for (let index = branch.segment + 1; index < segments.length; index++) {
    const segment = segments[index]!;
    if (segment.kind === 'text') continue;
    if (segment.keyword === 'error') return true;
    if (segment.group === branch.group) return false;
    if (segment.group !== null && segment.branch === 0) index = segment.group.endSegment;
  }
  return false;
}

/** Whether a run met an #error of a local file that the base run did not meet. */
function isRefused(study: Study, { result }: ConfiguredRun): boolean {
  const errors = ({ diagnostics }: Preprocessed) =>
    diagnostics.filter(({ message, file }) => message.startsWith('#error') && study.isLocal(file)).length;
  return errors(result) > errors(study.base.result);
}

function targetKey({ group: { file, branches }, taken }: Outcome): string {
  return `${file.name}:${branches[0]!.start}:${taken}`;
}

interface Draft {
  readonly fixed: Map<string, string | null>;
  readonly forced: Map<ConditionalBranch, boolean>;
}

/** Adds what makes a target active to a draft; false, and the draft unchanged, when it contradicts what is there. */
function addTarget(study: Study, draft: Draft, target: Target, force: boolean): boolean {
  const open: (readonly (readonly Constraint[])[])[] = [];
  const forced = new Map(draft.forced);
  for (const part of target) {
    for (const { branch, desired, given, ways } of requirements(study, part)) {
      if (given !== null) {
        if (given !== desired) return false;
      } else if (!force && ways.length > 0) open.push(ways);
      else if ((forced.get(branch) ?? desired) !== desired) return false;
      else forced.set(branch, desired);
    }
  }
  const settings = settle(study, draft, open);
  if (settings === null) return false;
  for (const [name, [value]] of settings) draft.fixed.set(name, value as string | null);
  for (const [branch, desired] of forced) draft.forced.set(branch, desired);
  return true;
}

/** By name, the values that it may still have, the preferred one first. */
type Settings = Map<string, readonly (string | null)[]>;

/** Ways of requirements that are tried for one target; real conditions take a few dozen. */
const TRIAL_LIMIT = 10_000;

/** Values of names that meet one way of each requirement; null when there are none, or none is found in time. */
function settle(study: Study, draft: Draft, wanted: readonly (readonly (readonly Constraint[])[])[]): Settings | null {
  const settings: Settings = new Map();
  let trials = 0;
  const meet = (index: number): boolean => {
    if (index === wanted.length) return true;
    for (const way of wanted[index]!) {
      if (++trials > TRIAL_LIMIT) return false;
      const before = way.map(({ name }) => [name, settings.get(name)] as const);
      if (way.every((constraint) => narrow(study, draft, settings, constraint)) && meet(index + 1)) return true;
      // Backwards, for a way may have two constraints on one name.
      for (const [name, values] of before.reverse()) {
        if (values === undefined) settings.delete(name);
        else settings.set(name, values);
      }
    }
    return false;
  };
  return meet(0) ? settings : null;
}

/** Takes away the values that a constraint does not accept; false when none is left. */
function narrow(study: Study, draft: Draft, settings: Settings, { name, accepts }: Constraint): boolean {
  const values =
    settings.get(name) ?? (draft.fixed.has(name) ? [draft.fixed.get(name) ?? null] : study.values.get(name)!);
  const left = values.filter((value) => accepts(value));
  settings.set(name, left);
  return left.length > 0;
}

/** A condition that must hold, or must not, for a target to be active. */
interface Requirement {
  readonly branch: ConditionalBranch;
  readonly desired: boolean;
  /** Its outcome where nothing can change it; else null. */
  readonly given: boolean | null;
  /** What names must be for it; none where it must be forced. */
  readonly ways: readonly (readonly Constraint[])[];
}

/** The conditions for a target to be active; the outermost first. */
function requirements(study: Study, { group, taken }: Outcome): readonly Requirement[] {
  const ofGroup = study.requirements.get(group) ?? new Map<number, readonly Requirement[]>();
  const known = ofGroup.get(taken);
  if (known !== undefined) return known;
  const structure = study.structures.find(({ file }) => file === group.file)!;
  const around = outer(group);
  const before = around === null ? [] : requirements(study, around);
  const last = taken === -1 ? group.branches.length : taken + 1;
  const own = group.branches.slice(0, last).filter(({ keyword }) => keyword !== 'else');
  const made = isGuard(structure, group)
    ? before
    : [
        ...before,
        ...own.map((branch) => {
          const desired = branch === group.branches[taken];
          const given = study.decided.conditions.get(branch) ?? null;
          return {
            branch,
            desired,
            given,
            ways: given === null ? solve(structure, branch, desired, study.values) : [],
          };
        }),
      ];
  study.requirements.set(group, ofGroup.set(taken, made));
  return made;
}

function outer({ parent }: ConditionalGroup): Outcome | null {
  return parent === null ? null : { group: parent.group, taken: parent.group.branches.indexOf(parent) };
}

/** `A=1, B not set`, and the conditions forced. */
function nameOf(fixed: ReadonlyMap<string, string | null>, forced: ReadonlyMap<ConditionalBranch, boolean>): string {
  const names = [...fixed].map(([name, value]) =>
    value === null ? `${name} not set` : value === '' ? `${name} set` : `${name}=${value}`,
  );
  const places = [...forced].map(([{ group, keyword, start, expression }, value]) => {
    const { line } = group.file.position(start);
    return `#${keyword} ${expression} at ${group.file.name}:${line} taken as ${value}`;
  });
  return [...names, ...places].join(', ');
}

/** Which local branches a run took, as text to compare. */
function signature(study: Study, result: Preprocessed): string {
  return result.conditionals
    .filter(({ group }) => study.isLocal(group.file))
    .map(targetKey)
    .join();
}

/** The first name that a condition met in a run tests and that has no fixed value yet. */
function firstOpenName(study: Study, result: Preprocessed, fixed: ReadonlyMap<string, string | null>): string | null {
  for (const { group } of result.conditionals) {
    const structure = study.structures.find(({ file }) => file === group.file);
    if (structure === undefined) continue;
    for (const branch of group.branches) {
      if (branch.keyword === 'else') continue;
      const open = conditionOf(structure.file, segmentOf(structure, branch)).names.find(
        (name) => study.values.has(name) && !fixed.has(name),
      );
      if (open !== undefined) return open;
    }
  }
  return null;
}
