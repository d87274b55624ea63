/** The lines of token lists, to be found again in other lists of the same source: those of its other configurations. */
import { countUpTo } from './search.ts';
import type { SourceText } from './source.ts';
import {
  type GivenArgument,
  type GivenArguments,
  type GivenItem,
  isByName,
  type MacroUse,
  type Token,
  TokenKind,
} from './token.ts';

/**
 * Index behind the line that begins at `at`. A semicolon ends one as well, as for gas: a macro of cpp makes all its statements in one
 * line of text, and only some of them are others in another configuration.
 */
export function lineEnd(tokens: readonly Token[], at: number): number {
  let end = at;
  let isComment = false;
  let opensBundle = false;
  for (; end < tokens.length; end++) {
    const { kind, text } = tokens[end]!;
    if (kind !== TokenKind.Newline && text !== ';') {
      isComment ||= text.startsWith('#'); // it may be one, up to the line's end
      opensBundle = text === '{'; // whose template may stand in the next line
    } else if (!opensBundle && (kind === TokenKind.Newline || !isComment)) break;
  }
  // Two semicolons are a stop.
  while (end + 1 < tokens.length && tokens[end]!.text === ';' && tokens[end + 1]!.text === ';') end++;
  return Math.min(end + 1, tokens.length);
}

/** Most lines of one place that a line is held against: all that a macro of gas makes is from one place, where it is called. */
const CANDIDATES = 16;

/** Lines by number, in the order in which they are added. */
export class KnownLines {
  readonly #tokens: readonly Token[];
  /** By line: the index of its first token. */
  readonly #starts: number[] = [];
  #end = 0;
  readonly #byPlace = new Map<SourceText, Map<number, number[]>>();
  readonly #like = new Map<MacroUse, MacroUse>();

  /** @param tokens the list that lines are added from; it may grow */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Where the next line begins. */
  get end(): number {
    return this.#end;
  }

  /** Makes a line of the tokens up to `end`. */
  add(end: number): void {
    const line = this.#starts.push(this.#end) - 1;
    this.#linesFrom(this.#tokens[this.#end]!).push(line);
    this.#end = end;
  }

  /** The number of a line like `tokens[from..to)`: of `expected`, if that is one; -1 where none is known. */
  find(tokens: readonly Token[], from: number, to: number, expected: number): number {
    if (this.#isLike(expected, tokens, from, to)) return expected;
    const lines = this.#linesFrom(tokens[from]!);
    // Those behind the expected one first: then those before it, for what only an earlier list has stands behind all others.
    const next = countUpTo(lines, expected, (line) => line);
    for (let step = 0; step < Math.min(CANDIDATES, lines.length); step++) {
      const line = lines[(next + step) % lines.length]!;
      if (this.#isLike(line, tokens, from, to)) return line;
    }
    return -1;
  }

  /** The lines whose first token was spelled, or brought by a macro that was called, at the same place. */
  #linesFrom(token: Token): number[] {
    let place: Pick<Token, 'file' | 'start'> = token;
    for (let { use } = token; use !== null; use = use.parent) place = use;
    const ofFile = this.#byPlace.get(place.file) ?? new Map<number, number[]>();
    this.#byPlace.set(place.file, ofFile);
    const lines = ofFile.get(place.start);
    if (lines !== undefined) return lines;
    const none: number[] = [];
    ofFile.set(place.start, none);
    return none;
  }

  #isLike(line: number, tokens: readonly Token[], from: number, to: number): boolean {
    const start = this.#starts[line];
    if (start === undefined || (this.#starts[line + 1] ?? this.#end) - start !== to - from) return false;
    for (let at = from; at < to; at++) {
      const one = this.#tokens[start + at - from]!;
      const other = tokens[at]!;
      if (one !== other && !(sameSpelling(one, other) && this.#sameUse(one.use, other.use))) return false;
    }
    return true;
  }

  /** Whether two chains of macro expansions are the same; what was found so is kept, as many tokens share one. */
  #sameUse(first: MacroUse | null, second: MacroUse | null): boolean {
    let one = first;
    let other = second;
    while (one !== other && (one === null || other === null || this.#like.get(other) !== one)) {
      if (one === null || other === null || !sameStep(one, other)) return false;
      one = one.parent;
      other = other.parent;
    }
    for (let like = first, use = second; use !== other; like = like!.parent, use = use!.parent)
      this.#like.set(use!, like!);
    return true;
  }
}

function sameSpelling(one: Token, other: Token): boolean {
  return (
    one.start === other.start &&
    one.text === other.text &&
    one.file === other.file &&
    one.end === other.end &&
    one.kind === other.kind &&
    one.spaceBefore === other.spaceBefore
  );
}

function sameStep(one: MacroUse, other: MacroUse): boolean {
  return (
    one.start === other.start &&
    one.name === other.name &&
    one.file === other.file &&
    one.end === other.end &&
    one.argument === other.argument &&
    sameArguments(one.given, other.given)
  );
}

function sameArguments(one: GivenArguments | null, other: GivenArguments | null): boolean {
  if (one === other) return true;
  if (one === null || other === null) return false;
  if (isByName(one)) {
    if (!isByName(other) || one.size !== other.size) return false;
    return [...one].every(([name, tokens]) => sameItems(tokens, other.get(name) ?? null));
  }
  return !isByName(other) && one.length === other.length && one.every((each, at) => sameArgument(each, other[at]!));
}

function sameArgument(one: GivenArgument, other: GivenArgument): boolean {
  return sameItems(one.items, other.items) && sameItems(one.expanded, other.expanded);
}

function sameItems(one: readonly GivenItem[] | null, other: readonly GivenItem[] | null): boolean {
  if (one === other) return true;
  if (one === null || other === null || one.length !== other.length) return false;
  return one.every(({ kind, text }, at) => kind === other[at]!.kind && text === other[at]!.text);
}
