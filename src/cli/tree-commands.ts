/** Commands that a kernel tree's build runs, and their options. */
import type { Argv } from 'yargs';
import type { ExitCode } from './failure.ts';

/** Only for the help: `pvasm as` is read by itself, because its options are the assembler's. */
export function addAs(parser: Argv<object>): void {
  parser.command(
    'as [files..]',
    "in the assembler's place: rewritten in memory for one target, then assembled",
    (command) =>
      command
        .usage(AS_USAGE)
        .positional('files', { type: 'string', array: true })
        .option('target', { alias: 't', type: 'string', requiresArg: true, describe: AS_TARGET })
        .option('keep-going', { type: 'boolean', describe: 'assemble although a site stays native' })
        .hide('strict')
        .hide('conventions')
        .hide('configs'),
  );
}

const AS_TARGET = 'the target; left out: PVASM_TARGET, or the one of pvasm.toml';
const AS_USAGE = `$0 as [options of the assembler] FILE.s -o FILE.o [-t TARGET]

Runs the real assembler (PVASM_AS, or ia64-linux-gnu-as) on the listing for one target. Every other option goes on to it.
gcc finds this command with -B and the folder bin/gcc-as of this package.`;

/** What `init` looks for is told in docs/kernel-builds.md. */
export function addInit(parser: Argv<object>, choose: (call: () => Promise<ExitCode>) => never): void {
  parser.command('init', 'looks at the tree in the working directory, and writes a pvasm.toml to begin with', {}, () =>
    choose(async () => {
      const { initCommand } = await import('./commands/init.ts');
      return initCommand();
    }),
  );
}
