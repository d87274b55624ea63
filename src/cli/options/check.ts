import { commandLine } from './command.ts';
import {
  colorOption,
  GCC_FLAGS,
  lenientArguments,
  numberOf,
  onceOrWatching,
  optionalFiles,
  targetOption,
  watchOption,
} from './common.ts';

export const checkOptions = commandLine({
  usage: 'check [files..]',
  describe: 'the lint: what would break, or slow down, a guest',
  positionals: { files: optionalFiles },
  options: {
    target: targetOption,
    format: {
      choices: ['text', 'gcc', 'json', 'sarif', 'github'],
      default: 'text',
      requiresArg: true,
      describe: 'how findings are printed',
    },
    color: colorOption,
    fix: { type: 'boolean', default: false, describe: 'change the files where the repair is certain' },
    'with-includers': {
      type: 'boolean',
      default: false,
      describe: 'in place of a header, the sources tracked by git that include it',
    },
    'changed-since': {
      type: 'string',
      requiresArg: true,
      describe: 'only what git says has changed since a revision, and what includes it; without files: all it tracks',
    },
    'show-suppressed': { type: 'boolean', default: false, describe: 'list accepted findings, and why' },
    'max-warnings': { type: 'string', requiresArg: true, describe: 'fail only beyond so many warnings' },
    baseline: { type: 'string', requiresArg: true, describe: 'a file with the number of old findings' },
    'write-baseline': { type: 'string', requiresArg: true, describe: 'write that file from the findings of now' },
    'print-config': { type: 'string', requiresArg: true, describe: 'print what holds for a file, and why' },
    watch: watchOption,
  },
  epilogue: GCC_FLAGS,
  async run(args, flags) {
    const { checkCommand } = await import('../commands/check.ts');
    const { format, fix, showSuppressed, withIncluders, changedSince = null, color = null } = args;
    const { baseline = null, writeBaseline = null, printConfig = null } = args;
    const call = {
      ...lenientArguments(flags, args),
      ...{ format, fix, showSuppressed, withIncluders, changedSince, color, baseline, writeBaseline, printConfig },
      maxWarnings: numberOf('--max-warnings', args.maxWarnings),
    };
    return onceOrWatching(args.watch, call.files, () => checkCommand(call));
  },
});
