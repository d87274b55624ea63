import { placeOfInstruction } from '../calls.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/** The first round is right, and most loops need no second one. */
export const PV031: Rule = {
  id: 'PV031',
  name: 'replaced-by-result',
  severity: 'warning',
  summary: 'The result of a compare and exchange replaces a value that the next try reads.',
  check: (context) =>
    reportsByPlace(context, function* ({ analysis }) {
      const placeOf = (instruction: number) =>
        placeOfInstruction(analysis.instructions[instruction]!, context.vocabularies);
      for (const { instruction, register, reader } of analysis.replacedByResults()) {
        const message = `the result replaces what ${register} held before the loop, which the next try reads`;
        const related = [{ ...placeOf(reader), message: 'read here' }];
        yield { report: { ...placeOf(instruction), message, related }, key: register };
      }
    }),
};
