/** A counterexample in a few lines: the first place where the executions of a listing and of its source differ. */

import type { Program } from '../analysis/program/program.ts';
import type { Image } from '../execution/image.ts';
import type { Machine } from '../execution/machine.ts';
import { hex } from '../execution/memory.ts';
import { UNDEFINED_VALUE } from '../execution/register-file.ts';
import type { Watch } from '../execution/run.ts';
import { isGeneralRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import { resourceName } from '../machine/resources.ts';
import { alignedWith } from './align.ts';
import type { Entry } from './entries.ts';
import type { Effort } from './handlers.ts';
import { judgeState } from './states.ts';
import type { Source, Subject } from './subjects.ts';

/** One executed instruction. */
interface TracedStep {
  readonly index: number;
  /** The general registers that it reads, with their values: of two machines they must be the same. */
  readonly values: string;
  /** The source and the listing both have it. */
  readonly shared: boolean;
}

/** Steps told in front of the one where the two part. */
const BEFORE = 8;

/** Runs a failing state again and tells it line by line. */
export function traceOf(
  source: Source,
  subject: Subject,
  image: Image,
  entry: Entry,
  seed: number,
  effort: Pick<Effort, 'steps' | 'exits'>,
): string[] {
  const { foreign, replaced } = alignedWith(source.image.program, subject.program);
  const native: TracedStep[] = [];
  const guest: TracedStep[] = [];
  judgeState(source, subject, image, entry, seed, {
    ...effort,
    watches: [recorder(source.image, replaced, native), recorder(image, foreign, guest)],
  });
  const parted = firstDifference(native, guest);
  return [
    ...traceLines('the source', source.image.program, native, parted.native),
    ...traceLines(subject.label, subject.program, guest, parted.guest),
  ];
}

function recorder({ program }: Image, unshared: Uint8Array, steps: TracedStep[]): Watch {
  return (machine, index) =>
    void steps.push({ index, values: valuesRead(program, machine, index), shared: unshared[index] === 0 });
}

function valuesRead({ instructions }: Program, machine: Machine, index: number): string {
  return instructions[index]!.effects.reads.map(resourceName)
    .filter(isGeneralRegister)
    .map((name) => {
      const at = machine.physical(registerByName(name)!.number);
      const mark = machine.marks[at]!;
      const value = (mark & UNDEFINED_VALUE) !== 0 ? 'unknown' : `${hex(machine.gr[at]!)}${mark === 0 ? '' : ' NaT'}`;
      return `${name}=${value}`;
    })
    .join(' ');
}

/** The first shared instruction that is not the same, or does not read the same; else the last of each. */
function firstDifference(
  native: readonly TracedStep[],
  guest: readonly TracedStep[],
): { native: number; guest: number } {
  let left = 0;
  let right = 0;
  for (;;) {
    while (left < native.length && !native[left]!.shared) left++;
    while (right < guest.length && !guest[right]!.shared) right++;
    const [one, other] = [native[left], guest[right]];
    if (one === undefined || other === undefined || one.values !== other.values)
      return { native: Math.min(left, native.length - 1), guest: Math.min(right, guest.length - 1) };
    left++;
    right++;
  }
}

function asWritten({ tokens, instructions }: Program, index: number): string {
  const { first, last } = instructions[index]!.statement;
  let text = '';
  for (let at = first; at <= last; at++) text += `${tokens[at]!.spaceBefore ? ' ' : ''}${tokens[at]!.text}`;
  return text.trim();
}

function traceLines(who: string, program: Program, steps: readonly TracedStep[], at: number): string[] {
  const first = Math.max(0, at - BEFORE);
  const lines = steps.slice(first, at + 1).map((step, offset) => {
    const { file, start } = program.instructions[step.index]!;
    const place = `${file.name}:${file.position(start).line}`;
    const mark = first + offset === at ? '>' : ' ';
    return `  ${mark} ${place}  ${asWritten(program, step.index)}  ${step.values}`.trimEnd();
  });
  return [`  ${who}${first > 0 ? ` (${first} steps before)` : ''}:`, ...lines];
}
