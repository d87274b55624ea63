/** `pvasm report`: what a rewrite costs and changes, and why that is safe. */

import { asciiJson } from '../../lint/formats/format.ts';
import { type Built, build } from '../../pipeline.ts';
import type { DocumentBlock } from '../../report/document.ts';
import { handlersOfLines } from '../../report/handlers.ts';
import { documentMarkdown } from '../../report/markdown.ts';
import type { Report } from '../../report/model.ts';
import { reportModel } from '../../report/report.ts';
import { reportDocument } from '../../report/report-document.ts';
import { NoAnswer, type ReportQuery, type Selection, select } from '../../report/selection.ts';
import { selectionDocument } from '../../report/selection-document.ts';
import { documentText } from '../../report/text.ts';
import { ExitCode, Failure } from '../failure.ts';
import { failOnErrors } from '../messages.ts';
import { writeOut } from '../output.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';

export type ReportFormat = 'text' | 'md' | 'json';

export interface ReportArguments extends CommandArguments {
  readonly format: ReportFormat;
  /** What a reviewer asks for; all null and false: the whole report. */
  readonly question: ReportQuery;
}

export function reportCommand(given: ReportArguments): ExitCode {
  const options = pipelineOptions(given);
  const built = build(options);
  failOnErrors(built.rewritten.diagnostics);
  const report = reportModel(built, options);
  const { question } = given;
  if (question.at === null && question.operation === null && !question.refused)
    print(given.format, report, () => reportDocument(report));
  else {
    const selection = answer(report, question, built);
    print(given.format, selection.report, () => selectionDocument(selection, question));
  }
  return report.refused.length + built.failures.length > 0 ? ExitCode.findings : ExitCode.clean;
}

function answer(report: Report, question: ReportQuery, { rewritten }: Built): Selection {
  try {
    return select(report, question, handlersOfLines(rewritten.project.units));
  } catch (error) {
    throw error instanceof NoAnswer ? new Failure(error.message) : error;
  }
}

/** Prints a model: itself as JSON, or the document that shows it. */
export function print(format: ReportFormat, model: object, document: () => DocumentBlock[]): void {
  const text =
    format === 'json' ? asciiJson(model) : format === 'md' ? documentMarkdown(document()) : documentText(document());
  writeOut(text);
}
