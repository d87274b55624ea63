/**
 * What decides whether text is code, as far as several runs of one source tell it: decisions, each the outcome of a
 * condition, and the settings that they depend on.
 */
import type { SourceText } from '../syntax/source.ts';
import type { PreprocessCache } from './cache.ts';
import { conditionOf } from './condition.ts';
import { branchAt } from './conditional-macros.ts';
import type { ConfiguredRun } from './configurations.ts';
import { definedNames, replacementOf, segmentOf, variedNames } from './settings.ts';
import { type ConditionalBranch, type ConditionalGroup, isGuard } from './structure.ts';

/** A branch that must be taken. Branches behind the same conditions on the same names are one decision. */
export interface Decision {
  /** What it depends on: names that conditions test or, where they do not tell, the decision itself. */
  readonly settings: readonly string[];
  /** By run: whether the branch was taken; undefined where its #if was not met. */
  readonly taken: readonly (boolean | undefined)[];
}

export interface Deciding {
  /** The decisions that the text at an offset depends on. */
  at(file: SourceText, offset: number): readonly Decision[];
  /** By run: the value of a setting. */
  values(setting: string): readonly string[];
  /** Whether the runs have had every value of a setting that conditions can tell from the others. */
  isComplete(setting: string): boolean;
}

/**
 * @param runs of one source
 * @param cache the one that they have used
 * @param isLocal files that may define the names that conditions test in other ways in different runs
 */
export function decidingSettings(
  runs: readonly ConfiguredRun[],
  cache: PreprocessCache,
  isLocal: (file: SourceText) => boolean,
): Deciding {
  const structures = [...new Set(runs.flatMap(({ result }) => result.files))].filter(isLocal).map(cache.structure);
  const changing = new Set(structures.flatMap(definedNames));
  const varied = variedNames(structures, runs[0]!.result);
  const forced = new Set(
    runs.flatMap(({ configuration }) => [...configuration.forced.keys()].map(({ group }) => group)),
  );
  const met = groupsMet(runs);
  const valuesOf = new Map<string, readonly string[]>();
  const byKey = new Map<string, Decision & { readonly taken: (boolean | undefined)[] }>();
  const byBranch = new Map<ConditionalBranch, Decision>();

  function values(setting: string): readonly string[] {
    const known = valuesOf.get(setting) ?? runs.map((run) => nameValue(run, setting));
    valuesOf.set(setting, known);
    return known;
  }

  /** Whether the names that a group tests, which have one value in a run, say which branch is taken. */
  function isNamed(group: ConditionalGroup): boolean {
    return !forced.has(group) && !testedNames(cache, group).some((name) => changing.has(name));
  }

  function decisionOf(branch: ConditionalBranch): Decision {
    const { group } = branch;
    const own = `${group.file.name}:${branch.start}`;
    const named = isNamed(group);
    const key = named ? conditionsOf(branch) : own;
    const taken = takenByRun(met.get(group), branch);
    const known = byKey.get(key);
    if (known === undefined) {
      if (!named) valuesOf.set(own, taken.map(String));
      const settings = (named ? testedNames(cache, group) : [own]).filter((each) => new Set(values(each)).size > 1);
      const decision = { settings, taken };
      byKey.set(key, decision);
      return decision;
    }
    taken.forEach((outcome, run) => {
      known.taken[run] ??= outcome;
    });
    return known;
  }

  function takenByRun(passages: ReadonlyMap<number, number> | undefined, branch: ConditionalBranch) {
    const index = branch.group.branches.indexOf(branch);
    return runs.map((_, run) => {
      const passage = passages?.get(run);
      return passage === undefined ? undefined : passage === index;
    });
  }

  // All of them at once: what a decision was in each run is known when every group behind its conditions was looked at.
  for (const group of met.keys())
    if (!isGuard(cache.structure(group.file), group))
      for (const branch of group.branches) byBranch.set(branch, decisionOf(branch));

  return {
    at: (file, offset) => {
      const decisions = new Set<Decision>();
      for (let branch = branchAt(cache.structure(file).groups, offset); branch !== null; branch = branch.group.parent) {
        const decision = byBranch.get(branch);
        if (decision !== undefined) decisions.add(decision);
      }
      return [...decisions];
    },
    values,
    isComplete: (setting) => {
      const had = values(setting);
      const possible = varied.get(setting);
      // Names that only other headers test are not varied: what else they may be is not known.
      if (possible === undefined) return setting.includes(':');
      return possible.every((value) => had.includes(value ?? NOT_SET));
    },
  };
}

const NOT_SET = 'not set';

function nameValue({ configuration, result }: ConfiguredRun, name: string): string {
  const fixed = configuration.fixed.get(name);
  return (fixed === undefined ? replacementOf(result.macros.get(name)) : fixed) ?? NOT_SET;
}

/** Every group that a run has met, and by run the branch taken; of a group met several times, the last time. */
function groupsMet(runs: readonly ConfiguredRun[]): Map<ConditionalGroup, Map<number, number>> {
  const met = new Map<ConditionalGroup, Map<number, number>>();
  runs.forEach(({ result }, run) => {
    for (const { group, taken } of result.conditionals) {
      const passages = met.get(group) ?? new Map<number, number>();
      met.set(group, passages.set(run, taken));
    }
  });
  return met;
}

/** The conditions of a branch and of those before it, by which it is taken or not. */
function conditionsOf({ group, keyword, start }: ConditionalBranch): string {
  const before = group.branches.filter((branch) => branch.start <= start);
  return `${before.map((branch) => `${branch.keyword} ${branch.expression.trim()}`).join('\n')}\n${keyword}`;
}

function testedNames(cache: PreprocessCache, { file, branches }: ConditionalGroup): string[] {
  const structure = cache.structure(file);
  const names = branches.flatMap((branch) =>
    branch.keyword === 'else' ? [] : conditionOf(file, segmentOf(structure, branch)).names,
  );
  return [...new Set(names)];
}
