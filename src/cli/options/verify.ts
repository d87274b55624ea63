import { DEFAULT_VARIANTS } from '../../expand/shipped-targets.ts';
import { commandLine } from './command.ts';
import { numberOf, optionalFiles, sourceArguments, targetOption } from './common.ts';

/** What can be executed beside the source. */

export const verifyOptions = commandLine({
  usage: 'verify [files..]',
  describe: 'listings executed beside their source; without files, the bodies of targets beside their instructions',
  positionals: { files: optionalFiles },
  options: {
    target: targetOption,
    states: { type: 'string', requiresArg: true, describe: 'states for each entry (100), or body (24)' },
    seed: { type: 'string', requiresArg: true, describe: 'the first state (1)' },
    entry: { type: 'string', requiresArg: true, describe: 'only this vector or routine' },
    steps: { type: 'string', requiresArg: true, describe: 'the most instructions of an entry (20000)' },
  },
  async run(args, flags) {
    const { verifyCommand } = await import('../commands/verify.ts');
    return verifyCommand({
      ...sourceArguments(flags, args),
      defaultTargets: DEFAULT_VARIANTS,
      states: numberOf('--states', args.states, 1),
      seed: numberOf('--seed', args.seed),
      steps: numberOf('--steps', args.steps, 1),
      entry: args.entry ?? null,
    });
  },
});
