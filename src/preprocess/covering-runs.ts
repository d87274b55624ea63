/** A few runs that together show all code of a file. */
import type { SourceText } from '../syntax/source.ts';
import { conditionalUses } from './conditional-macros.ts';
import { type Constraint, localGroups, solve } from './settings.ts';
import { type ConditionalBranch, type ConditionalGroup, type FileStructure, isGuard } from './structure.ts';
import {
  type BranchTarget,
  type ConfiguredRun,
  type CoverageGoal,
  type IsLocal,
  learn,
  nameOf,
  type Outcome,
  type Requirement,
  runUnder,
  type Study,
  studyFile,
  targetKey,
} from './study.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/** More runs than this are not made: each is an analysis of the whole source. Linux's sources need three. */
const MOST_RUNS = 128;

/**
 * A few runs, the base run first, that together make every branch of every local #if active, and each #if without #else
 * once inactive; and a branch that uses a macro which another #if defines, with each of its definitions. Names are set where
 * a condition asks for a name, so that all its uses agree; other conditions are forced. If that would take too many runs, the base
 * run has an error that says so.
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
  const isSeen = (target: CoverageGoal) =>
    target.length === 1 ? seen.has(target[0]!.key) : outcomes.some((keys) => target.every(({ key }) => keys.has(key)));
  /** Keeps a run that covers something which no earlier one does. */
  const look = (run: ConfiguredRun): boolean => {
    learn(study, run.result);
    // A header that this run was the first to enter may define such a name itself, so the search for branches is repeated.
    if ([...run.configuration.fixed.keys()].some((name) => !study.values.has(name))) return false;
    const keys = new Set(run.result.conditionals.map(targetKey));
    const isNew = (target: CoverageGoal) => !isSeen(target) && target.every(({ key }) => keys.has(key));
    if (runs.length > 0 && !targets(study).some(isNew)) return false;
    outcomes.push(keys);
    for (const key of keys) seen.add(key);
    runs.push(run);
    return true;
  };
  look(study.base);
  const exclusive = study.structures.flatMap(localGroups).find((group) => openBranches(study, group) > MOST_RUNS);
  if (exclusive !== undefined) return refused(runs, { group: exclusive, taken: MOST_RUNS });
  for (const force of [false, true]) {
    // Two conditions that contradict each other are not forced to hold together.
    const unseen = () => targets(study).filter((target) => !isSeen(target) && !(force && target.length > 1));
    for (let waiting = unseen(); waiting.length > 0; ) {
      const draft = { fixed: new Map<string, string | null>(), forced: new Map<ConditionalBranch, boolean>() };
      const later = waiting.filter((target) => !addTarget(study, draft, target, force));
      if (later.length === waiting.length) break;
      if (runs.length >= MOST_RUNS) return refused(runs, waiting[0]![0]!);
      const { length } = study.structures;
      look(runUnder(study, { name: nameOf(draft.fixed, draft.forced), ...draft }));
      waiting = study.structures.length === length ? later.filter((target) => !isSeen(target)) : unseen();
    }
  }
  return runs;
}

/** The runs, of which the first has an error at a branch that none of them shows. */
function refused([base, ...others]: readonly ConfiguredRun[], { group, taken }: Outcome): ConfiguredRun[] {
  const { result, configuration } = base!;
  const { start, end } = group.branches[taken] ?? group.branches[0]!;
  const message = `more than ${MOST_RUNS} configurations are needed to see the code behind each #if; -D and -U can decide some`;
  const error = { severity: 'error', message, file: group.file, start, end } as const;
  return [{ configuration, result: { ...result, diagnostics: [...result.diagnostics, error] } }, ...others];
}

/** The branches of a group that nothing decides: no two of them are ever in one run. */
function openBranches({ decided }: Study, { branches }: ConditionalGroup): number {
  return branches.filter((branch) => !decided.conditions.has(branch)).length;
}

/** All coverage goals. */
function targets(study: Study): readonly CoverageGoal[] {
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

/** The outcomes of a group. A branch with an #error in it is one that its author has ruled out. */
function outcomesOf(structure: FileStructure, group: ConditionalGroup): BranchTarget[] {
  const all = group.branches
    .map((_, taken) => branchTarget(group, taken))
    .filter(({ taken }) => !refuses(structure, group.branches[taken]!));
  return group.branches.at(-1)!.keyword === 'else' ? all : [...all, branchTarget(group, -1)];
}

function branchTarget(group: ConditionalGroup, taken: number): BranchTarget {
  return { group, taken, key: targetKey({ group, taken }) };
}

/** Whether a branch directly contains an #error, not only in a branch within it. */
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

interface Draft {
  readonly fixed: Map<string, string | null>;
  readonly forced: Map<ConditionalBranch, boolean>;
}

/** Adds what makes a target active to a draft; false, and the draft unchanged, when it contradicts what is there. */
function addTarget(study: Study, draft: Draft, target: CoverageGoal, force: boolean): boolean {
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

/** Values of names that satisfy one alternative of each requirement; null when there are none, or the search gave up. */
function settle(study: Study, draft: Draft, wanted: readonly (readonly (readonly Constraint[])[])[]): Settings | null {
  const settings: Settings = new Map();
  let trials = 0;
  const satisfy = (index: number): boolean => {
    if (index === wanted.length) return true;
    for (const way of wanted[index]!) {
      if (++trials > TRIAL_LIMIT) return false;
      const before = way.map(({ name }) => [name, settings.get(name)] as const);
      if (way.every((constraint) => narrow(study, draft, settings, constraint)) && satisfy(index + 1)) return true;
      // Backwards, for a way may have two constraints on one name.
      for (const [name, values] of before.reverse()) {
        if (values === undefined) settings.delete(name);
        else settings.set(name, values);
      }
    }
    return false;
  };
  return satisfy(0) ? settings : null;
}

/** Takes away the values that a constraint does not accept; false when none is left. */
function narrow(study: Study, draft: Draft, settings: Settings, { name, accepts }: Constraint): boolean {
  const values =
    settings.get(name) ?? (draft.fixed.has(name) ? [draft.fixed.get(name) ?? null] : study.values.get(name)!);
  const left = values.filter((value) => accepts(value));
  settings.set(name, left);
  return left.length > 0;
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
