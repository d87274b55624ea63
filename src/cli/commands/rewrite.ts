/** `pvasm rewrite`: plain source to macro-ised source. */
import { join } from 'node:path';
import { linkHeaders } from '../../expand/headers.ts';
import { type Rewritten, type RewrittenFile, rewrite } from '../../pipeline.ts';
import { fileKey } from '../../project/files.ts';
import type { Project } from '../../project/project.ts';
import { sitesHeading } from '../../report/hunk-headings.ts';
import { unifiedDiff } from '../../report/hunks.ts';
import type { SourceText } from '../../syntax/source.ts';
import { dependencyFiles, type Prerequisites } from '../depfile.ts';
import { ExitCode, Failure } from '../failure.ts';
import { filesRead, STANDARD_INPUT } from '../files.ts';
import { failOnErrors, printRefusals, uniqueDiagnostics } from '../messages.ts';
import { writeOut } from '../output.ts';
import { outputPlaces, pathsFrom, refuseToOverwrite } from '../places.ts';
import { withProgress } from '../progress.ts';
import { pipelineSettings } from '../settings.ts';
import { type OutputFile, writeFiles } from '../writing.ts';
import type { CommandArguments } from './command.ts';

export interface RewriteArguments extends CommandArguments {
  /** The folder of the outputs; null when the call has none (`--in-place`, `--diff`). */
  readonly output: string | null;
  readonly inPlace: boolean;
  /** In place, the headers that hold sites as well. */
  readonly withHeaders: boolean;
  readonly diff: boolean;
}

export function rewriteCommand(given: RewriteArguments): ExitCode {
  const { options, acceptsNative } = pipelineSettings(given);
  const rewritten = withProgress(options.inputs.length, (onRead) => rewrite({ ...options, onRead }));
  const { project, files, diagnostics } = rewritten;
  const refusals = rewritten.refusals.filter((refusal) => !acceptsNative(refusal));
  failOnErrors(diagnostics);
  if (given.diff) for (const each of files) writeOut(rewriteDiff(each));
  if (given.output !== null) {
    const outputs = outputsOf(rewritten, given.output);
    const depfiles = dependencyFiles(given.dependencies, prerequisites(rewritten, ownPaths(rewritten, given.output)));
    const read = [...project.inputs, ...project.units.flatMap(({ preprocessed }) => preprocessed.files)];
    refuseToOverwrite(
      [...outputs, ...depfiles].map(({ path }) => path),
      read,
      'give another -o DIR, or --in-place',
    );
    writeFiles([...outputs, ...depfiles]);
  } else {
    const depfiles = dependencyFiles(given.dependencies, prerequisites(rewritten, [null]));
    if (given.inPlace) writeFiles([...inPlaceFiles(rewritten, given.withHeaders), ...depfiles]);
    else {
      if (!given.diff) printOnly(rewritten);
      writeFiles(depfiles);
    }
  }
  printRefusals(refusals);
  return refusals.length > 0 ? ExitCode.findings : ExitCode.clean;
}

/** What the rewrite changes, as `patch -p1` applies it. */
function rewriteDiff({ file, edits }: RewrittenFile): string {
  return unifiedDiff(file, edits, undefined, { heading: (own) => sitesHeading(own.map(({ site }) => site)) });
}

/** Registers are chosen for all sources of the call together: each output is made of all that was read. */
function prerequisites({ project }: Rewritten, paths: readonly (string | null)[]): readonly Prerequisites[] {
  const sources = project.inputs.map(({ name }) => name).filter((name) => name !== STANDARD_INPUT);
  return paths.map((output) => ({ output, sources, files: filesRead() }));
}

function ownPaths({ project, files }: Rewritten, directory: string): string[] {
  const own = files.filter(({ file }) => project.isInput(file)).map(({ file }) => file);
  return [...outputPlaces(own).values()].map((place) => join(directory, place));
}

/** DIR/<name> for each file of the call, and in DIR/include the headers that come along. */
function outputsOf({ project, files }: Rewritten, directory: string): OutputFile[] {
  const own = files.filter(({ file }) => project.isInput(file));
  const places = outputPlaces(own.map(({ file }) => file));
  const pathTo = pathsFrom(directory);
  const linked = own.map(({ file, edits }) =>
    linkHeaders({
      root: { file, edits, tail: '', place: places.get(file)! },
      headers: headersFor(file, project, files),
      runs: runsWith(file, project),
      marked: false,
      pathTo,
    }),
  );
  failOnErrors(uniqueDiagnostics(linked.flatMap(({ diagnostics }) => diagnostics)));
  return linked.flatMap(({ outputs }) => outputs.map(({ place, text }) => ({ path: join(directory, place), text })));
}

/** Every run that met a file of the call: its own; for a header those of the sources that include it. */
function runsWith(file: SourceText, project: Project) {
  const part = project.part(file);
  return part.units.length === 0 ? project.runsOf(file) : part.units.map(({ preprocessed }) => preprocessed);
}

/** The headers of a file that are macro-ised now or were before: one text of each serves all sources of the call. */
function headersFor(file: SourceText, project: Project, files: readonly RewrittenFile[]) {
  const commandLine = new Set(
    project.units.flatMap(({ preprocessed: { includes } }) =>
      includes.flatMap((each) =>
        each.file.name === '<command-line>' && each.resolved !== undefined ? [fileKey(each.resolved)] : [],
      ),
    ),
  );
  return files
    .filter((each) => each.file !== file && (each.edits.length > 0 || !project.isInput(each.file)))
    .filter((each) => !commandLine.has(fileKey(each.file)))
    .map((each) => ({ file: each.file, edits: each.edits, tail: '' }));
}

/** The files of the call; headers that hold sites are taken along, or named. */
function inPlaceFiles({ project, files }: Rewritten, withHeaders: boolean): OutputFile[] {
  const changed = files.filter(({ file, edits }) => project.isInput(file) || edits.length > 0);
  const left = withHeaders ? [] : changed.filter(({ file }) => !project.isInput(file));
  for (const { file } of left)
    process.stderr.write(`pvasm: ${file.name} has sites too and stays as it is; --with-headers takes it along\n`);
  return changed
    .filter((each) => !left.includes(each))
    .map(({ file, text }) => ({ path: inPlacePath(file.name), text }));
}

function inPlacePath(name: string): string {
  if (name === STANDARD_INPUT) throw new Failure('standard input cannot be changed in place');
  return name;
}

function printOnly({ project, files }: Rewritten): void {
  const own = files.filter(({ file }) => project.isInput(file));
  if (own.length > 1) throw new Failure('several files need -o DIR, --in-place or --diff');
  for (const { text } of own) writeOut(text);
}
