/** Renames the symbols of a variant's listings, and checks the result. A variant is all listings for one target. */
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { applyEdits, type Edit } from '../syntax/edits.ts';
import { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { exportsOf } from './exports.ts';
import type { LinkedSymbol, Variant } from './variant.ts';
import { isPartOfWord, type ReadRun, type SourceWords } from './words.ts';

/** The header that renames a variant's symbols; null when there are none. Its name is made from its contents, as for all headers. */
export function namesHeader({ label, names }: Variant): { readonly place: string; readonly text: string } | null {
  if (names.size === 0) return null;
  const defines = [...names].map(([name, other]) => `#define ${name} ${other}\n`);
  const text = `/* What the symbols of ${label} are called, where it is linked together with others. */\n${defines.join('')}`;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 12);
  return { place: `include/symbols-${hash}.h`, text };
}

export interface Renaming {
  readonly variant: Variant;
  /** Whether it is the first variant, whose definitions of shared symbols are used by all. */
  readonly isFirst: boolean;
  readonly symbols: readonly LinkedSymbol[];
  /** The path from the listing to the header with the names; null when there is none. */
  readonly header: string | null;
}

/** The text of a listing for linking it together with other variants. */
export function renamedText(
  { text, dialect }: { readonly text: string; readonly dialect: SourceText['dialect'] },
  words: SourceWords,
  { variant, isFirst, symbols, header }: Renaming,
): string {
  const weak = isFirst ? [] : symbols.filter((symbol) => symbol.isShared && isDefinedBy(words, symbol));
  const head = weak.map(({ name }) => `\t.weak ${name}\n`).join('');
  if (dialect === 'gas') return head + applyEdits(text, wordEdits(text, variant.names));
  return `${header === null ? '' : `#include "${header}"\n`}${head}${text}`;
}

/** Whether a source defines a symbol that must be weak: all but common symbols, which the linker merges. */
function isDefinedBy({ exports }: SourceWords, { name }: LinkedSymbol): boolean {
  return exports.some((each) => (each.get(name)?.kind ?? 'common') !== 'common');
}

function wordEdits(text: string, names: ReadonlyMap<string, string>): Edit[] {
  const tokens = tokenize(new SourceText('listing.s', text));
  return tokens.flatMap(({ kind, text: word, start, end }, index) => {
    const other = kind === TokenKind.Identifier ? names.get(word) : undefined;
    return other === undefined || isPartOfWord(tokens, index) ? [] : [{ start, end, text: other }];
  });
}

/**
 * Errors for symbols that a listing, preprocessed again in the configuration of the call, does not export under their new names:
 * a name may be built by `##`, or by a gas macro, where no `#define` applies.
 */
export function wrongSymbols({ code }: ReadRun, words: SourceWords, { variant, symbols }: Renaming): Diagnostic[] {
  const left = code.tokens.find(
    (token, at) =>
      token.kind === TokenKind.Identifier && variant.names.has(token.text) && !isPartOfWord(code.tokens, at),
  );
  if (left !== undefined)
    return [notRenamed(left.text, symbols.find(({ name }) => name === left.text)!.place, variant)];
  const there = exportsOf(code);
  for (const [name, { place }] of words.exports[0]!)
    if (!there.has(variant.names.get(name) ?? name)) return [notRenamed(name, place, variant)];
  return [];
}

function notRenamed(name: string, place: Pick<Token, 'file' | 'start' | 'end'>, { names, label }: Variant): Diagnostic {
  const message = `${name} ${names.has(name) ? `cannot be called ${names.get(name)}` : 'comes out as another symbol'} in ${label}: its name is put together here, or given before the listing is read`;
  return { severity: 'error', message, file: place.file, start: place.start, end: place.end };
}
