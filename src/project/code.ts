/** The code of a run as the assembler reads it: the preprocessed text, with the assembler's own macros expanded. */
import { unbalancedBundles } from '../bundles/balance.ts';
import { expandAssemblerMacros } from '../macros/expand.ts';
import type { Preprocessed } from '../preprocess/types.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { LineParser } from '../syntax/line-parser.ts';
import type { Token } from '../syntax/token.ts';
import type { Statement } from '../syntax/tree.ts';

export interface AssemblerCode {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  /** A header is missing, which could define names as registers. */
  readonly unseen: boolean;
  /** Names that `.ifdef` and the like have found undefined. */
  readonly undefinedNames: ReadonlySet<string>;
  readonly errors: readonly Diagnostic[];
}

/** @param parser that of other runs of the same source, so that what they have in common is parsed once */
export function readCode(preprocessed: Preprocessed, parser = new LineParser()): AssemblerCode {
  const expanded = expandAssemblerMacros(preprocessed.tokens);
  const { statements, tokens, errors } = parser.parse(expanded.tokens);
  const unseen = preprocessed.includes.some(({ resolved }) => resolved === undefined);
  const diagnostics = [...expanded.diagnostics, ...errors, ...unbalancedBundles(statements, tokens)];
  const { undefinedNames } = expanded.state;
  return { statements, tokens, unseen, undefinedNames, errors: diagnostics };
}
