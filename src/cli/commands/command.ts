import type { PipelineArguments } from '../options.ts';

/** What every command that reads sources is given. */
export type CommandArguments = PipelineArguments;
