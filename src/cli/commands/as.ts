/**
 * `pvasm as`: stands in the place of the assembler. What it is given is rewritten in memory, for one target, and goes on to the
 * real assembler with all options; what holds no site goes on as it is, before anything that analyses is loaded.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { operationRows } from '../../project/operation-table.ts';
import { siteWords, spellsSite } from '../../project/words.ts';
import { SourceText } from '../../syntax/source.ts';
import { runAssembler } from '../assembler.ts';
import { type AssemblerArguments, splitAssemblerLine } from '../assembler-arguments.ts';
import { Failure } from '../failure.ts';
import { peek, readSource, STANDARD_INPUT, systemMessage } from '../files.ts';
import { expandedWords } from '../response-file.ts';

/** @returns the exit code of the assembler, or our own where it did not come to that */
export async function asCommand(words: readonly string[]): Promise<number> {
  const { given, sources } = readLine(words);
  if (sources === null) return runAssembler(given.options, null);
  if (!sources.some(mayHoldSite)) return passOn(given, sources);
  const { assembleRewritten } = await import('../rewritten-assembly.ts');
  return assembleRewritten(given, sources);
}

/** The same for input without sites; null where it may hold one. */
export function assembleUntouched(words: readonly string[]): number | null {
  const { given, sources } = readLine(words);
  if (sources === null) return runAssembler(given.options, null);
  return sources.some(mayHoldSite) ? null : passOn(given, sources);
}

/** The arguments and the sources; null for a call such as `--version`, which has no sources. */
function readLine(words: readonly string[]): { given: AssemblerArguments; sources: readonly SourceText[] | null } {
  const given = splitAssemblerLine(expandedWords(words, peek));
  if (given.answers) return { given, sources: null };
  if (given.depfile !== null) refuseUnwritable(given.depfile);
  const files = given.files.length === 0 ? [STANDARD_INPUT] : given.files;
  return { given, sources: files.map((path) => gasSource(readSource(path))) };
}

/** The assembler only warns, and leaves a build without dependencies. Throws a Failure that says why. */
function refuseUnwritable(path: string): void {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    accessSync(status === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new Failure(`${path}: cannot write: ${systemMessage(error)}`);
  }
}

/** Whatever its name, the assembler reads it as it is. */
function gasSource({ name, text }: SourceText): SourceText {
  return new SourceText(name, text, 'gas');
}

/** Text with macros may put words together that it does not spell; and what it includes may hold any. */
function mayHoldSite(source: SourceText): boolean {
  return (
    spellsSite(source, siteWords({ all: operationRows })) || /\.(?:macro|irpc?|altmacro|include)\b/.test(source.text)
  );
}

function passOn({ files, options }: AssemblerArguments, sources: readonly SourceText[]): number {
  const standard = sources.find(({ name }) => name === STANDARD_INPUT);
  const names = files.map((name) => (name === STANDARD_INPUT ? '-' : name.replace(/^-/, './-')));
  return runAssembler([...options, ...names], standard?.text ?? null);
}
