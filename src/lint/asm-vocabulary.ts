/** pvasm's own macros as a vocabulary, from the table of operations. */
import { nativeMacros } from '../project/native.ts';
import type { Slot } from '../project/operation-table.ts';
import type { Operation, Operations } from '../project/operations.ts';
import type { MacroParameter, Vocabulary, VocabularyMacro } from './vocabulary.ts';

/** `ASM_READ_IVR(breg, d, ...)` and `ASM_READ_IVR_P(pred, breg, d, ...)` of every operation. */
export function asmVocabulary(operations: Operations): Vocabulary {
  const macros = new Map<string, VocabularyMacro>();
  for (const operation of operations.all) {
    macros.set(operation.macro, describe(operation, operation.macro, []));
    if (operation.predicates.length > 0) {
      const name = `${operation.macro}_P`;
      macros.set(name, describe(operation, name, operation.predicates));
    }
  }
  const defines = nativeMacros(operations);
  return { name: defines.name, macros, defines };
}

function describe(operation: Operation, name: string, predicates: readonly string[]): VocabularyMacro {
  const parameters: MacroParameter[] = [
    ...predicates.map((predicate): MacroParameter => ({ name: predicate, role: 'predicate' })),
    { name: 'breg', role: 'branch' },
    ...operation.slots.map(parameter),
  ];
  return { name, parameters, variadic: true, native: operation.native, hides: [] };
}

function parameter({ name, kind }: Slot): MacroParameter {
  return { name, role: kind === 'register' ? 'operand' : 'text' };
}
