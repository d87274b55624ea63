/** `pvasm build`: source to one listing for each file and target. */
import { join } from 'node:path';
import type { LinkRules } from '../../config/link-rules.ts';
import { firstMarker, type Output } from '../../expand/headers.ts';
import { type TargetChoice, targetsOf } from '../../expand/plan.ts';
import { tableFiles } from '../../expand/table-files.ts';
import { linkedListing } from '../../linked-listings.ts';
import { targetFolder } from '../../output-places.ts';
import type { PipelineOptions } from '../../pipeline.ts';
import { fileKey } from '../../project/files.ts';
import type { FinishedFile, SeparateBuilds } from '../../separate-builds.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { dependencyFiles, filesOf, type Prerequisites } from '../depfile.ts';
import { ExitCode, Failure } from '../failure.ts';
import { STANDARD_INPUT } from '../files.ts';
import { failOnLeftNative, sitesLeft } from '../left-native.ts';
import { Linking, refuseUnlinkable } from '../link-together.ts';
import { failOnErrors, uniqueDiagnostics } from '../messages.ts';
import { writeOut } from '../output.ts';
import { outputPlaces, pathsFrom, refuseToOverwrite } from '../places.ts';
import { progressLine } from '../progress.ts';
import { pipelineSettings } from '../settings.ts';
import { buildAll } from '../threads/build-all.ts';
import type { BuiltFile } from '../threads/share.ts';
import { type OutputFile, writeFiles } from '../writing.ts';
import type { CommandArguments } from './command.ts';

export interface BuildArguments extends CommandArguments {
  /** The folder of the listings; null: the one listing goes to standard output. */
  readonly output: string | null;
  /** Listings in which a site stays native are written all the same. */
  readonly keepGoing: boolean;
  /** The listings of all targets go into one image. */
  readonly linkTogether: boolean;
  /** How many sources are built at a time. */
  readonly jobs: number;
}

export async function buildCommand(given: BuildArguments): Promise<ExitCode> {
  const { options, config, acceptsNative } = pipelineSettings(given);
  if (given.linkTogether) refuseUnlinkable(options.targets, given.output);
  const built = await buildShowing(options, given);
  const stopped = failOnLeftNative(built, acceptsNative, given.keepGoing ? null : '--keep-going writes');
  if (stopped !== null) return stopped;
  if (given.output === null) {
    const depfiles = dependencyFiles(given.dependencies, prerequisites(built, new Map()));
    printOnly(built, given);
    writeFiles(depfiles);
  } else {
    const linking = given.linkTogether ? linkingOf(built, options, config.linkRules, given.output) : null;
    const { outputs, listings } = outputsOf(built, given, options.targets, given.output, linking);
    const depfiles = dependencyFiles(given.dependencies, prerequisites(built, listings));
    refuseToOverwrite(
      [...outputs, ...depfiles].map(({ path }) => path),
      sourcesRead(built),
      'give another -o DIR',
    );
    writeFiles([...outputs, ...depfiles]);
  }
  return sitesLeft(built, acceptsNative) > 0 ? ExitCode.findings : ExitCode.clean;
}

/** Builds all files, and shows on a terminal which one is next. */
async function buildShowing(options: PipelineOptions, given: BuildArguments): Promise<SeparateBuilds<BuiltFile>> {
  const progress = progressLine(process.stderr, options.inputs.length);
  try {
    return await buildAll(options, given, given.jobs, progress.show);
  } finally {
    progress.clear();
  }
}

/** How the listings of a call are linked together. Throws a Failure where symbols cannot be renamed. */
function linkingOf(
  { builds }: SeparateBuilds<BuiltFile>,
  options: PipelineOptions,
  rules: LinkRules,
  directory: string,
): Linking {
  const sources = builds.map(({ file, words }) => ({ file, words: words! }));
  const linking = new Linking(sources, options.targets, rules, options, directory);
  failOnErrors(uniqueDiagnostics(linking.errors));
  return linking;
}

