/**
 * `rewrite` and `build` of sources that cannot hold a site, which come out as they are but for the names of headers beside
 * them: most files of a kernel. Who calls says how they are judged, for what the assembler would not take; what analyses, and what
 * knows instructions and targets, is not even loaded.
 */
import { join } from 'node:path';
import { linkHeaders } from '../../expand/headers.ts';
import { targetFolder } from '../../output-places.ts';
import { createCache } from '../../preprocess/cache.ts';
import type { Preprocessed } from '../../preprocess/types.ts';
import { fileKey, readableByCpp } from '../../project/files.ts';
import { nativeMacros } from '../../project/native.ts';
import { operationRows } from '../../project/operation-table.ts';
import { sitelessRun } from '../../project/siteless.ts';
import { siteWords } from '../../project/words.ts';
import type { Diagnostic } from '../../syntax/diagnostic.ts';
import type { SourceText } from '../../syntax/source.ts';
import { dependencyFiles, filesOf } from '../depfile.ts';
import { ExitCode } from '../failure.ts';
import { filesRead, readOptional, readSources, refuseAsFolders, STANDARD_INPUT } from '../files.ts';
import { findConfig } from '../find-config.ts';
import { failOnErrors, uniqueDiagnostics } from '../messages.ts';
import { writeOut } from '../output.ts';
import { splitTarget, targetLabel } from '../path-text.ts';
import { outputPlaces, pathsFrom, refuseToOverwrite } from '../places.ts';
import { shippedTargets } from '../shipped.ts';
import { type OutputFile, writeFiles } from '../writing.ts';
import type { BuildArguments } from './build.ts';
import type { CommandArguments } from './command.ts';
import type { RewriteArguments } from './rewrite.ts';

type Read<T extends CommandArguments> = T & { readonly read: readonly SourceText[] };

/** What is wrong in what the preprocessor made of a source; null where that is for another to say. */
export type Judge = (run: Preprocessed) => readonly Diagnostic[] | null;

/** By source, what the preprocessor makes of it. */
type Untouched = ReadonlyMap<SourceText, Preprocessed>;

/** Rewrites sources without sites; null where there may be some, or where more than the command line decides. */
export function rewriteUntouched(given: Read<RewriteArguments>, judge: Judge): ExitCode | null {
  const { output, dependencies } = given;
  if (given.inPlace || given.diff || (output === null && (given.read.length > 1 || dependencies !== null))) return null;
  const sources = readUntouched(given, judge);
  if (sources === null) return null;
  if (output === null) for (const { text } of sources.keys()) writeOut(text);
  else {
    const { outputs, made } = linkedOutputs(sources, output, [''], false);
    const all = [...sources.keys()].map(({ name }) => name).filter((name) => name !== STANDARD_INPUT);
    const files = filesRead();
    const prerequisites = [...made.keys()].map((path) => ({ output: path, sources: all, files }));
    write(sources, [...outputs, ...dependencyFiles(dependencies, prerequisites)], 'give another -o DIR, or --in-place');
  }
  return ExitCode.clean;
}

/** The same for `build`. */
export function buildUntouched(given: Read<BuildArguments>, judge: Judge): ExitCode | null {
  if (given.output === null || given.linkTogether) return null;
  const sources = readUntouched(given, judge);
  if (sources === null) return null;
  const folders = targetsOf(given).map((label) => targetFolder(targetLabel(label)));
  const { outputs, made } = linkedOutputs(sources, given.output, folders, given.lineMarkers);
  const met = [...sources].map(([{ name }, { files }]) => [name, files.map((file) => file.name)] as const);
  const files = filesOf(new Map(met));
  const prerequisites = [...made].map(([path, { name }]) => ({
    output: path,
    sources: name === STANDARD_INPUT ? [] : [name],
    files: files.get(name)!,
  }));
  write(sources, [...outputs, ...dependencyFiles(given.dependencies, prerequisites)], 'give another -o DIR');
  return ExitCode.clean;
}

/** The arguments of a call with its files read; null where more than its command line decides what comes of them. */
export function readPlainly<T extends CommandArguments>(given: T): Read<T> | null {
  const isPlain = given.conventions.length === 0 && given.configs.length === 0 && areShipped(targetsOf(given));
  if (!isPlain || (given.config !== false && (given.config !== null || findConfig() !== null))) return null;
  return { ...given, read: readSources(given.files) };
}

function readUntouched(given: Read<CommandArguments>, judge: Judge): Untouched | null {
  const inputs = given.read;
  refuseAsFolders(given.includeDirs);
  if (new Set(inputs.map(fileKey)).size < inputs.length) return null;
  const words = siteWords({ all: operationRows });
  const options = {
    includeDirs: given.includeDirs,
    quoteDirs: given.quoteDirs,
    commands: given.commands,
    strict: given.strict,
    host: { read: readOptional },
    macros: nativeMacros({ all: operationRows }),
    cache: createCache(inputs),
  };
  const runs = new Map<SourceText, Preprocessed>();
  for (const input of inputs) {
    const run = sitelessRun(readableByCpp(input), options, words);
    if (run === null) return null;
    runs.set(input, run);
  }
  // A header of the call that a source of it includes belongs to that.
  const keys = new Set(inputs.map(fileKey));
  for (const [input, { files }] of runs)
    if (files.some((file) => fileKey(file) !== fileKey(input) && keys.has(fileKey(file)))) return null;
  const diagnostics: Diagnostic[] = [];
  for (const run of runs.values()) {
    const judged = judge(run);
    if (judged === null) return null;
    diagnostics.push(...judged);
  }
  failOnErrors(diagnostics);
  return runs;
}

function targetsOf({ targets, defaultTargets }: CommandArguments): readonly string[] {
  return [...new Set(targets ?? defaultTargets)];
}

/** Whether nothing can be wrong with targets: each is one that ships, and no two have one folder. */
function areShipped(labels: readonly string[]): boolean {
  const folders = new Set(labels.map((label) => targetFolder(targetLabel(label))));
  return (
    folders.size === labels.length &&
    labels
      .map(splitTarget)
      .every(({ name, letter }) => Object.hasOwn(shippedTargets, name) && /^[abAB]?$/.test(letter ?? ''))
  );
}

/** The outputs of each source in some folders below `directory`: by path, the source. */
function linkedOutputs(
  sources: Untouched,
  directory: string,
  folders: readonly string[],
  marked: boolean,
): { readonly outputs: OutputFile[]; readonly made: ReadonlyMap<string, SourceText> } {
  const places = outputPlaces([...sources.keys()]);
  const made = new Map<string, SourceText>();
  const outputs = folders.flatMap((folder) => {
    const root = join(directory, folder);
    const pathTo = pathsFrom(root);
    const linked = [...sources].map(([file, run]) => {
      const place = places.get(file)!;
      made.set(join(root, place), file);
      return linkHeaders({ root: { file, edits: [], tail: '', place }, headers: [], runs: [run], marked, pathTo });
    });
    failOnErrors(uniqueDiagnostics(linked.flatMap(({ diagnostics }) => diagnostics)));
    return linked.flatMap((each) => each.outputs.map(({ place, text }) => ({ path: join(root, place), text })));
  });
  return { outputs, made };
}

function write(sources: Untouched, outputs: readonly OutputFile[], instead: string): void {
  refuseToOverwrite(
    outputs.map(({ path }) => path),
    [...sources.keys()],
    instead,
  );
  writeFiles(outputs);
}
