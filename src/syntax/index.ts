export { type Diagnostic, formatDiagnostic, type Severity } from './diagnostic.ts';
export { applyEdits, checkEdits, type Edit } from './edits.ts';
export { localReference, numberValue } from './number.ts';
export { type ParseOptions, parseExpression, parseSource, parseTokens } from './parse.ts';
export { printTree } from './print.ts';
export { type Position, SourceText } from './source.ts';
export { type MacroUse, type Token, TokenKind } from './token.ts';
export { createToken, type Dialect, tokenize } from './tokenize.ts';
export type { CppDirective, Expression, Instruction, MacroArgument, Span, Statement, Tree } from './tree.ts';