/** What each listing is made of, in the order of the listings; without any, what each source is. */
function prerequisites(
  { builds }: SeparateBuilds<FinishedFile>,
  listings: ReadonlyMap<string, SourceText>,
): readonly Prerequisites[] {
  const met = new Map(
    builds.map(({ file, runs }) => [file.name, runs.flatMap(({ files }) => files.map(({ name }) => name))] as const),
  );
  const files = filesOf(met);
  const of = (output: string | null, { name }: SourceText): Prerequisites => ({
    output,
    sources: name === STANDARD_INPUT ? [] : [name],
    files: files.get(name)!,
  });
  if (listings.size === 0) return builds.map(({ file }) => of(null, file));
  return [...listings].map(([path, file]) => of(path, file));
}

function sourcesRead({ inputs, builds }: SeparateBuilds<FinishedFile>): SourceText[] {
  return [...inputs, ...builds.flatMap(({ runs }) => runs.flatMap(({ files }) => [...files]))];
}

interface Outputs {
  readonly outputs: readonly OutputFile[];
  /** By path of a listing: the file of the call that it was made from. */
  readonly listings: ReadonlyMap<string, SourceText>;
}

/** DIR/<target>/<name>, with `xen:a` as `xen-a`, and in DIR/<target>/include the headers that come along. */
function outputsOf(
  built: SeparateBuilds<FinishedFile>,
  { lineMarkers }: BuildArguments,
  targets: readonly TargetChoice[],
  directory: string,
  linking: Linking | null,
): Outputs {
  const places = outputPlaces(built.builds.map(({ file }) => file));
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>();
  const outputs = targets.flatMap((choice) => {
    const folder = join(directory, targetFolder(choice.label));
    const pathTo = pathsFrom(folder);
    return built.builds.flatMap(({ file, listings, runs }): OutputFile[] => {
      const place = places.get(file)!;
      const linked = linkedListing({ file, listings, runs }, choice, { place, marked: lineMarkers, pathTo });
      diagnostics.push(...linked.diagnostics);
      sources.set(join(folder, place), file);
      const renamed = linking?.renamed(choice, file, place, linked.outputs) ?? linked.outputs;
      return renamed.map((output) => outputFile(folder, output));
    });
  });
  failOnErrors(uniqueDiagnostics(diagnostics));
  outputs.push(...tables(built, targets, directory));
  if (linking === null) return { outputs, listings: sources };
  const all = [...outputs, ...linking.ownFiles()];
  const wrong = targets.flatMap((choice) =>
    built.builds.flatMap(({ file }) => linking.wrong(choice, file, places.get(file)!, all)),
  );
  failOnErrors(uniqueDiagnostics(wrong));
  return { outputs: all, listings: sources };
}

/** What the listings of alternative C are linked with. */
function tables(
  { builds }: SeparateBuilds<FinishedFile>,
  targets: readonly TargetChoice[],
  directory: string,
): OutputFile[] {
  return targets.flatMap((choice) => {
    const slots = builds.flatMap((build) => build.slots.get(choice) ?? []);
    const names = targetsOf(choice).map(({ name }) => name);
    const folder = join(directory, targetFolder(choice.label));
    return tableFiles(choice.label, names, choice.target.name, slots).map((file) => outputFile(folder, file));
  });
}

function outputFile(folder: string, { place, text }: Output): OutputFile {
  return { path: join(folder, place), text };
}

/** Throws a Failure where more than one file would be written. */
function printOnly({ builds }: SeparateBuilds<FinishedFile>, { lineMarkers }: BuildArguments): void {
  const [first, ...others] = builds.flatMap(({ file, listings }) =>
    listings.filter((listing) => fileKey(listing.file) === fileKey(file)),
  );
  if (others.length > 0) throw new Failure('several listings need -o DIR');
  const header = builds[0]!.listings.find((listing) => listing !== first && listing.edits.length > 0);
  if (builds.some(({ slots }) => [...slots.values()].some((each) => each.length > 0)))
    throw new Failure('the listing needs a table: give -o DIR, so that both are written');
  if (header !== undefined)
    throw new Failure(
      `the listing needs its own variant of ${header.file.name}: give -o DIR, so that both are written`,
    );
  writeOut(`${lineMarkers && first!.edits.length === 0 ? firstMarker(first!.file) : ''}${first!.text}`);
}
