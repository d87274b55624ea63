export { splitArguments } from './arguments.ts';
export { type Diagnostic, formatDiagnostic } from './diagnostic.ts';
export { applyEdits, checkEdits, type Edit } from './edits.ts';
export { parseExpression, parseSource, parseTokens } from './parse.ts';
export { printTree } from './print.ts';
export { SourceText } from './source.ts';
export { type MacroUse, type Token, TokenKind } from './token.ts';
export { type Dialect, tokenize } from './tokenize.ts';
export type { Expression, Instruction, MacroArgument, Span, Statement, Tree } from './tree.ts';
