/**
 * Branches to places that are no labels: `br.cond f+16`, `br .+32`, `back = f+16`. Requires: the program's instructions and
 * symbols. Blocks are cut at labels, so what holds in the middle of a block may not hold for who comes there this way.
 */

import { isOfClass } from '../../machine/classes.ts';
import { registerFor } from '../../machine/purposes.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { Program } from '../program/program.ts';
import { type Label, mentionedLabels, resolveTarget, type Symbols } from '../program/symbols.ts';

const HERE = registerFor('instruction-pointer').resource;

/** May control come to a place of this program that is no label? */
export function mayEnterBetweenLabels({ instructions, symbols }: Program): boolean {
  return instructions.some(({ statement, statementIndex, effects }) => {
    if (statement.kind !== 'instruction') return false;
    if (effects.branch !== null) return isUnlabelled(symbols, effects.branch.target, statementIndex);
    // An offset is added to an address: `mov r2=ip`, `movl r2=f+16`. The difference of two labels is no address.
    if (effects.reads.includes(HERE)) return true;
    return (
      isOfClass(effects.form, 'moves') &&
      statement.inputs.some((input) => input.kind !== 'number' && isUnlabelled(symbols, input, statementIndex))
    );
  });
}

function isUnlabelled(symbols: Symbols, target: Expression | null, statement: number): boolean {
  if (target === null || resolveTarget(symbols, target, statement) !== null) return false;
  const labels: Label[] = [];
  mentionedLabels(symbols, target, statement, labels);
  return labels.length > 0 || mentionsHere(target);
}

function mentionsHere(expression: Expression): boolean {
  switch (expression.kind) {
    case 'here':
      return true;
    case 'binary':
      return mentionsHere(expression.left) || mentionsHere(expression.right);
    case 'group':
      return mentionsHere(expression.inner);
    default:
      return false;
  }
}
