/** What a source tree shows of itself: its IA-64 assembly, its vector tables, and the flags that its build uses. */
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { vectorOffsets } from '../machine/vector-table.ts';
import { peek } from './files.ts';
import { trackedFiles } from './includers.ts';
import { compileCommands, kbuildCommand, type SourceFlags } from './tree-flags.ts';

export interface TreeSurvey {
  /** Paths from the tree's top, in order. */
  readonly sources: readonly string[];
  /** By label of a vector table: the file that holds it. */
  readonly tables: ReadonlyMap<string, string>;
  /** The flags of sources, and what said so; null: nothing did. */
  readonly flags: { readonly from: string; readonly all: readonly SourceFlags[] } | null;
  /** Names that the sources use like macros. */
  readonly macros: ReadonlySet<string>;
}

const SKIPPED = new Set(['.git', 'node_modules']);

/** Looks through a tree from the working directory on. */
export function surveyTree(): TreeSurvey {
  const files = [...filesBelow('.')].sort();
  const texts = new Map(ownAssembly(files).map((path) => [path, peek(path) ?? '']));
  const sources = [...texts.keys()].filter((path) => isWritten(texts.get(path)!) && looksLikeItanium(texts.get(path)!));
  const tables = new Map<string, string>();
  const macros = new Set<string>();
  for (const path of sources) {
    const text = texts.get(path)!;
    for (const label of vectorTables(text)) tables.set(label, path);
    for (const [, name] of text.matchAll(/\b([A-Z][A-Z0-9_]+)\(/g)) macros.add(name!);
  }
  return { sources, tables, macros, flags: buildFlags(files, new Set(sources)) };
}

function* filesBelow(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Assembly sources that git tracks, or all of them where it tracks none: what a build has made is no source. */
function ownAssembly(files: readonly string[]): readonly string[] {
  const tracked = new Set(trackedFiles()?.map((path) => posix.normalize(path)));
  const all = files.filter(isAssembly);
  const own = all.filter((path) => tracked.has(path));
  return own.length > 0 ? own : all;
}

/** By a person: a listing of `pvasm build` and what cpp has made begin with the place they come from. */
function isWritten(text: string): boolean {
  return !/^#(?:line)? \d+ "/.test(text);
}

function isAssembly(path: string): boolean {
  return path.endsWith('.S') && !path.endsWith('.lds.S');
}

/** Stops, and instructions that no other processor has so. */
function looksLikeItanium(text: string): boolean {
  return (
    text.includes(';;') && /\b(?:br\.(?:ret|call|cond|few|many|sptk)|ld8|st8|alloc|rfi|srlz|mov\s+\w+\s*=)/.test(text)
  );
}

/** Labels of vector tables: those with `.org LABEL + offset` at several offsets of vectors, as in `.org ivt+0x400`. */
function vectorTables(text: string): string[] {
  const met = new Map<string, Set<number>>();
  for (const [, label, offset] of text.matchAll(
    /^[ \t]*\.org[ \t]+([A-Za-z_.$][\w.$]*)[ \t]*\+[ \t]*(0x[0-9a-fA-F]+)/gm,
  )) {
    const offsets = met.get(label!) ?? new Set();
    met.set(label!, offsets.add(Number(offset)));
  }
  const isTable = (offsets: ReadonlySet<number>): boolean =>
    [...offsets].filter((offset) => vectorOffsets.has(offset)).length >= SEVERAL;
  return [...met].flatMap(([label, offsets]) => (isTable(offsets) ? [label] : []));
}

const SEVERAL = 2;

function buildFlags(files: readonly string[], sources: ReadonlySet<string>): TreeSurvey['flags'] {
  const tree = process.cwd();
  const own = (all: readonly SourceFlags[]) => all.filter(({ source }) => sources.has(source));
  for (const path of files.filter((each) => posix.basename(each) === 'compile_commands.json')) {
    const all = own(compileCommands(peek(path) ?? '', tree) ?? []);
    if (all.length > 0) return { from: path, all };
  }
  const commands = files.filter((path) => /\.o\.cmd$/.test(path));
  const all = own(commands.flatMap((path) => kbuildCommand(peek(path) ?? '', tree) ?? []));
  return all.length > 0 ? { from: "Kbuild's .cmd files", all } : null;
}
