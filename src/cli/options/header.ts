import { commandLine } from './command.ts';
import { optionalFiles, outputOption, outputPath, sourceArguments, targetOption } from './common.ts';

export const headerOptions = commandLine({
  usage: 'header [files..]',
  describe: "a target's macros for cpp and gas, which build macro-ised source without pvasm",
  positionals: {
    files: { ...optionalFiles, describe: 'macro-ised sources, whose code is to be that of their listings' },
  },
  options: { target: targetOption, output: outputOption('the header to write') },
  async run(args, flags) {
    const { headerCommand } = await import('../commands/header.ts');
    return headerCommand({ ...sourceArguments(flags, args), output: outputPath(args.output) });
  },
});
