/** `pvasm audit`: every privileged and sensitive instruction, by what a hypervisor must intercept. */
import { buildMerged } from '../../merged-builds.ts';
import { auditModel } from '../../report/audit.ts';
import { auditDocument } from '../../report/audit-document.ts';
import { ExitCode } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { withProgress } from '../progress.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';
import { print, type TextFormat } from './report.ts';

export interface AuditArguments extends CommandArguments {
  readonly format: TextFormat;
}

export function auditCommand(given: AuditArguments): ExitCode {
  const options = pipelineOptions(given);
  const built = withProgress(options.inputs.length, (onRead) => buildMerged({ ...options, onRead }));
  failOnErrors(built.rewritten.diagnostics);
  const audit = auditModel(built, options.operations);
  print(given.format, audit, () => auditDocument(audit));
  return ExitCode.clean;
}
