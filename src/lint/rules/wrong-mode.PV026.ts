import type { WrongMode, WrongModeKind } from '../../analysis/flow/wrong-modes.ts';
import { placeOfInstruction } from '../calls.ts';
import type { RelatedPlace } from '../finding.ts';
import { reportsByPlace } from '../reports.ts';
import type { Rule } from '../rule.ts';

/**
 * An interruption while psr.ic is off does not save the state of what it interrupts: code that may cause one must not run
 * so.
 */
export const PV026: Rule = {
  id: 'PV026',
  name: 'wrong-mode',
  severity: 'error',
  summary:
    'Code runs with psr.ic off or on bank 0 that needs it otherwise, or interrupts are let in before psr.ic is on.',
  check: (context) =>
    reportsByPlace(context, function* ({ analysis }) {
      const noteAt = (instruction: number, message: string): RelatedPlace => ({
        ...placeOfInstruction(analysis.instructions[instruction]!, context.vocabularies),
        message,
      });
      for (const [wrong, ...others] of together(analysis.wrongModes())) {
        const place = placeOfInstruction(analysis.instructions[wrong.instruction]!, context.vocabularies);
        const since = wrong.since < 0 ? [] : [noteAt(wrong.since, 'it is so since here')];
        const related = [...since, ...others.map(({ instruction }) => noteAt(instruction, 'so does this'))];
        yield { report: { ...place, message: MESSAGES[wrong.kind](wrong), related }, key: wrong.name };
      }
    }),
};

/** What one place left on is one fault, whatever the number of instructions that need it off. */
function together(modes: readonly WrongMode[]): Iterable<readonly [WrongMode, ...WrongMode[]]> {
  const groups = new Map<string, [WrongMode, ...WrongMode[]]>();
  for (const wrong of modes) {
    const key = `${wrong.kind} ${wrong.since < 0 ? `at ${wrong.instruction}` : wrong.since}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [wrong]);
    else group.push(wrong);
  }
  return groups.values();
}

const MESSAGES: Readonly<Record<WrongModeKind, (wrong: WrongMode) => string>> = {
  call: ({ name }) => `${name} is called with psr.ic off: no fault of its can be served (SDM vol. 2, 5.5)`,
  bank: ({ name }) => `${name} is called on register bank 0: the next interruption destroys its r16-r31`,
  return: ({ name }) => `${name} returns with psr.ic off: no fault of its caller can be served (SDM vol. 2, 5.5)`,
  'bank-return': ({ name }) => `${name} returns on register bank 0: its caller's r16-r31 are those of bank 1`,
  masked: ({ name }) =>
    `${name} returns with psr.i off: it has turned interrupts off, and does not set them again on this way`,
  untranslated: ({ name }) => `${name} is called with psr.dt off: its data addresses are taken for physical ones`,
  collecting: ({ name }) =>
    `${name} with psr.ic on: an Illegal Operation fault, or undefined (SDM vol. 2, 3.3.5; vol. 3, rfi)`,
  engine: ({ name }) => `${name} with ar.rsc.mode not 0: an Illegal Operation fault (SDM vol. 3, mov ar and loadrs)`,
  interrupts: () => 'psr.i is set while psr.ic is off: an interrupt would find it off',
  both: () => 'psr.i may take effect before psr.ic does: set psr.ic, serialize, then set psr.i',
};
