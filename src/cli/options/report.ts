import { BASE_TARGET, DEFAULT_VARIANTS } from '../../expand/shipped-targets.ts';
import { Failure } from '../failure.ts';
import { withSlashes } from '../path-text.ts';
import { commandLine } from './command.ts';
import { formatOption, requiredFiles, sourceArguments, targetOption } from './common.ts';

/** A report compares the alternatives. */
const DEFAULT_TARGETS = [BASE_TARGET, ...DEFAULT_VARIANTS];

export const reportOptions = commandLine({
  usage: 'report <files..>',
  describe: 'what each target costs and changes, and why that is safe',
  positionals: { files: requiredFiles },
  options: {
    target: targetOption,
    format: { ...formatOption, choices: ['text', 'md', 'json', 'html'] },
    pictures: {
      type: 'string',
      requiresArg: true,
      describe: 'write SVG pictures to a folder: costs, slots, and of each handler liveness and flow',
    },
    at: {
      type: 'string',
      requiresArg: true,
      describe: 'only a handler, a macro or FILE:LINE: what changed, what it clobbers, whether it fits',
    },
    operation: { type: 'string', requiresArg: true, describe: 'only sites of an operation: THASH' },
    refused: {
      type: 'boolean',
      default: false,
      describe: 'only what stays native, or in place where a call was asked for, and why',
    },
    alternatives: {
      // Without a default: a default would be in conflict with the others.
      type: 'boolean',
      conflicts: ['at', 'operation'],
      describe: 'all ways to serve native and one other target, beside each other: what each takes and executes',
    },
  },
  async run(args, flags) {
    const call = { ...sourceArguments(flags, args), defaultTargets: DEFAULT_TARGETS };
    const { format } = args;
    if (args.alternatives === true) {
      const { alternativesCommand } = await import('../commands/alternatives.ts');
      if (format === 'html') throw new Failure('--alternatives takes --format text, md or json');
      return alternativesCommand({ ...call, format });
    }
    const { reportCommand } = await import('../commands/report.ts');
    const { pictures = null, at = null, operation = null, refused } = args;
    const question = { at: at === null ? null : withSlashes(at), operation, refused };
    return reportCommand({ ...call, format, pictures, question });
  },
});
