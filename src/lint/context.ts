/**
 * What a rule gets to see: one source file as written, with every branch of it, and the macro calls in it with what each
 * argument is for.
 */
import type { Tree } from '../syntax/tree.ts';
import type { Condition } from './conditions.ts';
import type { MacroSite } from './sites.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface RuleContext {
  /** The file as written, every `#if` branch of it. */
  readonly tree: Tree;
  /** The `#if` condition at a token of `tree`. */
  readonly conditionAt: (token: number) => Condition;
  /** Calls of the vocabularies' macros in `tree`, in source order. */
  readonly macroSites: readonly MacroSite[];
  /** pvasm's own macros first, then the hand macros. */
  readonly vocabularies: readonly Vocabulary[];
}
