export { expandAssemblerMacros, invokeMacro, type MacroOptions, type MacroResult } from './expand.ts';
export { evaluate } from './expression.ts';
export {
  type AssemblerMacro,
  createMacroState,
  diagnosticAt,
  type MacroState,
  type Parameter,
  type SymbolValue,
} from './model.ts';
export { usesMacroLanguage } from './scan.ts';
export { endsStatement, statementEnd, textOf, wordAt } from './statements.ts';
export { withoutSpace } from './substitute.ts';
