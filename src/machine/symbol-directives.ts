/** grammar/symbol-directives.tsv: directives that give a name a meaning. */
import table from '../../grammar/symbol-directives.tsv';
import { tableRows } from './tsv.ts';

export interface SymbolDirective {
  readonly action: 'equate' | 'delayed' | 'common' | 'rotate' | 'frame' | 'include';
  /** Of `rotate`: the letter of the register file, and the number of its first rotating register. */
  readonly file: string;
  readonly first: number;
}

let directives: ReadonlyMap<string, SymbolDirective> | undefined;

/** What a directive does to symbols; undefined: nothing. */
export function symbolDirective(name: string): SymbolDirective | undefined {
  directives ??= new Map(
    tableRows(table).map(([directive, action, file, first]) => [
      directive!,
      { action: action as SymbolDirective['action'], file: file!, first: Number(first) },
    ]),
  );
  return directives.get(name);
}

/** `.set name, value` in all its spellings. */
export function equates(name: string): boolean {
  const action = symbolDirective(name)?.action;
  return action === 'equate' || action === 'delayed';
}
