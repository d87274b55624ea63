import { ExitCode } from '../failure.ts';
import { writeOut } from '../output.ts';
import { shippedTargetNames } from '../shipped.ts';
import { commandLine } from './command.ts';

export const targetOptions = commandLine({
  usage: 'target <targets..>',
  describe: 'check target files by themselves: every operation, in every shape of its assignment',
  positionals: {
    targets: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'a target file, or the name of a shipped target',
    },
  },
  async run(args) {
    const { targetCommand } = await import('../commands/target.ts');
    return targetCommand({ targets: args.targets.map(String) });
  },
});

export const targetsOptions = commandLine({
  usage: 'targets',
  describe: 'the targets that ship with the tool',
  async run() {
    writeOut(`${shippedTargetNames().join('\n')}\n`);
    return ExitCode.clean;
  },
});
