import { commandLine } from './command.ts';
import {
  GCC_FLAGS,
  numberOf,
  onceOrWatching,
  outputOption,
  outputPath,
  parserJudge,
  requiredFiles,
  sourceArguments,
  targetOption,
  watchOption,
} from './common.ts';

export const buildOptions = commandLine({
  usage: 'build <files..>',
  describe: 'one listing for each file and target',
  positionals: { files: requiredFiles },
  options: {
    target: targetOption,
    output: outputOption('write DIR/<target>/<name>'),
    'keep-going': {
      alias: 'k',
      type: 'boolean',
      default: false,
      describe: 'write listings although a site stays native in them, which still exits 1',
    },
    'link-together': {
      type: 'boolean',
      default: false,
      describe: 'symbols of all but the first target have names of their own: one image holds all listings',
    },
    jobs: {
      alias: 'j',
      type: 'string',
      requiresArg: true,
      describe: 'sources that are built at a time, each in a thread (1)',
    },
    watch: watchOption,
  },
  epilogue: GCC_FLAGS,
  async run(args, flags) {
    const { keepGoing, linkTogether } = args;
    const jobs = numberOf('--jobs', args.jobs, 1) ?? 1;
    const call = { ...sourceArguments(flags, args), output: outputPath(args.output), keepGoing, linkTogether, jobs };
    return onceOrWatching(args.watch, call.files, async () => {
      const { buildUntouched, readPlainly } = await import('../commands/untouched.ts');
      const plain = readPlainly(call);
      const done = plain === null ? null : buildUntouched(plain, await parserJudge());
      if (done !== null) return done;
      const { buildCommand } = await import('../commands/build.ts');
      return buildCommand(plain ?? call);
    });
  },
});
