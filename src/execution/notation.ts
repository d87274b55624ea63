/**
 * Parser of the notation of grammar/semantics.tsv, whose head explains it: statements separated by `;`, each `name = expression` or
 * an action; expressions over 64-bit words with C's operators.
 */

export type Term =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Term[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Term; readonly right: Term }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Term };

export type Step =
  | { readonly kind: 'assign'; readonly target: string; readonly value: Term }
  | { readonly kind: 'action'; readonly name: string; readonly args: readonly Term[] };

/** A syntax error in a text of the notation, with its offset. */
export class NotationError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

interface Lexeme {
  readonly text: string;
  readonly at: number;
}

const LEXEMES = /\s*(0x[0-9a-f]+|\d+|[a-z_][a-z0-9_.]*|<<|>>|==|!=|[-+*&|^~()=,;])/giy;

/** Binary operators by precedence, lowest first. */
const LEVELS: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['==', '!='], ['<<', '>>'], ['+', '-'], ['*']];

/** Parses statements. @throws NotationError */
export function parseSteps(text: string): Step[] {
  const reader = new Reader(text);
  const steps: Step[] = [];
  while (!reader.atEnd()) {
    steps.push(reader.step());
    if (!reader.atEnd()) reader.expect(';');
  }
  return steps;
}

/** Parses one expression. @throws NotationError */
export function parseTerm(text: string): Term {
  const reader = new Reader(text);
  const term = reader.term(0);
  if (!reader.atEnd()) reader.expect(';');
  return term;
}

class Reader {
  readonly #lexemes: Lexeme[] = [];
  readonly #end: number;
  #next = 0;

  constructor(text: string) {
    const pattern = new RegExp(LEXEMES.source, LEXEMES.flags);
    let from = 0;
    while (text.slice(from).trim() !== '') {
      pattern.lastIndex = from;
      const match = pattern.exec(text);
      if (match === null) throw new NotationError(`'${text.slice(from).trim()[0]}' cannot stand here`, from);
      this.#lexemes.push({ text: match[1]!, at: pattern.lastIndex - match[1]!.length });
      from = pattern.lastIndex;
    }
    this.#end = text.length;
  }

  atEnd(): boolean {
    return this.#next >= this.#lexemes.length;
  }

  expect(text: string): void {
    if (this.#peek() !== text) throw this.#wrong(`'${text}'`);
    this.#next++;
  }

  step(): Step {
    const name = this.#word();
    if (this.#peek() === '=') {
      this.#next++;
      return { kind: 'assign', target: name, value: this.term(0) };
    }
    return { kind: 'action', name, args: this.#arguments() };
  }

  term(level: number): Term {
    if (level === LEVELS.length) return this.#unary();
    let left = this.term(level + 1);
    while (LEVELS[level]!.includes(this.#peek())) {
      const operator = this.#take();
      left = { kind: 'binary', operator, left, right: this.term(level + 1) };
    }
    return left;
  }

  #unary(): Term {
    const next = this.#peek();
    if (next === '~' || next === '-') {
      this.#next++;
      return { kind: 'unary', operator: next, operand: this.#unary() };
    }
    if (next === '(') {
      this.#next++;
      const inner = this.term(0);
      this.expect(')');
      return inner;
    }
    if (/^\d/.test(next)) return { kind: 'number', value: BigInt(this.#take()) };
    const name = this.#word();
    return this.#peek() === '(' ? { kind: 'call', name, args: this.#arguments() } : { kind: 'name', name };
  }

  #arguments(): Term[] {
    const args: Term[] = [];
    this.expect('(');
    while (this.#peek() !== ')') {
      args.push(this.term(0));
      if (this.#peek() !== ')') this.expect(',');
    }
    this.expect(')');
    return args;
  }

  #word(): string {
    if (!/^[a-z_]/i.test(this.#peek())) throw this.#wrong('a name');
    return this.#take();
  }

  #peek(): string {
    return this.#lexemes[this.#next]?.text ?? '';
  }

  #take(): string {
    return this.#lexemes[this.#next++]!.text;
  }

  #wrong(wanted: string): NotationError {
    const { text, at } = this.#lexemes[this.#next] ?? { text: 'the end', at: this.#end };
    return new NotationError(`${wanted} must stand here, not ${text === 'the end' ? text : `'${text}'`}`, at);
  }
}
