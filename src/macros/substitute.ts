/**
 * Substitution of `\name`, `\@` and `\()` in the body of a macro. gas substitutes text and scans the result again. Here adjacent
 * tokens are joined instead, so that each token keeps the place where it was spelled.
 */
import { SourceText } from '../syntax/source.ts';
import { type GivenArguments, type MacroUse, type Token, TokenKind } from '../syntax/token.ts';
import { createToken, tokenize } from '../syntax/tokenize.ts';
import { type ParameterValues, placeholderAt, replaceInString } from './placeholder.ts';

/** One expansion of a macro, `.rept`, `.irp` or `.irpc`: values of parameters, and the marks of the resulting tokens. */
export interface Substitution extends ParameterValues {
  /** The `use` of tokens from the body, and of tokens from arguments. */
  readonly bodyUse: MacroUse;
  readonly argumentUse: MacroUse;
}

/**
 * A chain of uses with another one at its end. Its rest is made when it is asked for, which is seldom: where repetitions nest, copying
 * the chains of all expansions takes longer than all else.
 */
class ExtendedUse implements MacroUse {
  readonly name: string;
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  readonly argument: boolean;
  readonly given: GivenArguments | null;
  readonly #use: MacroUse;
  readonly #chains: Chains;
  #parent: MacroUse | undefined;

  constructor(use: MacroUse, chains: Chains) {
    ({ name: this.name, file: this.file, start: this.start, end: this.end } = use);
    ({ argument: this.argument, given: this.given } = use);
    this.#use = use;
    this.#chains = chains;
  }

  get parent(): MacroUse {
    this.#parent ??= this.#chains.extended(this.#use.parent);
    return this.#parent;
  }
}

/** Chains of uses with `outer` at their ends; the same for the same. */
class Chains {
  readonly #known = new Map<MacroUse, MacroUse>();
  #last: MacroUse | null = null;
  #lastExtended: MacroUse;

  constructor(readonly outer: MacroUse) {
    this.#lastExtended = outer;
  }

  extended(use: MacroUse | null): MacroUse {
    if (use === this.#last) return this.#lastExtended;
    const extended = use === null ? this.outer : (this.#known.get(use) ?? this.#make(use));
    this.#last = use;
    this.#lastExtended = extended;
    return extended;
  }

  #make(use: MacroUse): MacroUse {
    const extended = new ExtendedUse(use, this);
    this.#known.set(use, extended);
    return extended;
  }
}

/** The tokens without blanks and comments. */
export function withoutSpace(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.kind === TokenKind.Space || token.kind === TokenKind.Comment)) return tokens;
  return tokens.filter((token) => token.kind !== TokenKind.Space && token.kind !== TokenKind.Comment);
}

/** Tokenizes a text whose tokens get the place of `origin`, plus `shift` characters. */
export function retokenize(text: string, origin: Token, shift: number): Token[] {
  const limit = origin.end;
  return withoutSpace(tokenize(new SourceText(origin.file.name, text, 'gas'), { dialect: 'gas' })).map((token) => {
    const start = Math.min(origin.start + shift + token.start, limit);
    return createToken(
      token.kind,
      token.text,
      origin.file,
      start,
      Math.min(start + token.text.length, limit),
      token.spaceBefore,
      origin.use,
    );
  });
}

/** Whether the assembler reads two adjacent tokens as one. */
function joins(left: Token, right: Token): boolean {
  if (right.spaceBefore || left.kind > TokenKind.Number) return false;
  return right.kind <= TokenKind.Number;
}

/** Builds the tokens of an expansion. */
class Expansion {
  readonly tokens: Token[] = [];
  readonly #bodyChains: Chains;
  readonly #argumentChains: Chains;
  /** Whether a value was substituted directly before the next token, which is then joined to it unless there is space between. */
  #glued = false;
  /** Whether there was space before an empty value: it goes before the next token. */
  #pendingSpace = false;

  constructor({ bodyUse, argumentUse }: Substitution) {
    this.#bodyChains = new Chains(bodyUse);
    this.#argumentChains = new Chains(argumentUse);
  }

  /** Adds a token of the body, with its text after substitution. */
  pushBody(token: Token, text: string): void {
    const use = this.#bodyChains.extended(token.use);
    const { kind, file, start, end } = token;
    this.#push(
      text === token.text ? token : createToken(kind, text, file, start, end, false, null),
      token.spaceBefore,
      use,
    );
  }

  /** Adds the value of a parameter. */
  pushValue(tokens: readonly Token[], spaceBefore: boolean): void {
    if (tokens.length === 0) this.#pendingSpace ||= spaceBefore;
    this.#glued = true;
    for (let each = 0; each < tokens.length; each++) {
      const token = tokens[each]!;
      const use = this.#argumentChains.extended(token.use);
      this.#push(token, each === 0 ? spaceBefore : token.spaceBefore, use);
    }
    this.#glued = true;
  }

  #push({ kind, text, file, start, end }: Token, space: boolean, use: MacroUse): void {
    const { tokens } = this;
    const made = createToken(kind, text, file, start, end, space || this.#pendingSpace, use);
    this.#pendingSpace = false;
    const last = this.#glued ? tokens.at(-1) : undefined;
    if (last !== undefined && joins(last, made)) tokens[tokens.length - 1] = { ...last, text: last.text + made.text };
    else tokens.push(made);
    this.#glued = false;
  }
}

/** The body with the values of its parameters. */
export function substituteParameters(body: readonly Token[], substitution: Substitution): Token[] {
  const expansion = new Expansion(substitution);
  for (let at = 0; at < body.length; at++) {
    const token = body[at]!;
    if (token.kind === TokenKind.Space || token.kind === TokenKind.Comment) continue;
    const placeholder = placeholderAt(body, at, substitution);
    if (placeholder !== null) {
      expansion.pushValue(placeholder.value, token.spaceBefore);
      at = placeholder.last;
      continue;
    }
    const replaces = token.kind === TokenKind.String && (substitution.alternate === true || token.text.includes('\\'));
    expansion.pushBody(token, replaces ? replaceInString(token.text, substitution) : token.text);
  }
  return expansion.tokens;
}
