/** Which names a run can depend on: those that one of its texts spells, or that a ## makes. */
import type { SourceText } from '../syntax/source.ts';
import { withoutSplices } from '../syntax/splice.ts';
import type { Preprocessed, PreprocessOptions } from './types.ts';

/**
 * Whether a run might have come out otherwise had the name another value, or none. That the name is defined or undefined
 * somewhere does not count: `PreprocessOptions.fixed` overrides that.
 *
 * @param options those of the run
 */
export function mayDependOn({ files, pasted }: Preprocessed, options: PreprocessOptions, name: string): boolean {
  const { commands, fixed, macros } = options;
  return (
    pasted.has(name) ||
    files.some((file) => mentions(file, name)) ||
    (macros !== undefined && mentions(macros, name)) ||
    commands.some((command) => command.kind === 'define' && isUsedIn(command.text.replace(/^\w*/, ' '), name)) ||
    [...(fixed?.values() ?? [])].some((value) => value !== null && isUsedIn(value, name))
  );
}

/** For each file its text without splices, which may stand within a name, and what is known of names. */
const known = new WeakMap<SourceText, { readonly text: string; readonly names: Map<string, boolean> }>();

function mentions(file: SourceText, name: string): boolean {
  let of = known.get(file);
  if (of === undefined) {
    of = { text: withoutSplices(file.text), names: new Map() };
    known.set(file, of);
  }
  let found = of.names.get(name);
  if (found === undefined) {
    found = isUsedIn(of.text, name);
    of.names.set(name, found);
  }
  return found;
}

/** Whether a text spells the word anywhere but where a directive defines or undefines it. */
function isUsedIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    const isWhole = !isWordPart(text, at - 1) && !isWordPart(text, at + word.length);
    if (isWhole && !DEFINITION.test(text.slice(text.lastIndexOf('\n', at) + 1, at))) return true;
  }
  return false;
}

/** The text before a name in #define and #undef. */
const DEFINITION = /^[ \t]*#[ \t]*(?:define|undef)[ \t]+$/;

function isWordPart(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}
