/** Instructions as the source spells them: their place and text. */
import type { SourceText } from '../../syntax/source.ts';
import type { Token } from '../../syntax/token.ts';
import type { ProgramInstruction } from './program.ts';

type Spelled = Pick<ProgramInstruction, 'file' | 'start' | 'end' | 'use'>;

/** Where a reader finds an instruction: text that no file holds (`<native macros>`) is shown by the call that brought it. */
function visible(instruction: Spelled): Spelled {
  let shown = instruction;
  while (shown.file.name.startsWith('<') && shown.use !== null) shown = { ...shown.use, use: shown.use.parent };
  return shown;
}

/** `file:line`, with the macros that carried the instruction there. */
export function place(instruction: Spelled): string {
  const { file, start, use } = visible(instruction);
  let text = lineOf(file, start);
  for (let step = use; step !== null; step = step.parent) {
    if (step.parent === null) text += ` (${step.name} at ${lineOf(step.file, step.start)})`;
  }
  return text;
}

function lineOf(file: SourceText, offset: number): string {
  return `${file.name}:${file.position(offset).line}`;
}

/**
 * The instruction as a reader finds it at its place, on one line; where macros or their arguments gave parts of it, as the
 * assembler gets it.
 */
export function instructionText(instruction: ProgramInstruction): string {
  const { file, start, end } = visible(instruction);
  if (file !== instruction.file || isSpelledInPlace(instruction))
    return file.text.slice(start, end).replace(/\s+/g, ' ');
  return tokensOf(instruction)
    .map(({ text, spaceBefore }, at) => (spaceBefore && at > 0 ? ` ${text}` : text))
    .join('');
}

/** Does the file hold every token of it, one behind the other? */
function isSpelledInPlace(instruction: ProgramInstruction): boolean {
  const { file, use } = instruction;
  return tokensOf(instruction).every((token) => token.file === file && token.use === use);
}

function tokensOf({ statement, tokens }: ProgramInstruction): readonly Token[] {
  const first = statement.kind === 'instruction' ? statement.mnemonicFirst : statement.first;
  return tokens.slice(first, statement.last + 1);
}

/** `` `mov r2=r3` at a.S:5 `` */
export function spell(instruction: ProgramInstruction): string {
  return `\`${instructionText(instruction)}\` at ${place(instruction)}`;
}
