import { commandLine } from './command.ts';
import { lenientArguments } from './common.ts';

export const explainOptions = commandLine({
  usage: 'explain <what> [register]',
  describe: 'why a register is free or not at FILE:LINE; what a rule (PV001), thash or XSI_IFA is',
  positionals: {
    what: {
      type: 'string',
      demandOption: true,
      describe: 'FILE:LINE, a rule, an operation, an instruction, a name of a target',
    },
    register: { type: 'string', describe: 'r8, b6, p6 ...' },
  },
  options: {
    in: {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      default: [] as string[],
      describe: 'a source that includes FILE; repeats',
    },
  },
  async run(args, flags) {
    const { explainCommand } = await import('../commands/explain.ts');
    const { files: _, ...rest } = lenientArguments(flags, { ...args, files: [], target: ['native'] });
    return explainCommand({ ...rest, what: args.what, register: args.register ?? null, sources: args.in });
  },
});
