import type { UnfinishedFlush } from '../../analysis/values/flushes.ts';
import { placeOfInstruction } from '../calls.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

export const PV032: Rule = {
  id: 'PV032',
  name: 'unfinished-flush',
  severity: 'warning',
  summary: 'Code is flushed from the caches, and on some way nothing makes a processor fetch the new code.',
  check: (context) =>
    reportsByPlace(context, function* ({ analysis }) {
      for (const { instruction, missing } of analysis.unfinishedFlushes()) {
        const place = placeOfInstruction(analysis.instructions[instruction]!, context.vocabularies);
        yield { report: { ...place, message: MESSAGES[missing] }, key: missing };
      }
    }),
};

const MESSAGES: Readonly<Record<UnfinishedFlush['missing'], string>> = {
  sync: 'on some way no sync.i follows this flush: other processors may go on with the old code (SDM vol. 3, fc)',
  serialization:
    'on some way no srlz.i follows the sync.i of this flush: this processor may go on with code that it has fetched before',
};
