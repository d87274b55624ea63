/** The native meaning of every ASM_ macro, as `#define` lines: macro-ised source is analysed through them. */

import { SourceText } from '../syntax/source.ts';
import type { MacroUse } from '../syntax/token.ts';
import type { OperationRow } from './operation-table.ts';

/** The file name of these definitions in messages and in token origins. */
export const nativeMacrosName = '<native macros>';

/** The invocation of our own macro whose definition a token was spelled in; null when it was spelled elsewhere. */
export function ownInvocation(use: MacroUse | null, file: SourceText): MacroUse | null {
  if (file.name !== nativeMacrosName) return null;
  // Behind its own macro, other macros may have carried the expansion on as their argument.
  let invocation = use;
  while (invocation?.argument) invocation = invocation.parent;
  return invocation;
}

/** A macro that expands to nothing: whoever gives it something has that expanded first, so that its value there is known. */
const NOTHING = 'PVASM_NOTHING';

const texts = new WeakMap<readonly OperationRow[], SourceText>();

/**
 * One `#define` for each macro of the table, `_P` forms included. Parameters have a leading underscore, because a
 * plain `i` would replace the completer of `itr.i` as well.
 */
export function nativeMacros({ all }: { readonly all: readonly OperationRow[] }): SourceText {
  const known = texts.get(all);
  if (known !== undefined) return known; // whoever has read this text need not read it again
  const lines: string[] = [`#define ${NOTHING}(...)`];
  for (const operation of all) {
    lines.push(defineLine(operation, false));
    if (operation.predicates.length > 0) lines.push(defineLine(operation, true));
  }
  const text = new SourceText(nativeMacrosName, `${lines.join('\n')}\n`);
  texts.set(all, text);
  return text;
}

function defineLine(operation: OperationRow, predicated: boolean): string {
  const predicates = predicated ? operation.predicates.map((name) => `_${name}`) : [];
  const parameters = [...predicates, '_breg', ...operation.slots.map((slot) => `_${slot.name}`), '...'];
  const body = nativeText(
    operation,
    (slot) => `_${slot}`,
    (slot) => (predicated ? `_${slot}` : null),
  );
  return `#define ${operation.macro}${predicated ? '_P' : ''}(${parameters.join(',')}) ${body} ${NOTHING}(_breg,__VA_ARGS__)`;
}

/**
 * The native instructions of an operation as text, on one line.
 * @param operand the text of an operand slot
 * @param predicate the text of a predicate slot (`pred`, `pred2`), or null for none
 */
export function nativeText(
  operation: OperationRow,
  operand: (slot: string) => string,
  predicate: (slot: string) => string | null,
): string {
  const instructions = operation.native
    .replace('ar.k{n}', '{n}')
    .split(/( ;;? )/)
    .map((piece, index) => {
      if (index % 2 === 1) return piece;
      const part = operation.parts[index / 2]!;
      const guard = operation.predicates.includes(part.predicate) ? predicate(part.predicate) : null;
      const text = piece.replace(/^\(\{\w+\}\) /, '').replace(/\{(\w+)\}/g, (_, slot: string) => operand(slot));
      return guard === null ? text : `(${guard}) ${text}`;
    });
  return instructions.join('');
}
