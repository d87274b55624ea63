/** Dependency files for make and ninja, byte for byte as gcc writes them (libcpp/mkdeps.cc; GCC manual, "Preprocessor Options"). */
import { posix } from 'node:path';
import { Failure } from './failure.ts';
import { filesRead } from './files.ts';
import { writeOut } from './output.ts';
import type { OutputFile } from './writing.ts';

/** What `-MD`, `-MMD`, `-MF`, `-MT`, `-MQ` and `-MP` ask for. */
export interface DependencyRequest {
  /** Folders whose headers are left out (`-MMD`). */
  readonly systemDirs: readonly string[];
  /** `-MF`; null: beside each output, with `.d` in the place of its suffix. */
  readonly file: string | null;
  /** `-MT` as given, then `-MQ` quoted; none: the outputs. */
  readonly targets: readonly string[];
  /** `-MP`: a rule without prerequisites for each header, so that one which is gone is no error. */
  readonly phony: boolean;
}

/** Of what one output is made. */
export interface Prerequisites {
  /** The path of the output; null for standard output, and for `check`. */
  readonly output: string | null;
  /** The sources of the call that it is made of. */
  readonly sources: readonly string[];
  /** All files that it is made of, in order; sources among them are named first all the same. */
  readonly files: readonly string[];
}

/** Characters of a line, as in gcc. */
const LINE_WIDTH = 72;

/**
 * The dependency files of a call, to be written along with its outputs; what goes to standard output (`-MF -`) is written at
 * once. Throws a Failure where neither an option nor an output says what depends, or where that goes.
 */
export function dependencyFiles(
  request: DependencyRequest | null,
  outputs: readonly Prerequisites[],
): readonly OutputFile[] {
  if (request === null) return [];
  const { file, targets } = request;
  const hasOutputs = outputs.every(({ output }) => output !== null);
  if (!hasOutputs && (file === null || targets.length === 0))
    throw new Failure('no file is made that -MD could name: it takes -MF and -MT here');
  if (file === null) return besideOutputs(request, outputs);
  const text = rulesText(request, outputs);
  if (file !== '-') return [{ path: file, text }];
  writeOut(text);
  return [];
}

function besideOutputs(request: DependencyRequest, outputs: readonly Prerequisites[]): OutputFile[] {
  const files = new Map<string, OutputFile>();
  for (const each of outputs) {
    const path = each.output!.replace(/\.[^./\\]*$|$/, '.d');
    if (files.has(path))
      throw new Failure(`the dependencies of two outputs would both be written to ${path}: give -MF`);
    files.set(path, { path, text: rulesText(request, [each]) });
  }
  return [...files.values()];
}

/** One rule for all outputs that are made of the same files; with `-MT` a single one. */
function rulesText({ targets, systemDirs, phony }: DependencyRequest, outputs: readonly Prerequisites[]): string {
  const rules = new Map<
    string,
    { readonly targets: string[]; readonly sources: string[]; readonly others: string[] }
  >();
  for (const { output, sources, files } of targets.length > 0 ? [together(outputs)] : outputs) {
    const named = distinct(sources);
    const others = distinct(files).filter((path) => !named.includes(path) && !isSystem(path, systemDirs));
    const key = JSON.stringify([named, others]);
    const rule = rules.get(key) ?? { targets: [], sources: named, others };
    rules.set(key, rule);
    if (targets.length > 0) rule.targets.push(...targets);
    else rule.targets.push(quoted(withoutDot(output!)));
  }
  const all = [...rules.values()];
  const text = all.map((rule) => ruleText(rule.targets, [...rule.sources, ...rule.others])).join('');
  if (!phony) return text;
  const headers = new Set(all.flatMap(({ others }) => others));
  return `${text}${[...headers].map((path) => `${quoted(path)}:\n`).join('')}`;
}

function together(outputs: readonly Prerequisites[]): Prerequisites {
  return {
    output: null,
    sources: outputs.flatMap(({ sources }) => sources),
    files: outputs.flatMap(({ files }) => files),
  };
}

/** Names that are too long for a line go to the next one, which begins with a blank. */
function ruleText(targets: readonly string[], prerequisites: readonly string[]): string {
  let text = '';
  let column = 0;
  const add = (name: string) => {
    if (column > 0 && column + name.length > LINE_WIDTH) {
      text += ' \\\n';
      column = 0;
    }
    if (text !== '') {
      text += ' ';
      column++;
    }
    text += name;
    column += name.length;
  };
  for (const target of targets) add(target);
  text += ':';
  column++;
  for (const path of prerequisites) add(quoted(path));
  return `${text}\n`;
}

/** A name as make reads it back: `$$`, `\#`, `\ `, and each backslash before a blank twice. */
export function quoted(name: string): string {
  return name.replace(/(\\*)([ \t])|#|\$/g, (match, slashes: string | undefined, blank: string | undefined) => {
    if (blank !== undefined) return `${slashes}${slashes}\\${blank}`;
    return match === '$' ? '$$' : '\\#';
  });
}

function distinct(paths: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const key = posix.normalize(path);
    if (!seen.has(key)) seen.set(key, withoutDot(path));
  }
  return [...seen.values()];
}

/** As gcc: `./a.S` is called `a.S`. */
function withoutDot(path: string): string {
  return path.replace(/^(?:\.\/+)+(?=.)/, '');
}

function isSystem(path: string, systemDirs: readonly string[]): boolean {
  return systemDirs.some((folder) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
}

/**
 * The files that each source of a call is made of, by the source's path: the source, the headers that its own runs met, and what
 * the call read besides (pvasm.toml, targets, conventions ...), which counts for all sources.
 *
 * @param met by source: the files that its runs met, in order
 */
export function filesOf(met: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const read = new Set(filesRead());
  const attributed = new Set([...met].flatMap(([source, files]) => [source, ...files]).map(normalized));
  const shared = [...read].filter((path) => !attributed.has(normalized(path)));
  return new Map(
    [...met].map(([source, files]) => [source, [source, ...files, ...shared].filter((path) => read.has(path))]),
  );
}

function normalized(path: string): string {
  return posix.normalize(path);
}
