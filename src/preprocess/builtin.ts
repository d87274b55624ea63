/** The macros that the preprocessor computes. */
import { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import { createToken } from '../syntax/tokenize.ts';
import { builtinMacro, type Macro, parseDefinition } from './definition.ts';
import { type PreprocessorRun, report } from './run.ts';
import type { Item } from './tokens.ts';

/** What gcc prints when it cannot read a clock; a clock would make two runs differ. */
const CLOCK: Readonly<Record<string, string>> = {
  __DATE__: '"??? ?? ????"',
  __TIME__: '"??:??:??"',
  __TIMESTAMP__: '"??? ??? ?? ??:??:?? ????"',
};

const COMPUTED = ['__LINE__', '__FILE__', '__BASE_FILE__', '__INCLUDE_LEVEL__', '__COUNTER__', ...Object.keys(CLOCK)];

/** Operators of #if that `defined` and #ifdef find, as with gcc. */
export const CONDITION_OPERATORS = ['__has_include', '__has_include_next'];

/** `_Pragma("...")` says nothing to an assembler: it becomes nothing. */
const BUILT_IN = new SourceText(
  '<built-in>',
  '#define __STDC__ 1\n#define __STDC_HOSTED__ 1\n#define __ASSEMBLER__ 1\n#define _Pragma(text)\n',
);

/**
 * The macros that hold before the first line: what `gcc -undef -x assembler-with-cpp` defines, and those of a text of
 * one-line definitions.
 */
export function firstMacros(more: SourceText = BUILT_IN): Map<string, Macro> {
  let macros = first.get(more);
  if (macros === undefined) {
    const computed = [...COMPUTED, ...CONDITION_OPERATORS].map((name) => builtinMacro(name, BUILT_IN));
    const all = [...computed, ...readLines(BUILT_IN), ...readLines(more)];
    macros = new Map(all.map((macro) => [macro.name, macro]));
    first.set(more, macros);
  }
  return new Map(macros);
}

/** Every run starts from the same texts. */
const first = new WeakMap<SourceText, Map<string, Macro>>();

/** The macros of a text of one-line definitions. */
export function readLines(file: SourceText): Macro[] {
  const definitions: Macro[] = [];
  for (const match of file.text.matchAll(/^[ \t]*#[ \t]*define\b((?:.*\\\r?\n)*.*)/gm)) {
    const end = match.index + match[0].length;
    const { macro } = parseDefinition(file, match.index, end - match[1]!.length, end, true);
    if (macro !== null) definitions.push(macro);
  }
  return definitions;
}

/** The replacement of a built-in macro; null when its name is not replaced here. */
export function builtinItems(run: PreprocessorRun, builtin: string, name: Token): Item[] | null {
  const clock = CLOCK[builtin];
  if (clock !== undefined) {
    report(run, 'warning', `${builtin} would differ from run to run; it becomes ${clock}`, run.outermost ?? name);
    return [literal(TokenKind.String, clock, name)];
  }
  const frame = run.frames.at(-1)!;
  switch (builtin) {
    case '__LINE__': {
      const place = run.outermost ?? name;
      return [literal(TokenKind.Number, String(place.file.position(place.start).line + frame.lineOffset), name)];
    }
    case '__FILE__':
      return [literal(TokenKind.String, quote(frame.presumedName), name)];
    case '__BASE_FILE__':
      return [literal(TokenKind.String, quote(run.frames[0]!.file.name), name)];
    case '__INCLUDE_LEVEL__':
      return [literal(TokenKind.Number, String(run.frames.length - 1), name)];
    case '__COUNTER__':
      return [literal(TokenKind.Number, String(run.counter++), name)];
    default:
      return null;
  }
}

function literal(kind: TokenKind, text: string, name: Token): Token {
  const use = {
    name: name.text,
    file: name.file,
    start: name.start,
    end: name.end,
    argument: false,
    parent: name.use,
    given: null,
  };
  return createToken(kind, text, name.file, name.start, name.end, false, use);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
