/** Joined targets on the command line: `native+xen+./acme.S:d` is one listing that serves all of them. */

import type { TargetChoice } from '../expand/plan.ts';
import { BASE_TARGET } from '../expand/shipped-targets.ts';
import type { Target } from '../expand/target.ts';
import { Failure } from './failure.ts';
import { splitTarget, targetLabel } from './path-text.ts';

export interface JointName {
  readonly names: readonly string[];
  readonly letter: string | null;
}

/**
 * The parts of a name with a `+`; null for the name of one target.
 *
 * @param isFile whether there is a file of that name: a `+` may be part of a path
 */
export function splitJoint(label: string, isFile: (path: string) => boolean): JointName | null {
  const { name, letter } = splitTarget(label);
  return name.includes('+') && !isFile(name) ? { names: name.split('+'), letter } : null;
}

/** Whether these are the letters of an alternative that serves several targets. */
export function isJointLetter(letter: string): boolean {
  return Object.hasOwn(JOINT, letter.toLowerCase());
}

/** By its letters: the second says what a site is that cannot be a call through the table. */
const JOINT: Readonly<Record<string, Pick<TargetChoice, 'alternative' | 'fallback'>>> = {
  c: { alternative: 'C' },
  ce: { alternative: 'C', fallback: 'E' },
  ct: { alternative: 'C', fallback: 'trap' },
  d: { alternative: 'D' },
  e: { alternative: 'E' },
};

/** Joined targets as a choice. Throws a Failure where they cannot be joined. */
export function jointChoice(label: string, { names, letter }: JointName, read: (name: string) => Target): TargetChoice {
  const fail = (message: string) => new Failure(`target ${label}: ${message}`);
  if (names.includes('')) throw fail("a name is missing beside '+'");
  const lettered = names.find((name) => splitTarget(name).letter !== null);
  if (lettered !== undefined) throw fail(`the letter stands once, behind the last target, not in '${lettered}'`);
  // More letters than any alternative has are part of the name so far.
  const given = letter ?? /:([a-z]+)$/i.exec(label)?.[1] ?? null;
  if (given === null) throw fail(`joined targets need the letter of an alternative that serves several: ${label}:d`);
  if (/^[ab]$/i.test(given)) throw fail(`alternative ${given} serves one target; joined ones take c, d or e`);
  if (letter === null || !isJointLetter(letter))
    throw fail(`there is no alternative '${given}'; joined targets take c, ce, ct, d or e`);
  const joined = names.map(read);
  const called = joined.map(({ name }) => name);
  const twice = called.find((name, index) => called.indexOf(name) !== index);
  if (twice !== undefined) throw fail(`two of the joined targets are called ${twice}`);
  const odd = called.find((name) => !/^[\w.-]+$/.test(name));
  if (odd !== undefined) throw fail(`'${odd}' cannot be part of the name of a section`);
  const base = joined.find(({ name }) => name === BASE_TARGET);
  if (base === undefined)
    throw fail(`${BASE_TARGET} must be among them: its code stands at the sites until they are patched`);
  const text = `${names.map(targetLabel).join('+')}:${letter.toLowerCase()}`;
  return { label: text, target: base, ...JOINT[letter.toLowerCase()]!, joined };
}

/**
 * A target of pvasm.toml with its paths as `at` gives them: a target's name has neither a dot nor a slash; a path to one has.
 */
export function withPaths(target: string, at: (path: string) => string): string {
  const { name, letter } = splitTarget(target);
  if (letter === null || !isJointLetter(letter)) return isPath(target) ? at(target) : target;
  return `${name
    .split('+')
    .map((each) => (isPath(each) ? at(each) : each))
    .join('+')}:${letter}`;
}

function isPath(name: string): boolean {
  return /[./]/.test(name);
}
