/** What faults are planted in: the four kernel files and their header as `rewrite` spells them, for SMP. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSuppressions } from '../../src/config/accepted.ts';
import { readToml } from '../../src/config/toml.ts';
import type { Finding } from '../../src/lint/finding.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { openSubject } from '../../src/lint/subject.ts';
import { type Rewritten, rewrite } from '../../src/pipeline.ts';
import { createCache, withOwn } from '../../src/preprocess/cache.ts';
import { nativeMacros } from '../../src/project/native.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { conventionsWith, LINUX, lintContext, OPERATIONS, readFlags, TARGETS, VOCABULARIES } from '../lint/project.ts';
import { assembleText, preprocess } from '../support/assemble.ts';
import { kernel } from '../support/kernel.ts';

export const SOURCES = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S'] as const;
/** The header with sites, and a source through which it is checked. */
const HEADER = { name: 'minstate.h', source: 'ivt.S' };
export const FILES = [...SOURCES, HEADER.name];

/** The source through which a file is checked. */
export function sourceOf(file: string): string {
  return file === HEADER.name ? HEADER.source : file;
}

/** The call that checks a file: a header stands beside a source that includes it. */
export function callOf(file: string): readonly string[] {
  return file === HEADER.name ? [HEADER.source, HEADER.name] : [file];
}

/** The texts under a name each, `ivt.S`; a changed copy of it is a subject too. */
export type Texts = ReadonlyMap<string, string>;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

const flags = readFlags(kernel().flags('smp'));
const conventions = conventionsWith(LINUX);
const suppressions = readSuppressions(readToml(LINUX), { shipped: true });

/** The rewrite of all four sources in one call. */
export const rewritten: Rewritten = rewrite({
  inputs: SOURCES.map((name) => new SourceText(kernel().plain(name), read(kernel().plain(name))!)),
  includeDirs: flags.includeDirs,
  commands: flags.commands,
  strict: true,
  host: { read },
  operations: OPERATIONS,
  conventions,
  targets: TARGETS,
  addressing: () => 'absolute',
});

export const macroised: Texts = new Map(
  FILES.map((name) => [name, rewritten.files.find(({ file }) => file.name === kernel().plain(name))!.text]),
);

/** The files as they are, without a fault. */
const intact = new Map([...macroised].map(([name, text]) => [name, new SourceText(kernel().plain(name), text)]));
/** What no fault touches is read once for all mutants. */
const untouched = createCache([...intact.values()]);

/**
 * The lint's findings in some files of one call: a source, and the header that it includes where that is in question.
 *
 * @param rules those that are asked; all when left out
 */
export function findingsIn(names: readonly string[], texts: Texts, rules?: readonly Rule[]): readonly Finding[] {
  const fileOf = ([name, text]: [string, string]): SourceText =>
    text === macroised.get(name) ? intact.get(name)! : new SourceText(kernel().plain(name), text);
  const files = [...texts].map(fileOf);
  const byPath = new Map(files.map((file) => [file.name, file]));
  const changed = files.filter((file) => ![...intact.values()].includes(file));
  const subject = openSubject({
    inputs: names.map((name) => byPath.get(kernel().plain(name))!),
    includeDirs: flags.includeDirs,
    commands: flags.commands,
    strict: true,
    host: { read },
    cache: withOwn(untouched, changed),
    conventions,
    ownConventions: new Set(),
    vocabularies: VOCABULARIES,
    configs: new Map(),
    operations: OPERATIONS,
    targets: TARGETS,
    addressing: () => 'absolute',
  });
  return lintContext(subject.context, suppressions, rules).findings;
}

/**
 * gcc -E of one source, from whichever texts. With `native`, the macros are expanded to plain instructions; without, they
 * stay in the listing.
 */
export function listing(source: string, texts: Texts, native: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'pvasm-mutation-'));
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of texts) writeFileSync(join(folder, name), text, 'latin1');
    const macros = join(folder, 'native.h');
    writeFileSync(macros, native ? nativeMacros(OPERATIONS).text : '');
    const options = { configuration: 'smp' as const, includeDirs: [folder], flags: ['-include', macros] };
    const { text, messages } = preprocess(join(folder, source), options);
    if (text === '') throw new Error(`gcc -E of ${source}: ${messages}`);
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Assembled {
  readonly object: Buffer | null;
  readonly warnings: number;
}

/** What GNU as -x says of a listing. */
export function assembled(text: string): Assembled {
  const { object, messages } = assembleText(text, { configuration: 'smp', preprocess: false });
  return { object, warnings: (messages.match(/Warning:/g) ?? []).length };
}
