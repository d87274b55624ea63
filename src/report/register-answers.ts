/** Why a register is free, or live, in every place that a line of a source was expanded to. */

import type { ProgramInstruction } from '../analysis/program/program.ts';
import { instructionText, place } from '../analysis/program/spelling.ts';
import { FIRST_STACKED } from '../machine/purposes.ts';
import { isStackedName } from '../machine/scope.ts';
import { definedAs } from '../preprocess/definition.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';
import { formatCount } from './document.ts';
import { groupBy } from './group.ts';
import { placesOf } from './handlers.ts';

/** The answer about a register behind one instruction, and behind all others with the same answer. */
export interface RegisterAnswer {
  /** `file:line`, with the macros that carried the instruction there. */
  readonly where: string;
  /** As a reader finds it. */
  readonly instruction: string;
  readonly free: boolean;
  /** One sentence, with places. */
  readonly reason: string;
  /** The configuration that it was found in, and how many others and other expansions have the same answer. */
  readonly elsewhere: string;
}

interface Answer extends Omit<RegisterAnswer, 'elsewhere'> {
  /** The whole answer without the macro call that the instruction comes from: calls with equal answers are reported together. */
  readonly alike: string;
  readonly configuration: string;
}

/**
 * The answers for the instructions that a line spells, or that a macro called on it brings there; none where no configuration has
 * an instruction of it. A text says why a name is no register.
 *
 * @param isLine whether a file and a line of it, counted from 1, are those that are asked about
 */
export function registerAnswers(
  units: readonly Unit[],
  isLine: (file: SourceText, line: number) => boolean,
  register: string,
): readonly RegisterAnswer[] | string {
  const answers: Answer[] = [];
  for (const unit of units)
    for (const instruction of unit.analysis.instructions) {
      if (!placesOf(instruction).some((use) => isLine(use.file, use.file.position(use.start).line))) continue;
      const answer = answerOf(unit, instruction, register);
      if (typeof answer === 'string') return answer;
      answers.push(answer);
    }
  return [...groupBy(answers, ({ alike }) => alike).values()].map((all) => {
    const { where, instruction, free, reason } = all[0]!;
    return { where, instruction, free, reason, elsewhere: whereElse(all) };
  });
}

/** The places that have the same answer as the first one. */
function whereElse(all: readonly Answer[]): string {
  const configurations = new Set(all.map(({ configuration }) => configuration)).size - 1;
  const expansions = new Set(all.map(({ where, reason }) => `${where} ${reason}`)).size - 1;
  return [
    all[0]!.configuration,
    ...(configurations === 0 ? [] : [`and ${formatCount(configurations, 'other configuration')}`]),
    ...(expansions === 0 ? [] : [`and so in ${formatCount(expansions, 'other expansion')} of the macro`]),
  ].join(', ');
}

function answerOf(unit: Unit, instruction: ProgramInstruction, register: string): Answer | string {
  const { analysis, configuration } = unit;
  const name = registerMeant(unit, instruction.index, register);
  if (name === null) return noRegister(register);
  const { verdict, text: reason } = analysis.explain(instruction.index, name);
  const where = place(instruction);
  const call = / \(.*\)$/.exec(where)?.[0] ?? '';
  const free = verdict === 'dead';
  const explained = call === '' ? reason : reason.replaceAll(call, '');
  return {
    ...{ where, instruction: instructionText(instruction), free, reason, configuration },
    alike: `${instruction.file.name}:${instruction.start} ${free} ${explained}`,
  };
}

/** How many `#define`s of one name by another are followed. */
const ALIAS_DEPTH = 8;

/**
 * The register as the analysis names it: also by a `#define`d name, and an input of a routine that says nothing of its frame; null
 * where there is none of that name.
 */
function registerMeant({ analysis, preprocessed }: Unit, instruction: number, asked: string): string | null {
  let name = asked;
  for (let depth = 0; depth < ALIAS_DEPTH; depth++) {
    if (analysis.hasRegister(instruction, name)) return name;
    const meaning = definedAs(preprocessed.macros.get(name));
    if (meaning === undefined) break;
    name = meaning;
  }
  // The inputs are the first of the frame, whatever its size.
  const input = /^in(\d+)$/.exec(name)?.[1];
  return input === undefined ? null : `r${FIRST_STACKED + Number(input)}`;
}

function noRegister(asked: string): string {
  if (asked === 'pr') return "'pr' is all predicates; ask for one of p0 to p63";
  if (!isStackedName(asked)) return `'${asked}' is no register`;
  return `'${asked}' is no register here: no alloc or .regstk in front of the line gives it a frame with one`;
}
