import { Names } from '../../src/analysis/program/names.ts';
import { decode } from '../../src/machine/decode.ts';
import type { Effects } from '../../src/machine/effects.ts';
import type { NameScope } from '../../src/machine/naming.ts';
import { resourceName } from '../../src/machine/resources.ts';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';
import type { Instruction } from '../../src/syntax/tree.ts';

export const nowhere: NameScope = { alias: () => undefined, frame: null };

/** The instructions of gas text, each with what it does and its line; aliases, frames and symbols as the text says. */
export function instructionsOf(text: string): { instruction: Instruction; effects: Effects; line: number }[] {
  const file = new SourceText('test.s', text);
  const { tokens } = expandAssemblerMacros(tokenize(file, { dialect: 'gas' }));
  const names = new Names();
  return parseTokens(tokens).statements.flatMap((statement, at) => {
    names.follow(statement, at);
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
