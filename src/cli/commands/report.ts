/** `pvasm report`: what a rewrite costs and changes, and why that is safe. */

import { asciiJson } from '../../lint/formats/format.ts';
import { build } from '../../pipeline.ts';
import type { DocumentBlock } from '../../report/document.ts';
import { documentMarkdown } from '../../report/markdown.ts';
import { reportModel } from '../../report/report.ts';
import { reportDocument } from '../../report/report-document.ts';
import { documentText } from '../../report/text.ts';
import { ExitCode } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { writeOut } from '../output.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';

export type ReportFormat = 'text' | 'md' | 'json';

export interface ReportArguments extends CommandArguments {
  readonly format: ReportFormat;
}

export function reportCommand(given: ReportArguments): ExitCode {
  const options = pipelineOptions(given);
  const built = build(options);
  failOnErrors(built.rewritten.diagnostics);
  const report = reportModel(built, options);
  print(given.format, report, () => reportDocument(report));
  return report.refused.length + built.failures.length > 0 ? ExitCode.findings : ExitCode.clean;
}

/** Prints a model: itself as JSON, or the document that shows it. */
export function print(format: ReportFormat, model: object, document: () => DocumentBlock[]): void {
  const text =
    format === 'json' ? asciiJson(model) : format === 'md' ? documentMarkdown(document()) : documentText(document());
  writeOut(text);
}
