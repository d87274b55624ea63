/**
 * What the assembler's `.include` brings is not read, as cpp does not see it. So it may hold no site: that would be in every listing as
 * it is, without a word.
 */
import { posix } from 'node:path';
import type { Host } from '../preprocess/host.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { isSiteWord } from './words.ts';

/** Where the assembler's files are looked for: in the working directory, then in those of -I; and beside the source. */
export interface AssemblerFiles {
  readonly host: Host;
  readonly includeDirs: readonly string[];
}

/** Whether a text has an `.include`: then what it holds is not known from its own words. */
export function hasAssemblerInclude(tokens: readonly Token[]): boolean {
  return tokens.some((_, at) => isIncluded(tokens, at));
}

/** An error for each `.include` that brings a word of a site, in that file or in one that it includes. */
export function includedSites(
  source: SourceText,
  tokens: readonly Token[],
  files: AssemblerFiles,
  words: ReadonlySet<string>,
): Diagnostic[] {
  const siteWordOf = finder(source, files, words);
  const found = new Map<string, Diagnostic>();
  for (const [at, { text, file, start, end }] of tokens.entries()) {
    if (!isIncluded(tokens, at)) continue;
    const word = siteWordOf(unquoted(text));
    if (word === null) continue;
    const message = `the assembler's .include brings '${word}', and nothing in it is rewritten: cpp's #include can bring it`;
    found.set(`${file.name}:${start}`, { severity: 'error', message, file, start, end });
  }
  return [...found.values()];
}

/** The word of a site in a file that is included by a name; null: none, or there is no such file. */
function finder(
  source: SourceText,
  { host, includeDirs }: AssemblerFiles,
  words: ReadonlySet<string>,
): (name: string) => string | null {
  const known = new Map<string, string | null>();
  const folders = ['', ...includeDirs, posix.dirname(source.name)];
  const wordIn = (name: string): string | null => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, null); // it may include itself
    const path = folders.map((folder) => posix.join(folder, name)).find((each) => host.read(each) !== undefined);
    const tokens =
      path === undefined
        ? []
        : tokenize(new SourceText(path, host.read(path)!, 'gas'), { dialect: 'gas', trivia: false });
    let word = tokens.find(({ text }) => isSiteWord(text, words))?.text ?? null;
    for (let at = 0; word === null && at < tokens.length; at++)
      if (isIncluded(tokens, at)) word = wordIn(unquoted(tokens[at]!.text));
    known.set(name, word);
    return word;
  };
  return wordIn;
}

function isIncluded(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.kind === TokenKind.String && tokens[at - 1]?.text === 'include' && tokens[at - 2]?.text === '.';
}

function unquoted(text: string): string {
  return text.slice(1, -1);
}
