/** `pvasm as` for input that may hold a site: makes the listing for one target, and assembles it. */
import { readFileSync, statSync } from 'node:fs';
import { firstMarker } from '../expand/headers.ts';
import { inlineAssembly } from '../machine/compilers.ts';
import { buildSeparately, finished } from '../separate-builds.ts';
import { applyEdits } from '../syntax/edits.ts';
import { lineMarker } from '../syntax/line-markers.ts';
import { SourceText } from '../syntax/source.ts';
import { runAssembler } from './assembler.ts';
import type { AssemblerArguments } from './assembler-arguments.ts';
import { quoted } from './depfile.ts';
import { Failure } from './failure.ts';
import { filesRead, STANDARD_INPUT } from './files.ts';
import { failOnLeftNative } from './left-native.ts';
import { readSettings } from './settings.ts';
import { writeFiles } from './writing.ts';

const CONSEQUENCE = 'nothing was assembled';

export function assembleRewritten(given: AssemblerArguments, sources: readonly SourceText[]): number {
  const settings = readSettings(
    {
      ...{
        includeDirs: given.includeDirs,
        quoteDirs: 0,
        commands: given.commands,
        dependencies: null,
        lineMarkers: true,
        strict: true,
      },
      ...{ conventions: [], configs: [], defaultTargets: [], config: given.config },
      targets: targetsOf(given),
    },
    CONSEQUENCE,
  );
  const { targets } = settings.options;
  if (targets.length !== 1)
    throw new Failure(
      `${targets.length === 0 ? 'for which target' : 'for which of several targets'}? Say -t TARGET, PVASM_TARGET=TARGET, or one in pvasm.toml`,
    );
  if (targets[0]!.alternative === 'C')
    throw new Failure(
      `target ${targets[0]!.label}: the table of its calls is written for all sources together, by pvasm build -o DIR`,
    );
  const source = oneSource(sources);
  const built = buildSeparately({ ...settings.options, inputs: [source] }, finished);
  const code = failOnLeftNative(
    built,
    settings.acceptsNative,
    given.keepGoing ? null : '--keep-going assembles',
    CONSEQUENCE,
  );
  if (code !== null) return code;
  const [listing] = built.builds[0]!.listings;
  const text = listing!.edits.length === 0 ? firstMarker(source) + listing!.text : listing!.text;
  const status = runAssembler([...given.options, '-'], text);
  if (status === 0 && given.depfile !== null) completeDepfile(given.depfile, given.files, sources);
  return status;
}

/** -t, or PVASM_TARGET; null: pvasm.toml's. */
function targetsOf({ targets }: AssemblerArguments): readonly string[] | null {
  if (targets.length > 0) return targets;
  const { PVASM_TARGET: target = '' } = process.env;
  return target === '' ? null : [target];
}

/** The assembler reads several sources as if they were one. */
function oneSource(sources: readonly SourceText[]): SourceText {
  const [first] = sources;
  const texts = sources.map(
    (source) => `${lineMarker({ name: source.name, line: 1 }, 'gas')}\n${ended(markedInlineAssembly(source))}`,
  );
  if (sources.length > 1) return new SourceText(originOf(first!), texts.join(''), 'gas');
  return new SourceText(originOf(first!), markedInlineAssembly(first!), 'gas');
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** What cpp made of `entry.S` is called that, whatever the file between the two is called. */
function originOf({ name, text }: SourceText): string {
  if (name === STANDARD_INPUT && !text.startsWith('# ')) return '{standard input}'; // as the assembler calls it
  return /^# \d+ "((?:[^"\\\n]|\\.)*)"/.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? name;
}

interface Remark {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** Empty where inline assembly ends. */
  readonly name: string;
}

/** What a compiler says of where its inline assembly comes from: `// 24 "kernel.c" 1` ... `// 0 "" 2`. */
function remarks({ text }: SourceText): Remark[] {
  return inlineAssembly(text).flatMap(([from, to]) =>
    [...text.slice(from, to).matchAll(/^\/\/ (\d+) "(.*)"(?: [12])?$/gm)].map(
      ({ 0: all, 1: line, 2: name, index }) => ({
        ...{ start: from + index, end: from + index + all.length, line: Number(line), name: name! },
      }),
    ),
  );
}

/** The text with those remarks as markers, which the assembler acts on. No line is added. */
function markedInlineAssembly(source: SourceText): string {
  const edits = remarks(source).map(({ start, end, line, name }) => {
    const place = name === '' ? { name: source.name, line: source.position(start).line + 1 } : { name, line };
    return { start, end, text: lineMarker(place, 'gas') };
  });
  return applyEdits(source.text, edits);
}

/**
 * The assembler did not see the sources, nor what else the object is made of. What it took from the places of inline assembly are
 * names in a compiler's remarks, of files that nobody has read.
 */
function completeDepfile(path: string, files: readonly string[], sources: readonly SourceText[]): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return; // a device, or what the assembler has told of already
  const remarked = new Set(sources.flatMap((source) => remarks(source).map(({ name }) => quoted(name))));
  const [target, ...names] = readFileSync(path, 'latin1')
    .trim()
    .split(/(?<!\\)[ \t]*(?:\\\n[ \t]*|[ \t])/);
  const made = names.filter((name) => name !== '' && !remarked.has(name));
  const read = [...files.filter((file) => file !== STANDARD_INPUT), ...filesRead()].map(quoted);
  writeFiles([{ path, text: `${[target, ...new Set([...made, ...read])].join(' \\\n ')}\n` }]);
}
