/** Every command and its options: what the help, the manual page and completion are made of. */
import { auditOptions } from './audit.ts';
import { buildOptions } from './build.ts';
import { checkOptions } from './check.ts';
import { type CommandLine, commandLine } from './command.ts';
import { diffOptions } from './diff.ts';
import { explainOptions } from './explain.ts';
import { headerOptions } from './header.ts';
import { lspOptions } from './lsp.ts';
import { patchOptions } from './patch.ts';
import { reportOptions } from './report.ts';
import { rewriteOptions } from './rewrite.ts';
import { targetOptions, targetsOptions } from './targets.ts';
import { asOptions, initOptions } from './tree.ts';
import { verifyOptions } from './verify.ts';

/** It stands here because it is about all of them. */
const completionOptions = commandLine({
  usage: 'completion [shell]',
  describe: 'print a script for shell completion (for the shell that runs)',
  positionals: { shell: { choices: ['bash', 'zsh', 'fish'], describe: 'for another one' } },
  hidden: ['strict', 'conventions', 'config', 'configs'],
  async run(args) {
    const { completionCommand } = await import('../commands/completion.ts');
    return completionCommand((args.shell as string | undefined) ?? null, COMMANDS, GLOBAL_OPTIONS);
  },
});

/** In the order of the help. */
export const COMMANDS: readonly CommandLine[] = [
  rewriteOptions,
  buildOptions,
  reportOptions,
  auditOptions,
  checkOptions,
  diffOptions,
  explainOptions,
  patchOptions,
  headerOptions,
  targetOptions,
  targetsOptions,
  verifyOptions,
  lspOptions,
  asOptions,
  initOptions,
  completionOptions,
];

/** What every command takes. */
export const GLOBAL_OPTIONS = {
  strict: {
    type: 'boolean',
    describe:
      'a missing header is an error (where registers are chosen: yes); --no-strict: a warning, and a name that it defines may be a register that is taken',
    global: true,
  },
  conventions: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    requiresArg: true,
    describe: 'a file of conventions (TOML) or a shipped name, behind linux-ia64; none: not that either',
    global: true,
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'in place of the nearest pvasm.toml; --no-config: none',
    global: true,
  },
  configs: {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    default: [] as string[],
    describe: 'configurations: all, or a set of flags: "-DCONFIG_SMP -UCONFIG_NUMA"; repeats',
    global: true,
  },
} as const;
