/** Programs as the tool makes them, without the analysis of liveness. */
import { layOut, type Program } from '../../src/analysis/program/program.ts';
import { expandAssemblerMacros } from '../../src/macros/expand.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

/** The program of assembly text that needs no C preprocessor. */
export function programOf(text: string, dialect: 'gas' | 'cpp' = 'gas'): Program {
  const expanded = expandAssemblerMacros(tokenize(new SourceText('test.s', text), { dialect }));
  return layOut(parseTokens(expanded.tokens).statements, expanded.tokens);
}
