/** grammar/unwind-directives.tsv: directives that say how a frame is unwound. */
import table from '../../grammar/unwind-directives.tsv';
import { tableRows } from './tsv.ts';

let directives: ReadonlySet<string> | undefined;

export function isUnwindDirective(name: string): boolean {
  directives ??= new Set(tableRows(table).map(([directive]) => directive!));
  return directives.has(name);
}
