import { commandLine } from './command.ts';
import {
  GCC_FLAGS,
  outputOption,
  outputPath,
  parserJudge,
  requiredFiles,
  sourceArguments,
  targetOption,
} from './common.ts';

export const rewriteOptions = commandLine({
  usage: 'rewrite <files..>',
  describe: 'plain source to macro-ised source',
  positionals: { files: requiredFiles },
  options: {
    target: targetOption,
    output: outputOption('write DIR/<name>'),
    'in-place': { type: 'boolean', describe: 'change the files themselves', conflicts: ['output', 'diff'] },
    'with-headers': { type: 'boolean', implies: 'in-place', describe: 'in place, headers with sites too' },
    diff: { type: 'boolean', describe: 'print what would change' },
  },
  epilogue: GCC_FLAGS,
  async run(args, flags) {
    const { inPlace = false, withHeaders = false, diff = false } = args;
    const call = { ...sourceArguments(flags, args), output: outputPath(args.output), inPlace, withHeaders, diff };
    const { readPlainly, rewriteUntouched } = await import('../commands/untouched.ts');
    const plain = readPlainly(call);
    const done = plain === null ? null : rewriteUntouched(plain, await parserJudge());
    if (done !== null) return done;
    const { rewriteCommand } = await import('../commands/rewrite.ts');
    return rewriteCommand(plain ?? call);
  },
});
