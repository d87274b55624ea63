/** Expands text and shows what came out. */
import { expandAssemblerMacros, type MacroResult } from '../../src/macros/expand.ts';
import { withoutSpace } from '../../src/macros/substitute.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Token, TokenKind } from '../../src/syntax/token.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

export function expandText(text: string, name = 'input.s'): MacroResult {
  return expandAssemblerMacros(withoutSpace(tokenize(new SourceText(name, text), { dialect: 'gas' })));
}

/** Tokens as text that the assembler reads the same way. */
export function printTokens(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (token.kind === TokenKind.Newline) text += '\n';
    else text += token.spaceBefore ? ` ${token.text}` : token.text;
  }
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** The lines that are not empty, without leading space. */
export function linesOf(result: MacroResult): string[] {
  return printTokens(result.tokens)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** First lines of messages: `input.s:1:2: error: ...`. */
export function messagesOf(result: MacroResult): string[] {
  return result.diagnostics.map((each) => formatDiagnostic(each).split('\n')[0]!);
}
