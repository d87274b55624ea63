/** The C preprocessor for assembler-with-cpp, over the project's tokens. */
export { createCache, type PreprocessCache } from './cache.ts';
export {
  allConfigurations,
  type Configuration,
  type ConfiguredRun,
  configured,
  coveringRuns,
} from './configurations.ts';
export { macroTokens } from './definition.ts';
export { preprocess } from './preprocess.ts';
export type { ConditionalBranch, ConditionalGroup, ConditionalKeyword, FileStructure } from './structure.ts';
export { adoptTokens } from './tokens.ts';
export type { Command, Conditional, Host, Include, MacroDefinition, Preprocessed, PreprocessOptions } from './types.ts';
