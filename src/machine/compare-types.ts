/** grammar/compare-types.tsv: how a compare writes its two targets. */
import text from '../../grammar/compare-types.tsv';
import { tableRows } from './tsv.ts';

export type CompareType = 'normal' | 'unc' | 'and' | 'or' | 'or.andcm' | 'and.orcm';

const lines = tableRows(text).map(([completers, type]) => [completers!, type as CompareType] as const);

/** The type of a compare by its mnemonic. */
export function compareType(mnemonic: string): CompareType {
  return lines.find(([completers]) => mnemonic.endsWith(completers))?.[1] ?? 'normal';
}
