/** Reads listings again as cpp and the assembler do: from the text that would be written. */
import { posix } from 'node:path';
import { layOut, type Program } from '../analysis/program/program.ts';
import { type Plan, type TargetChoice, targetsOf } from '../expand/plan.ts';
import { tableFiles } from '../expand/table-files.ts';
import { linkedListing } from '../linked-listings.ts';
import type { Host } from '../preprocess/host.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import type { PreprocessOptions } from '../preprocess/types.ts';
import { readCode } from '../project/code.ts';
import { readableByCpp } from '../project/files.ts';
import type { SeparateBuild } from '../separate-builds.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import type { Statement } from '../syntax/tree.ts';
import { filledStatements } from './filled.ts';
import { patchedStatements } from './patched.ts';

/** A listing with the headers that come along. */
export interface WrittenListing {
  readonly place: string;
  /** By place: the listing itself and its headers. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface ReadListing {
  /** One for each target that the listing was to be patched for. */
  readonly programs: readonly Program[];
  readonly diagnostics: readonly Diagnostic[];
}

/** @param pathTo the path by which an #include names a header that stays where it is */
export function writtenListing(
  { file, built: { listings }, runs }: SeparateBuild,
  choice: TargetChoice,
  pathTo: (file: SourceText) => string,
): { listing: WrittenListing; diagnostics: readonly Diagnostic[] } {
  const place = posix.basename(file.name);
  const { outputs, diagnostics } = linkedListing({ file, listings, runs }, choice, {
    ...{ place, marked: true },
    pathTo: (_, header) => pathTo(header),
  });
  return { listing: { place, texts: new Map(outputs.map((output) => [output.place, output.text])) }, diagnostics };
}

/** The listing with the texts of its table behind it: as if one file held them all. */
export function withTable({ place, texts }: WrittenListing, { choice, slots }: Plan): WrittenListing {
  if (slots === undefined || slots.size === 0) return { place, texts };
  const names = targetsOf(choice).map(({ name }) => name);
  const fills = tableFiles(choice.label, names, choice.target.name, [...slots.values()]);
  const behind = fills.flatMap(({ place: file, text }) => (file.endsWith('.S') ? [text] : []));
  return { place, texts: new Map([...texts, [place, [texts.get(place)!, ...behind].join('\n')]]) };
}

/**
 * Preprocesses, expands and lays out a listing, under the configuration of the call.
 *
 * @param patchedFor the targets that a joint listing is patched for, each a program of its own; null: the listing as it is
 */
export function readListing(
  { place, texts }: WrittenListing,
  options: PreprocessOptions,
  patchedFor: readonly (string | null)[] = [null],
): ReadListing {
  const host: Host = { read: (path) => texts.get(posix.normalize(path)) ?? options.host.read(path) };
  const source = new SourceText(place, texts.get(place)!);
  const preprocessed = preprocess(readableByCpp(source), { ...options, host });
  const { statements, tokens, unseen, errors } = readCode(preprocessed);
  const programs = patchedFor.map((target) => layOut(stateOf(statements, target), tokens, { unseen }));
  return { programs, diagnostics: [...preprocessed.diagnostics, ...errors] };
}

function stateOf(statements: readonly Statement[], target: string | null): readonly Statement[] {
  return target === null ? statements : filledStatements(patchedStatements(statements, target), target);
}
