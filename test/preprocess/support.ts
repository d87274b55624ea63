/** Runs of the preprocessor on small texts, and how its results are compared with those of gcc -E. */
import { preprocess } from '../../src/preprocess/preprocess.ts';
import type { Command, Preprocessed, PreprocessOptions } from '../../src/preprocess/types.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { type Token, TokenKind } from '../../src/syntax/token.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

/** A host over files held in memory. */
export function memoryHost(files: Readonly<Record<string, string>>) {
  return { read: (path: string): string | undefined => files[path] };
}

/** Preprocesses `text` as the file `main.S`, with headers from `files`. */
export function run1(
  text: string,
  options: Partial<PreprocessOptions> & { files?: Record<string, string> } = {},
): Preprocessed {
  const { files = {}, ...rest } = options;
  return preprocess(new SourceText('main.S', text), {
    includeDirs: [],
    commands: [],
    strict: false,
    host: memoryHost(files),
    ...rest,
  });
}

/** Tokens as lines of text: a blank between tokens where one is due, none at the start of a line. */
export function lines(tokens: readonly Token[]): string[] {
  const result: string[] = [];
  let line = '';
  for (const token of tokens) {
    if (token.kind === TokenKind.Newline) {
      result.push(line);
      line = '';
    } else line += (token.spaceBefore && line !== '' ? ' ' : '') + token.text;
  }
  if (line !== '') result.push(line);
  return result.filter((each) => each !== '');
}

/** The lines of a text that gcc -E wrote, in the same form. */
export function linesOfText(text: string): string[] {
  const output = text.replace(/^# \d+ ".*\n/gm, '');
  return lines(
    tokenize(new SourceText('gcc', output)).filter(
      ({ kind }) => kind !== TokenKind.Space && kind !== TokenKind.Comment,
    ),
  );
}

/** -D, -U, -I and -include of a gcc command line as options of a run. */
export function optionsFromFlags(flags: readonly string[]): { includeDirs: string[]; commands: Command[] } {
  const includeDirs: string[] = [];
  const commands: Command[] = [];
  for (let index = 0; index < flags.length; index++) {
    const flag = flags[index]!;
    if (flag.startsWith('-I')) includeDirs.push(flag.slice(2));
    else if (flag.startsWith('-D')) commands.push({ kind: 'define', text: flag.slice(2) });
    else if (flag.startsWith('-U')) commands.push({ kind: 'undef', name: flag.slice(2) });
    else if (flag === '-include') commands.push({ kind: 'include', path: flags[++index]! });
    else throw new Error(`unexpected flag ${flag}`);
  }
  return { includeDirs, commands };
}

/** The messages of a run as `line:column severity: text`. */
export function messages({ diagnostics }: Preprocessed): string[] {
  return diagnostics.map(({ file, start, severity, message }) => {
    const { line, column } = file.position(start);
    return `${file.name}:${line}:${column}: ${severity}: ${message}`;
  });
}
