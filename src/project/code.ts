/** The code of a run as the assembler reads it: the preprocessed text, with the assembler's own macros expanded. */
import { unbalancedBundles } from '../bundles/balance.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { parseTokens } from '../syntax/parse.ts';
import type { Token } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';

export interface AssemblerCode {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  /** A header is missing, which could define names as registers. */
  readonly unseen: boolean;
  readonly errors: readonly Diagnostic[];
}

export function readCode(preprocessed: Preprocessed): AssemblerCode {
  const { tokens, diagnostics } = expandAssemblerMacros(preprocessed.tokens);
  const { statements, errors } = parseTokens(tokens);
  const unseen = preprocessed.includes.some(({ resolved }) => resolved === undefined);
  return { statements, tokens, unseen, errors: [...diagnostics, ...errors, ...unbalancedBundles(statements, tokens)] };
}
