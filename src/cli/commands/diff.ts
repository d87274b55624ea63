/** `pvasm diff`: a source and its variants, as a unified diff or in columns. */
import type { ListingEdit } from '../../expand/listing.ts';
import { buildMerged, type MergedBuilt } from '../../merged-builds.ts';
import type { MergedListing } from '../../merged-listings.ts';
import { targetFolder } from '../../output-places.ts';
import type { Listing, PipelineOptions } from '../../pipeline.ts';
import { groupBy } from '../../report/group.ts';
import { sitesHeading } from '../../report/hunk-headings.ts';
import { versionsDiff } from '../../report/hunks.ts';
import { colourPaint, type Paint, plainPaint } from '../../report/paint.ts';
import { patchName } from '../../report/patch-names.ts';
import { sideBySide } from '../../report/side-by-side.ts';
import type { SourceText } from '../../syntax/source.ts';
import { ExitCode } from '../failure.ts';
import { failOnErrors, printFailures } from '../messages.ts';
import { wantsColour, writeOut } from '../output.ts';
import { withProgress } from '../progress.ts';
import { pipelineOptions } from '../settings.ts';
import type { CommandArguments } from './command.ts';

export interface DiffArguments extends CommandArguments {
  /** Null: side by side on a terminal, unified elsewhere. */
  readonly format: 'unified' | 'side' | 'html' | null;
  /** Columns; null: those of the terminal. */
  readonly width: number | null;
  /** Null: on a terminal only. */
  readonly color: boolean | null;
}

/** Columns where there is no terminal to ask. */
const defaultWidth = 160;

export async function diffCommand(given: DiffArguments): Promise<ExitCode> {
  const options = pipelineOptions(given);
  const built = withProgress(options.inputs.length, (onRead) => buildMerged({ ...options, onRead }));
  failOnErrors(built.rewritten.diagnostics);
  printFailures(
    built.plans.flatMap((plan) => plan.failures.map((failure) => ({ ...failure, label: plan.choice.label }))),
  );
  if (given.format === 'html') writeOut(await pageOf(built, options));
  else printTexts(given, given.format, built);
  return built.failures.length > 0 ? ExitCode.findings : ExitCode.clean;
}

/** The page is only loaded where one is asked for. */
async function pageOf(built: MergedBuilt, options: PipelineOptions): Promise<string> {
  const [{ reportModel }, { pageModel }, { pageHtml }] = await Promise.all([
    import('../../report/report.ts'),
    import('../../page/model.ts'),
    import('../../page/html.ts'),
  ]);
  return pageHtml(pageModel(built, reportModel(built, options)), 'diff');
}

function printTexts(given: DiffArguments, asked: 'unified' | 'side' | null, built: MergedBuilt): void {
  const terminal = process.stdout.isTTY === true;
  const paint = wantsColour(given.color) ? colourPaint : plainPaint;
  const format = asked ?? (terminal ? 'side' : 'unified');
  const width = given.width ?? (terminal ? process.stdout.columns : defaultWidth);
  for (const version of groupBy(
    built.listings,
    ({ file, builtFor }) => `${file.name}\n${namesOf(builtFor)}`,
  ).values()) {
    const listings = version as [MergedListing, ...MergedListing[]];
    const [{ file, builtFor }] = listings;
    const text = format === 'side' ? columnsText(file, listings, width, paint) : unifiedText(file, listings, paint);
    // All programs that apply diffs ignore the text before one.
    if (text !== '' && builtFor.length > 0) writeOut(`# ${file.name}, as built for ${namesOf(builtFor)}\n`);
    writeOut(text);
  }
}

function namesOf(files: readonly SourceText[]): string {
  return files.map(({ name }) => name).join(', ');
}

/**
 * The first target against each other one; the source against it when it is the only one. A diff of the source applies where the
 * source stands, and one of two variants where the first of them was put in the source's place.
 */
function unifiedText(file: SourceText, listings: readonly Listing[], paint: Paint): string {
  const [first, ...others] = listings as [Listing, ...Listing[]];
  const options = { heading, paint };
  const source = patchName('a', file.name);
  if (others.length === 0) return versionsDiff(file, [[], wholeEdits(first)], [source, labelOf(first)], options);
  return others
    .map((other) =>
      versionsDiff(file, [wholeEdits(first), wholeEdits(other)], [labelOf(first), labelOf(other)], options),
    )
    .join('');
}

/** The source and each variant that is not the source itself. */
function columnsText(file: SourceText, listings: readonly Listing[], width: number, paint: Paint): string {
  const equal = listings.filter(({ text }) => text === file.text);
  const changed = listings.filter(({ text }) => text !== file.text);
  if (changed.length === 0) return '';
  const source = [file.name, ...equal.map(({ choice }) => choice.label)].join(' = ');
  return sideBySide(file, [[], ...changed.map(wholeEdits)], [source, ...changed.map(({ choice }) => choice.label)], {
    width,
    heading,
    paint,
  });
}

/** A listing's edits, the shared routines behind its end included. */
function wholeEdits({ file, edits, tail }: Listing): ListingEdit[] {
  const end = file.text.length;
  return tail === '' ? [...edits] : [...edits, { start: end, end, text: tail, planned: null }];
}

/** `xen-a/arch/ia64/kernel/ivt.S`: the folder that `build -o` would write to in place of git's `b`. */
function labelOf({ choice, file }: Listing): string {
  return patchName(targetFolder(choice.label), file.name);
}

function heading(edits: readonly ListingEdit[]): string {
  const sites = edits.flatMap(({ planned }) => (planned === null ? [] : [planned.site]));
  if (sites.length > 0) return sitesHeading(sites);
  return edits.some(({ start }) => start > 0) ? 'shared routines' : 'line marker';
}
