/** Commands that a kernel tree's build runs. */
import { Failure } from '../failure.ts';
import { commandLine } from './command.ts';

const AS_USAGE = `$0 as [options of the assembler] FILE.s -o FILE.o [-t TARGET]

Runs the real assembler (PVASM_AS, or ia64-linux-gnu-as) on the listing for one target. Every other option goes on to it.
gcc finds this command with -B and the folder bin/gcc-as of this package.`;

/** `src/cli/main.ts` reads the arguments of `pvasm as`, because its options are the assembler's: this is its help. */
export const asOptions = commandLine({
  usage: 'as [files..]',
  describe: "in the assembler's place: rewritten in memory for one target, then assembled",
  help: AS_USAGE,
  positionals: { files: { type: 'string', array: true } },
  options: {
    target: {
      alias: 't',
      type: 'string',
      requiresArg: true,
      describe: 'the target; left out: PVASM_TARGET, or the one of pvasm.toml',
    },
    'keep-going': { type: 'boolean', describe: 'assemble although a site stays native' },
  },
  hidden: ['strict', 'conventions', 'configs'],
  run() {
    throw new Failure("'as' must be the first word: pvasm as ..., with its options behind it");
  },
});

/** docs/kernel-builds.md describes what it looks for. */
export const initOptions = commandLine({
  usage: 'init',
  describe: 'looks at the tree in the working directory, and writes a pvasm.toml to begin with',
  async run() {
    const { initCommand } = await import('../commands/init.ts');
    return initCommand();
  },
});
