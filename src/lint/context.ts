/** What a rule gets to see: the project, its sites and macro calls, and who reads them. */

import type { Conventions } from '../config/conventions.ts';
import type { Addressing } from '../expand/call-templates.ts';
import { type TargetChoice, targetsOf } from '../expand/plan.ts';
import { resolveRegister } from '../machine/scope.ts';
import { definedAs } from '../preprocess/definition.ts';
import type { Operation } from '../project/operations.ts';
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { Refusal, Site } from '../rewrite/site.ts';
import { tokenIndexAt } from '../syntax/search.ts';
import type { SourceText } from '../syntax/source.ts';
import { macroCalls } from './calls.ts';
import { conditionsOf, type StatedCondition } from './conditions.ts';
import { conditionInWords, type Setting } from './configurations.ts';
import type { MacroCall } from './macro-call.ts';
import { type MacroSite, macroSites, type RegisterResolver } from './sites.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface RuleContext {
  /** The files of the call as written, and each source preprocessed and analysed under every configuration. */
  readonly project: Project;
  /** Every instruction that a hypervisor must see, bare or as one of pvasm's macros. */
  readonly sites: readonly Site[];
  /** Instructions and macros that look like sites and cannot be taken as such, and why. */
  readonly refusals: readonly Refusal[];
  /** Every call of a vocabulary's macro, pvasm's or hand-written, with what each argument is for. */
  readonly calls: readonly MacroCall[];
  /** The targets that the macros must serve, with their alternatives. */
  readonly targets: readonly TargetChoice[];
  /** How code of a file is addressed when it runs. */
  readonly addressing: (file: SourceText) => Addressing;
  readonly conventions: Conventions;
  /** Those convention files that are the project's own, not shipped with the tool. */
  readonly ownConventions: ReadonlySet<SourceText>;
  /** pvasm's own macros first. */
  readonly vocabularies: readonly Vocabulary[];
  /** Whether the call lists the configurations: then code that none of them compiles is not built at all. */
  readonly configurationsNamed: boolean;
  /** The `#if` condition at a place of a file as written. */
  readonly conditionAt: (file: SourceText, offset: number) => StatedCondition;
  /**
   * The condition under which something holds that was found in these units of one source, in words; undefined when it
   * was found in all of that source's units. Spread it into a report.
   */
  readonly conditionOf: (found: readonly Unit[]) => { readonly condition?: string };
}

/** What a context is made from; `calls` and conditions are computed. */
export interface ContextInput extends Omit<RuleContext, 'calls' | 'conditionAt' | 'conditionOf'> {
  /** What the configurations of each unit pin; a unit that is not here was made with the flags as given. */
  readonly settings: ReadonlyMap<Unit, readonly Setting[]>;
}

export function makeContext(input: ContextInput): RuleContext {
  const { project, vocabularies, settings } = input;
  const resolve = registerResolver(project);
  const written = memoize((file: SourceText): readonly MacroSite[] =>
    macroSites(project.tree(file).tree, vocabularies, resolve),
  );
  const conditions = memoize((file: SourceText) => {
    const { tree } = project.tree(file);
    const conditionAt = conditionsOf(tree, (directive) => project.decided.outcome(file, directive));
    return (offset: number): StatedCondition => conditionAt(tokenIndexAt(tree.tokens, offset));
  });
  return {
    ...input,
    calls: macroCalls(project, written, vocabularies, resolve),
    conditionAt: (file, offset) => conditions(project.tree(file).tree.file)(offset),
    conditionOf: (found) => {
      const distinct = [...new Set(found)];
      const all = project.units.filter((unit) => distinct.some((each) => each.source === unit.source));
      const settingsOf = (unit: Unit): readonly Setting[] => settings.get(unit) ?? [new Map()];
      if (distinct.length === all.length) return {};
      const words = conditionInWords(distinct.flatMap(settingsOf), all.flatMap(settingsOf));
      return { condition: words ?? distinct.map((unit) => unit.configuration).join('; or ') };
    },
  };
}

/** Registers by the names of the architecture, and through `#define`s of one word (`#define pUStk p3`). */
function registerResolver(project: Project): RegisterResolver {
  return (spelled, scope) => {
    let name = spelled;
    for (let depth = 0; depth < 4; depth++) {
      const register = resolveRegister(name, scope?.frame);
      if (register !== undefined) return register;
      const meaning = scope?.alias(name) ?? definedIn(project, name);
      if (meaning === undefined) return undefined;
      name = meaning;
    }
    return undefined;
  };
}

function definedIn({ units }: Project, name: string): string | undefined {
  return definedAs(units.map((unit) => unit.preprocessed.macros.get(name)).find((each) => each !== undefined));
}

/** The operations that are sites in this project: a hypervisor must see them, or a target has a body for them. */
export function isWanted(operation: Operation, targets: readonly TargetChoice[]): boolean {
  return (
    operation.rewrite === 'yes' ||
    targets.some((choice) => targetsOf(choice).some(({ macros }) => macros.has(operation.name)))
  );
}

function memoize<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      known.set(key, value);
    }
    return value;
  };
}
