import { commandLine } from './command.ts';
import { lenientArguments, targetOption } from './common.ts';

export const lspOptions = commandLine({
  usage: 'lsp',
  describe: 'a language server for editors, over standard input and output (docs/editors.md)',
  options: {
    target: targetOption,
    // Two that clients add of themselves.
    stdio: { type: 'boolean', describe: 'there is no other way to talk to it' },
    clientProcessId: { type: 'string', requiresArg: true, hidden: true },
  },
  async run(args, flags) {
    const { lspCommand } = await import('../commands/lsp.ts');
    const { files: _, ...rest } = lenientArguments(flags, { ...args, files: [] });
    return lspCommand({ ...rest, baseline: null, maxWarnings: null });
  },
});
