import { Names } from '../../src/analysis/names.ts';
import { decode, type Effects, resourceName, type Scope } from '../../src/machine/index.ts';
import { expandAssemblerMacros } from '../../src/macros/index.ts';
import { type Instruction, parseTokens, SourceText, tokenize } from '../../src/syntax/index.ts';

export const nowhere: Scope = { alias: () => undefined, frame: null };

/** The instructions of gas text, each with what it does and its line; aliases, frames and symbols as the text says. */
export function instructionsOf(text: string): { instruction: Instruction; effects: Effects; line: number }[] {
  const file = new SourceText('test.s', text);
  const { tokens } = expandAssemblerMacros(tokenize(file, { dialect: 'gas' }));
  const names = new Names();
  return parseTokens(tokens).statements.flatMap((statement) => {
    names.follow(statement);
    if (statement.kind !== 'instruction') return [];
    const { line } = file.position(tokens[statement.mnemonicFirst]!.start);
    return [{ instruction: statement, effects: decode(statement, names), line }];
  });
}

/** The effects of the last instruction of a text. */
export function effectsOf(text: string): Effects {
  return instructionsOf(text).at(-1)!.effects;
}

/** Resource numbers as their names, in a line. */
export function named(resources: readonly number[]): string {
  return resources.map(resourceName).join(' ');
}
