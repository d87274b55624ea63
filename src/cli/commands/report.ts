/** `pvasm report`: what a rewrite costs and changes, and why that is safe. */

import { join } from 'node:path';
import { asciiJson } from '../../lint/formats/format.ts';
import { buildMerged, type MergedBuilt } from '../../merged-builds.ts';
import type { DocumentBlock } from '../../report/document.ts';
import { handlersOfLines } from '../../report/handlers.ts';
import { documentMarkdown } from '../../report/markdown.ts';
import type { Report } from '../../report/model.ts';
import { reportModel } from '../../report/report.ts';
import { reportDocument } from '../../report/report-document.ts';
import { NoAnswer, type ReportQuery, type Selection, select } from '../../report/selection.ts';
import { selectionDocument } from '../../report/selection-document.ts';
import { wayLabels, waysOfSites } from '../../report/site-ways.ts';
import { documentText } from '../../report/text.ts';
import { ExitCode, Failure } from '../failure.ts';
import { readOptional } from '../files.ts';
import { splitJoint } from '../joint-targets.ts';
import { failOnErrors } from '../messages.ts';
import { writeOut } from '../output.ts';
import { splitTarget, targetLabel } from '../path-text.ts';
import { withProgress } from '../progress.ts';
import { pipelineOptions, pipelineSettings } from '../settings.ts';
import { writeFiles } from '../writing.ts';
import type { CommandArguments } from './command.ts';

/** What is printed of a model. */
export type TextFormat = 'text' | 'md' | 'json';
export type ReportFormat = TextFormat | 'html';

export interface ReportArguments extends CommandArguments {
  readonly format: ReportFormat;
  /** A folder for pictures; null: none are written. */
  readonly pictures: string | null;
  /** What a reviewer asks for; all null and false: the whole report. */
  readonly question: ReportQuery;
}

export async function reportCommand(given: ReportArguments): Promise<ExitCode> {
  const { options, config } = pipelineSettings(given);
  const built = withProgress(options.inputs.length, (onRead) => buildMerged({ ...options, onRead }));
  failOnErrors(built.rewritten.diagnostics);
  const report = reportModel(built, options);
  const { question } = given;
  if (given.pictures !== null) await writePictures(given.pictures, built, report);
  if (question.at === null && question.operation === null && !question.refused)
    await printReport(given.format, built, report);
  else {
    const asked = { ...given, read: options.inputs, targets: config.targets ?? given.defaultTargets };
    const selection = withWays(answer(report, question, built), question, asked);
    if (given.format === 'html')
      throw new Failure('--format html shows all sites, with filters: it goes without --at, --operation and --refused');
    print(given.format, selection.report, () => selectionDocument(selection, question));
  }
  return report.refused.length + built.failures.length > 0 ? ExitCode.findings : ExitCode.clean;
}

async function printReport(format: ReportFormat, built: MergedBuilt, report: Report): Promise<void> {
  if (format !== 'html') return print(format, report, () => reportDocument(report));
  const [{ pageModel }, { pageHtml }] = await Promise.all([
    import('../../page/model.ts'),
    import('../../page/html.ts'),
  ]);
  writeOut(pageHtml(pageModel(built, report), 'report'));
}

/** Every picture of a report as a file of its own. */
async function writePictures(folder: string, built: MergedBuilt, report: Report): Promise<void> {
  const [{ makePictures }, { pictureFile }] = await Promise.all([
    import('../../pictures/all.ts'),
    import('../../pictures/svg.ts'),
  ]);
  const { costs, vectors, handlers } = makePictures(built, report);
  const all = [...costs, ...vectors, ...handlers.flatMap(({ liveness, flow }) => [liveness, flow])];
  const byName = new Map(all.map((picture) => [picture.name, picture]));
  writeFiles(
    [...byName.values()].map((picture) => ({ path: join(folder, `${picture.name}.svg`), text: pictureFile(picture) })),
  );
}

function answer(report: Report, question: ReportQuery, { rewritten }: MergedBuilt): Selection {
  try {
    return select(report, question, handlersOfLines(rewritten.project.units));
  } catch (error) {
    throw error instanceof NoAnswer ? new Failure(error.message) : error;
  }
}

/** The targets that a call names, alone or joined, but the bare machine's. */
function hypervisorsOf(labels: readonly string[]): string[] {
  const names = labels.flatMap(
    (label) => splitJoint(label, (path) => readOptional(path) !== undefined)?.names ?? [splitTarget(label).name],
  );
  return [...new Set(names)].filter((name) => name !== NATIVE);
}

const NATIVE = 'native';

/** With what every way makes of the sites of a line, for each hypervisor of the call. */
function withWays(
  selection: Selection,
  { at, refused }: ReportQuery,
  given: ReportArguments & { readonly targets: readonly string[] },
): Selection {
  const { report, handlers } = selection;
  if (at === null || refused || handlers.length > 0 || report.sites.length === 0) return selection;
  const asked = hypervisorsOf(given.targets).map((target) => {
    const built = wayLabels(target).map((targets) => buildMerged(pipelineOptions({ ...given, targets })));
    return waysOfSites(targetLabel(target), built);
  });
  const sites = report.sites.map((site) => ({ ...site, ways: asked.flatMap((waysOf) => waysOf(site)) }));
  return { ...selection, report: { ...report, sites } };
}

/** Prints a model: itself as JSON, or the document that shows it. */
export function print(format: TextFormat, model: object, document: () => DocumentBlock[]): void {
  const text =
    format === 'json' ? asciiJson(model) : format === 'md' ? documentMarkdown(document()) : documentText(document());
  writeOut(text);
}
