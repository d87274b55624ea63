/** The C preprocessor for assembler-with-cpp, over the project's tokens. */
export { createCache, type PreprocessCache, withOwn } from './cache.ts';
export { allConfigurations, type ConfiguredRun, configured, coveringRuns } from './configurations.ts';
export { type Deciding, type Decision, decidingSettings } from './deciding.ts';
export { preprocess } from './preprocess.ts';
export type { Command, Host, Preprocessed, PreprocessOptions } from './types.ts';
