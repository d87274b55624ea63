/**
 * The presence conditions of text, as in software product lines (Apel et al., Feature-Oriented Software Product Lines,
 * 2013), as far as several runs of one source tell them: decisions, each the outcome of a condition, and the settings that
 * they depend on.
 */

import type { SourceText } from '../syntax/source.ts';
import type { PreprocessCache } from './cache.ts';
import { branchAt } from './conditional-macros.ts';
import { definedNames, replacementOf, segmentOf, variedNames } from './settings.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  conditionOf,
  type FileStructure,
  isGuard,
} from './structure.ts';
import type { ConfiguredRun } from './study.ts';

/** A branch that must be taken. Branches behind the same conditions on the same names are one decision. */
export interface Decision {
  /** What it depends on: names that conditions test or, where they do not tell, the decision itself. */
  readonly settings: readonly string[];
  /** By run: whether the branch was taken; undefined where its #if was not met. */
  readonly taken: readonly (boolean | undefined)[];
}

export interface PresenceConditions {
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
 * @param settled names that no configuration varies (fixed-conditions.ts)
 */
export function decidingSettings(
  runs: readonly ConfiguredRun[],
  cache: PreprocessCache,
  isLocal: (file: SourceText) => boolean,
  settled: ReadonlySet<string>,
): PresenceConditions {
  const structures = [...new Set(runs.flatMap(({ result }) => result.files))].filter(isLocal).map(cache.structure);
  return new Decisions(runs, cache, structures, settled);
}

class Decisions implements PresenceConditions {
  readonly #runs: readonly ConfiguredRun[];
  readonly #cache: PreprocessCache;
  /** Names that local files define themselves: what one is where it is tested is not told by what it is in the end. */
  readonly #changing: ReadonlySet<string>;
  readonly #varied: ReadonlyMap<string, readonly (string | null)[]>;
  readonly #forced: ReadonlySet<ConditionalGroup>;
  readonly #values = new Map<string, readonly string[]>();
  /** Settings that are the outcome of a decision. */
  readonly #outcomes = new Set<string>();
  readonly #byBranch = new Map<ConditionalBranch, Decision>();

  constructor(
    runs: readonly ConfiguredRun[],
    cache: PreprocessCache,
    structures: readonly FileStructure[],
    settled: ReadonlySet<string>,
  ) {
    this.#runs = runs;
    this.#cache = cache;
    this.#changing = new Set(structures.flatMap(definedNames));
    this.#varied = variedNames(structures, runs[0]!.result, settled);
    this.#forced = new Set(
      runs.flatMap(({ configuration }) => [...configuration.forced.keys()].map(({ group }) => group)),
    );
    this.#decideAll();
  }

  at(file: SourceText, offset: number): readonly Decision[] {
    const decisions = new Set<Decision>();
    let branch = branchAt(this.#cache.structure(file).groups, offset);
    for (; branch !== null; branch = branch.group.parent) {
      const decision = this.#byBranch.get(branch);
      if (decision !== undefined) decisions.add(decision);
    }
    return [...decisions];
  }

  values(setting: string): readonly string[] {
    const known = this.#values.get(setting) ?? this.#runs.map((run) => nameValue(run, setting));
    this.#values.set(setting, known);
    return known;
  }

  isComplete(setting: string): boolean {
    if (this.#outcomes.has(setting)) return true;
    // Names that only other headers test are not varied: what else they may be is not known.
    const possible = this.#varied.get(setting);
    const had = this.values(setting);
    return possible?.every((value) => had.includes(value ?? NOT_SET)) ?? false;
  }

  /**
   * A name that has the same value in all runs may have another: of `#if defined(A) || defined(B)` they needed only one.
   */
  #mayVary(setting: string): boolean {
    return new Set(this.values(setting)).size > 1 || (this.#varied.has(setting) && !this.isComplete(setting));
  }

  /** What a decision was in each run is known when every group behind its conditions has been looked at. */
  #decideAll(): void {
    const byKey = new Map<string, Draft>();
    for (const [group, passages] of groupsMet(this.#runs)) {
      if (isGuard(this.#cache.structure(group.file), group)) continue;
      group.branches.forEach((branch, index) => {
        const taken = this.#runs.map((_, run) => (passages.has(run) ? passages.get(run) === index : undefined));
        this.#byBranch.set(branch, this.#decision(branch, taken, byKey));
      });
    }
  }

  #decision(branch: ConditionalBranch, taken: (boolean | undefined)[], byKey: Map<string, Draft>): Decision {
    const names = testedNames(this.#cache, branch.group);
    const isNamed = !this.#forced.has(branch.group) && !names.some((name) => this.#changing.has(name));
    const own = `${branch.group.file.name}:${branch.start}`;
    const key = isNamed ? conditionsOf(branch) : own;
    const known = byKey.get(key);
    if (known !== undefined) {
      for (const [run, outcome] of taken.entries()) known.taken[run] ??= outcome;
      return known;
    }
    if (!isNamed) {
      this.#outcomes.add(own);
      this.#values.set(own, taken.map(String));
    }
    const settings = (isNamed ? names : [own]).filter((setting) => this.#mayVary(setting));
    const decision = { settings, taken };
    byKey.set(key, decision);
    return decision;
  }
}

interface Draft extends Decision {
  readonly taken: (boolean | undefined)[];
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

const namesTested = new WeakMap<ConditionalGroup, readonly string[]>();

function testedNames(cache: PreprocessCache, group: ConditionalGroup): readonly string[] {
  const known = namesTested.get(group) ?? findTestedNames(cache, group);
  namesTested.set(group, known);
  return known;
}

function findTestedNames(cache: PreprocessCache, { file, branches }: ConditionalGroup): readonly string[] {
  const structure = cache.structure(file);
  const names = branches.flatMap((branch) =>
    branch.keyword === 'else' ? [] : conditionOf(file, segmentOf(structure, branch)).names,
  );
  return [...new Set(names)];
}
