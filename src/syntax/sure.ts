/**
 * A conservative check of statements by their tokens alone, so that a file without sites needs no parser. A text that it accepts
 * has no syntax error (test/syntax/sure.test.ts holds that against the parser); of a text that it refuses nothing is known.
 */
import { type Token, TokenKind } from './token.ts';
import { isClosed, wordEnd } from './word.ts';

const BINARY = new Set(['+', '-', '*', '/', '%', '<<', '>>', '|', '^', '&']);
const TEMPLATE = /^[bfilmx]{3}$/i;
const UNARY = new Set(['-', '+', '~']);
/** Most nested brackets that are accepted; below the parser's own limit. */
const MOST_NESTED = 50;
const MOST_TOKENS = 500;

/** Whether preprocessed tokens are labels, directives and instructions of the usual shapes, and nothing else. */
export function surelyParses(tokens: readonly Token[]): boolean {
  const reader = new Reader(tokens);
  while (!reader.atEnd()) if (!reader.statement()) return false;
  return reader.isClosed();
}

class Reader {
  private at = 0;
  private statementStart = 0;
  private inBundle = false;

  constructor(private readonly tokens: readonly Token[]) {
    this.skipBlanks();
  }

  atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Skips one statement, label or separator; false when it may have an error. */
  statement(): boolean {
    this.statementStart = this.at;
    if (this.is('{')) return this.bundle();
    if (this.is('}')) return this.bundleEnd();
    if (this.endsStatement()) return this.pass();
    if (this.is('[')) return this.tag();
    const predicated = this.is('(');
    if (predicated && !this.predicate()) return false;
    const { kind, text } = this.tokens[this.at]!;
    if (kind === TokenKind.Number) return !predicated && this.isPlainNumber() && this.label();
    const isDirective = text === '.';
    if (text === '@' || !this.word()) return false;
    if (this.is(':')) return !predicated && this.label(false);
    if (this.is('=') || this.is('==') || this.is('(')) return false;
    return isDirective ? !predicated && this.directive(this.statementStart) : this.operands();
  }

  /** Whether every explicit bundle was closed. */
  isClosed(): boolean {
    return !this.inBundle;
  }

  /** `{`, and the template behind it. */
  private bundle(): boolean {
    if (this.inBundle) return false;
    this.inBundle = true;
    this.pass();
    while (!this.atEnd() && (this.tokens[this.at]!.kind === TokenKind.Newline || this.is(';'))) this.pass();
    if (!this.is('.') || !TEMPLATE.test(this.tokens[this.at + 1]?.text ?? '')) return true;
    return this.word();
  }

  private bundleEnd(): boolean {
    if (!this.inBundle) return false;
    this.inBundle = false;
    return this.pass();
  }

  /** `[1:]` */
  private tag(): boolean {
    this.pass();
    if (!(this.isPlainNumber() ? this.pass() : !this.is('@') && this.word())) return false;
    return this.take(':') && this.take(']');
  }

  private predicate(): boolean {
    this.pass();
    return this.expression(1) && this.take(')') && !this.atEnd();
  }

  private label(named = true): boolean {
    if (named) this.pass();
    if (!this.take(':')) return false;
    return !this.is(':');
  }

  /** A directive, whose operands may be nearly anything. */
  private directive(start: number): boolean {
    if (this.tokens[start + 1]?.text.toLowerCase() === 'macro') return false;
    for (; !this.endsStatement(); this.pass()) {
      const { kind, text } = this.tokens[this.at]!;
      if (kind === TokenKind.String && !isClosed(text)) return false;
      if (kind === TokenKind.Character || kind === TokenKind.Comment || text === '#') return false;
    }
    return true;
  }

  private operands(): boolean {
    if (this.endsStatement()) return true;
    if (!this.list()) return false;
    if (this.is('=')) {
      this.pass();
      if (!this.list()) return false;
    }
    return this.endsStatement();
  }

  private list(): boolean {
    do if (!this.expression(0)) return false;
    while (this.take(','));
    return true;
  }

  private expression(depth: number): boolean {
    if (depth > MOST_NESTED || this.at - this.statementStart > MOST_TOKENS) return false;
    for (;;) {
      if (!this.primary(depth)) return false;
      if (this.atEnd() || !BINARY.has(this.tokens[this.at]!.text)) return true;
      this.pass();
    }
  }

  private primary(depth: number): boolean {
    if (this.atEnd()) return false;
    const { text } = this.tokens[this.at]!;
    if (UNARY.has(text)) {
      this.pass();
      return depth < MOST_NESTED && this.primary(depth + 1);
    }
    if (this.isPlainNumber()) return this.pass();
    if (text === '[') return this.bracketed('[', ']', depth);
    if (text === '(') return this.bracketed('(', ')', depth);
    if (!this.word()) return false;
    if (text === '@') return !this.is('(') || this.bracketed('(', ')', depth);
    if (!this.is('[')) return !this.is('(');
    return text !== '.' && this.bracketed('[', ']', depth);
  }

  private bracketed(open: string, close: string, depth: number): boolean {
    return this.take(open) && this.expression(depth + 1) && this.take(close);
  }

  /** A name with its prefix. */
  private word(): boolean {
    if (this.atEnd()) return false;
    const { kind, text } = this.tokens[this.at]!;
    const named = text === '.' || text === '@' ? this.tokens[this.at + 1]?.kind : kind;
    if (named !== TokenKind.Identifier) return false;
    const end = wordEnd(this.tokens, this.at, this.tokens.length - 1);
    if (end < this.at) return false;
    this.at = end;
    return this.pass();
  }

  /** Whether the number contains no sign and is the whole word. */
  private isPlainNumber(): boolean {
    if (this.atEnd()) return false;
    const { kind, text } = this.tokens[this.at]!;
    if (kind !== TokenKind.Number || !/^[0-9][0-9a-zA-Z]*$/.test(text)) return false;
    return wordEnd(this.tokens, this.at, this.tokens.length - 1) === this.at;
  }

  private endsStatement(): boolean {
    if (this.atEnd() || this.tokens[this.at]!.kind === TokenKind.Newline) return true;
    return this.is(';') || this.is('{') || this.is('}');
  }

  /** Whether the next token has this text. */
  private is(text: string): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && token.text === text && token.kind >= TokenKind.Punctuator;
  }

  private take(text: string): boolean {
    return this.is(text) && this.pass();
  }

  private pass(): true {
    this.at++;
    this.skipBlanks();
    return true;
  }

  private skipBlanks(): void {
    while (this.at < this.tokens.length && this.tokens[this.at]!.kind === TokenKind.Space) this.at++;
  }
}
