import { Failure } from '../failure.ts';
import { commandLine } from './command.ts';
import { colorOption, requiredFiles, sourceArguments, targetOption } from './common.ts';

export const diffOptions = commandLine({
  usage: 'diff <files..>',
  describe: 'the source and its variants, for review',
  positionals: { files: requiredFiles },
  options: {
    target: targetOption,
    format: {
      choices: ['unified', 'side', 'html'],
      requiresArg: true,
      describe: 'unified, side by side (on a terminal: side), or a page for the browser',
    },
    width: { type: 'string', requiresArg: true, describe: 'columns, side by side' },
    color: colorOption,
  },
  async run(args, flags) {
    const { diffCommand } = await import('../commands/diff.ts');
    const { format = null, color = null } = args;
    return diffCommand({ ...sourceArguments(flags, args), format, width: widthOf(args.width), color });
  },
});

/** Columns for side by side; null when none were asked for. */
function widthOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,4}$/.test(given)) throw new Failure(`'${given}' is no width`);
  return Number(given);
}
