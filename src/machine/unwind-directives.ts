/** grammar/unwind-directives.tsv: directives that say how a frame is unwound. */
import table from '../../grammar/unwind-directives.tsv';
import { tableRows } from './tsv.ts';

/** An operand, from 0, that names a register which an unwinder reads. */
export interface UnwinderOperand {
  readonly operand: number;
  /** The first of as many registers as the first operand has bits set. */
  readonly isFirst: boolean;
}

let directives: ReadonlyMap<string, readonly UnwinderOperand[]> | undefined;

function all(): ReadonlyMap<string, readonly UnwinderOperand[]> {
  directives ??= new Map(
    tableRows(table).map(([directive, reads]) => {
      const operands = reads!.split(' ').filter((each) => each !== '');
      return [
        directive!,
        operands.map((each) => ({ operand: Number.parseInt(each, 10) - 1, isFirst: each.endsWith('+') })),
      ];
    }),
  );
  return directives;
}

export function isUnwindDirective(name: string): boolean {
  return all().has(name);
}

/** The operands of a directive that an unwinder reads; none for another one. */
export function unwinderOperands(name: string): readonly UnwinderOperand[] {
  return all().get(name) ?? [];
}
