import { type Token, TokenKind } from '../syntax/token.ts';

/** Directives that can begin an expansion: a file with none of them is not changed by it. */
const OPENERS = new Set([
  ...['macro', 'rept', 'rep', 'irp', 'irpc', 'irep', 'irepc'],
  ...[
    'if',
    'ifne',
    'ifeq',
    'ifge',
    'ifgt',
    'ifle',
    'iflt',
    'ifdef',
    'ifndef',
    'ifnotdef',
    'ifc',
    'ifnc',
    'ifeqs',
    'ifnes',
    'ifb',
    'ifnb',
  ],
  ...[
    'else',
    'elsec',
    'elseif',
    'endif',
    'endc',
    'endm',
    'mend',
    'endr',
    'exitm',
    'mexit',
    'purgem',
    'error',
    'err',
    'warning',
  ],
]);

/** Whether there is any directive of the macro language in the tokens: one quick pass. */
export function usesMacroLanguage(tokens: readonly Token[]): boolean {
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== TokenKind.Identifier || token.spaceBefore || tokens[at - 1]!.text !== '.') continue;
    if (OPENERS.has(token.text) || OPENERS.has(token.text.toLowerCase())) return true;
  }
  return false;
}
