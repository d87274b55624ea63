/** One register for two arguments of a body: whether the body, which has two names for it, still finds in it what it put there. */
import { resourceNamed } from '../machine/resources.ts';
import type { BodyItem } from './body-item.ts';
import type { Hypercalls } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import type { BodyProblem } from './problems.ts';

/** A scratch register that is another argument as well. */
interface SharedRegister {
  /** What the body calls it as a scratch register, so that the two can be told apart. */
  readonly scratch: string;
  readonly argument: string;
  /** Whether what the body puts into the argument is its result. */
  readonly keeps: boolean;
}

/** Reads of one of the two, when the other one was written last; the end of the body reads a result. */
export function overwrittenArguments(
  items: readonly BodyItem[],
  { scratch, argument, keeps }: SharedRegister,
  hypercalls: Hypercalls,
): BodyProblem[] {
  const names = [resourceNamed(scratch), resourceNamed(argument)];
  /** The one of the two whose value the register holds; at first that of the argument. */
  let holds = names[1];
  const problems: BodyProblem[] = [];
  const report = (item: number, reader: string) => {
    problems.push({ item, message: `${argument} is given twice, and ${reader} what is no longer there` });
  };
  let last = 0;
  for (const [item, each] of items.entries()) {
    if (each.kind !== 'instruction') continue;
    const { reads, writes } = bodyInstruction(each.text, hypercalls).effects;
    if (names.some((name) => name !== holds && reads.includes(name)))
      report(item, `'${each.text.replaceAll(scratch, argument)}' reads`);
    const written = names.find((name) => writes.includes(name));
    if (written === undefined) continue;
    holds = written;
    last = item;
  }
  if (keeps && holds !== names[1]) report(last, 'the result is');
  return problems;
}
