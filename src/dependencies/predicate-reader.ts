/**
 * The relations of predicates that the assembler derives from one label on: needed where a new label would make it forget
 * those from before.
 */
import type { Effects } from '../machine/effects.ts';
import type { Token } from '../syntax/token.ts';
import type { Instruction, Statement } from '../syntax/tree.ts';
import type { ExclusionTest } from './conflicts.ts';
import { dependencyDirective, setOf } from './directives.ts';
import { newMarks } from './marks.ts';
import { followPredicates } from './predicates.ts';
import * as relating from './relations.ts';

export interface PredicateReader {
  /** Takes the next instruction. */
  instruction(statement: Instruction, effects: Effects): void;
  /** Takes what stands between instructions; only what speaks of predicates matters. */
  directive(statement: Statement, tokens: readonly Token[]): void;
  /** Whether two predicates are known by now never to be true at once. */
  readonly exclude: ExclusionTest;
}

export function newPredicateReader(): PredicateReader {
  const relations = relating.newRelations(true);
  const marks = newMarks(0);
  return {
    // Which predicates calls keep is not known here: they keep none.
    instruction: (statement, effects) => followPredicates(marks, relations, statement, effects, []),
    directive: (statement, tokens) => {
      const directive = statement.kind === 'directive' ? dependencyDirective(statement, tokens) : null;
      if (directive?.kind === 'mutex') relating.learnExclusion(relations, setOf(directive.predicates));
      else if (directive?.kind === 'imply')
        relating.learnImplication(relations, directive.predicates[0] ?? 0, directive.predicates[1] ?? 0);
      else if (directive?.kind === 'clear')
        relating.forget(
          relations,
          directive.predicates.length === 0 ? relating.FULL_PREDICATE_SET : setOf(directive.predicates),
        );
    },
    exclude: (a, b) => relating.exclude(relations, a, b, 0),
  };
}
