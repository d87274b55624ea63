export { expandAssemblerMacros, invokeMacro, type MacroResult } from './expand.ts';
export { evaluate } from './expression.ts';
export { type AssemblerMacro, diagnosticAt, type MacroState, type SymbolValue } from './model.ts';
export { statementEnd, textOf, wordAt } from './statements.ts';
export { withoutSpace } from './substitute.ts';
