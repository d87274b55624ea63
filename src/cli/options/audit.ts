import { commandLine } from './command.ts';
import { formatOption, lenientArguments, requiredFiles, targetOption } from './common.ts';

export const auditOptions = commandLine({
  usage: 'audit <files..>',
  describe: 'every privileged and sensitive instruction, and why a hypervisor must see it',
  positionals: { files: requiredFiles },
  options: { target: targetOption, format: formatOption },
  async run(args, flags) {
    const { auditCommand } = await import('../commands/audit.ts');
    return auditCommand({ ...lenientArguments(flags, args), format: args.format });
  },
});
