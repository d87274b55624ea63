import { collectionSetBy } from '../../analysis/flow/mode-table.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { Unit } from '../../project/units.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RuleContext } from '../context.ts';
import { type FoundReport, reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** What is right with interruption collection on is deadly with it off. */
export const PV026: Rule = {
  id: 'PV026',
  name: 'wrong-mode',
  severity: 'error',
  summary: 'Code runs with psr.ic off that needs it on, or interrupts are let in before psr.ic is on.',
  check: (context) => reportsByPlace(context, (unit) => wrongModes(context, unit)),
};

const COLLECTION = resourceNamed('psr.ic');
const INTERRUPTS = resourceNamed('psr.i');

function* wrongModes({ conventions, vocabularies }: RuleContext, { analysis }: Unit): Iterable<FoundReport> {
  for (const { instruction, symbol } of analysis.callsOutside()) {
    if (analysis.collectionAt(instruction) !== 0 || conventions.symbols.has(symbol)) continue;
    const message = `${symbol} is called with psr.ic off: no fault of its can be served (SDM vol. 2, 5.5)`;
    yield {
      report: { ...placeOfInstruction(analysis.instructions[instruction]!, vocabularies), message },
      key: symbol,
    };
  }
  for (const { index, statement, effects } of analysis.instructions) {
    if (statement.kind !== 'instruction' || collectionSetBy(statement.mnemonic) !== 1) continue;
    if (!effects.writes.includes(COLLECTION) || !effects.writes.includes(INTERRUPTS)) continue;
    const message = 'psr.i may take effect before psr.ic does: set psr.ic, serialize, then set psr.i';
    yield { report: { ...placeOfInstruction(analysis.instructions[index]!, vocabularies), message }, key: '' };
  }
}
