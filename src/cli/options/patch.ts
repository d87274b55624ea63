import { Failure } from '../failure.ts';
import { commandLine } from './command.ts';
import { outputOption, outputPath } from './common.ts';

export const patchOptions = commandLine({
  usage: 'patch <object>',
  describe: 'the sites of a joint listing, assembled or linked, as one target has them',
  positionals: { object: { type: 'string', demandOption: true, describe: 'an object file or a linked image' } },
  options: {
    target: {
      alias: 't',
      type: 'string',
      requiresArg: true,
      describe: 'the target whose code to put to the sites: native, xen ...',
    },
    output: outputOption('the file to write'),
    list: { type: 'boolean', default: false, describe: 'print the sites and what each target has there' },
  },
  async run(args) {
    const { patchCommand } = await import('../commands/patch.ts');
    const { object, target = null, output = null, list } = args;
    if (Array.isArray(target)) throw new Failure('patch takes one target: what stands at a site is for one');
    if (target === null && !list) throw new Failure('patch needs -t TARGET, or --list');
    if (target === null && output !== null) throw new Failure('-o needs -t TARGET: which code is to be written');
    if (target !== null && output === null) throw new Failure('patch needs -o FILE');
    if (list && target !== null) throw new Failure('--list prints the sites, -t patches them: give one of the two');
    return patchCommand({ object, target, output: outputPath(args.output), list });
  },
});
