/**
 * What names in operands mean, statement by statement, as gas does it: register aliases (`x = r8`), absolute symbols, the
 * frame of the last `alloc` or `.regstk` in the text, rotating names of `.rotr`, `.rotf` and `.rotp`.
 */

import { constantValue } from '../../machine/constants.ts';
import { allocFrame, decode } from '../../machine/decode.ts';
import type { NameScope, RegisterFrame } from '../../machine/naming.ts';
import { STAND_IN } from '../../machine/purposes.ts';
import { operandRegister, resolveRegister } from '../../machine/scope.ts';
import { type SymbolDirective, symbolDirective } from '../../machine/symbol-directives.ts';
import type { Expression, Instruction, Statement } from '../../syntax/tree.ts';

/** The meaning of a name from a statement on; both undefined: it has none any more. */
interface Meaning {
  readonly statement: number;
  /** Another name. */
  readonly name: string | undefined;
  readonly value: bigint | undefined;
}

export class Names implements NameScope {
  readonly #frames: { readonly statement: number; readonly frame: RegisterFrame }[] = [];
  readonly #current = new Map<string, Pick<Meaning, 'name' | 'value'>>();
  readonly #rotating = new Map<string, readonly string[]>();
  /** By name: its meanings, in the order of the text. */
  readonly #history = new Map<string, Meaning[]>();
  /** The statement that is being followed. */
  #at = -1;
  /** Whether names may have been defined in text that was not read (an `.include`). */
  #missed = false;
  #statements: readonly Statement[] = [];
  #ownSymbols: ReadonlySet<string> | null = null;

  get frame(): RegisterFrame | null {
    return this.#frames.at(-1)?.frame ?? null;
  }

  alias(name: string): string | undefined {
    return this.#current.get(name)?.name;
  }

  /** Has no name ever stood for another, or for a number? */
  get areNone(): boolean {
    return this.#history.size === 0;
  }

  /** The register that a name stands for before a statement, by its index. */
  aliasAt(name: string, statement: number): string | undefined {
    return this.#meaningAt(name, statement)?.name;
  }

  /** The number that a name stands for before a statement. */
  symbolAt(name: string, statement: number): bigint | undefined {
    return this.#meaningAt(name, statement)?.value;
  }

  #meaningAt(name: string, statement: number): Meaning | undefined {
    return this.#history.get(name)?.findLast((meaning) => meaning.statement < statement);
  }

  /** What names meant when a statement had been followed. */
  scopeAt(statement: number): NameScope {
    return {
      frame: this.#frames.findLast((each) => each.statement <= statement)?.frame ?? null,
      alias: (name) => this.aliasAt(name, statement + 1),
      symbol: (name) => this.symbolAt(name, statement + 1),
    };
  }

  symbol(name: string): bigint | undefined {
    return this.#current.get(name)?.value;
  }

  /** The statements that are going to be followed: their labels are no registers. */
  expect(statements: readonly Statement[]): void {
    this.#statements = statements;
  }

  /** Something is not there to be read that could define any name. */
  missSomething(): void {
    this.#missed = true;
  }

  /** Whether an operand that looks like a number or an address may be a register, by a name defined in text that was not read. */
  mayHideRegister(instruction: Instruction): boolean {
    if (!this.#missed) return false;
    const hidden = instruction.inputs.flatMap((input) =>
      input.kind === 'name' && this.#isUnknown(input.name) ? [input.name] : [],
    );
    if (hidden.length === 0) return false;
    const guess: NameScope = {
      frame: this.frame,
      alias: (name) => (hidden.includes(name) ? STAND_IN.general : this.alias(name)),
      symbol: (name) => this.symbol(name),
    };
    return decode(instruction, guess).known;
  }

  #isUnknown(name: string): boolean {
    if (resolveRegister(name, this.frame) !== undefined || this.#current.has(name)) return false;
    this.#ownSymbols ??= symbolsOf(this.#statements);
    return !this.#ownSymbols.has(name);
  }

  /**
   * Takes note of a statement; an `alloc` already means its own operands by its own frame.
   *
   * @param at its index
   */
  follow(statement: Statement, at: number): void {
    this.#at = at;
    switch (statement.kind) {
      case 'assignment':
        this.#assign(statement.name, statement.value, false);
        break;
      case 'instruction':
        this.#makeFrame(allocFrame(statement, this));
        break;
      case 'directive': {
        const directive = symbolDirective(statement.name);
        if (directive !== undefined) this.#directive(statement.name, directive, statement.args);
        break;
      }
    }
  }

  #directive(name: string, directive: SymbolDirective, args: readonly Expression[]): void {
    switch (directive.action) {
      case 'frame':
        this.#setFrame(args);
        break;
      case 'rotate':
        this.#rotate(name, directive, args);
        break;
      case 'include':
        this.#missed = true;
        break;
      case 'equate':
      case 'delayed': {
        const [target, value] = args;
        if (target !== undefined && value !== undefined)
          this.#assign(nameOf(target), value, directive.action === 'delayed');
        break;
      }
    }
  }

  /** `delayed`: what the value's own names mean is looked up where the name is used. */
  #assign(name: string, expression: Expression, delayed: boolean): void {
    this.#setMeaning(name, undefined, undefined);
    const value = constantValue(expression, this);
    const register = delayed ? undefined : operandRegister(expression, this);
    if (value !== undefined) this.#setMeaning(name, undefined, value);
    else if (register !== undefined) this.#setMeaning(name, register.name, undefined);
    else {
      const other = nameOf(expression);
      if (other !== '' && other !== name) this.#setMeaning(name, other, undefined);
    }
  }

  #setMeaning(name: string, other: string | undefined, value: bigint | undefined): void {
    const before = this.#current.get(name);
    if (before?.name === other && before?.value === value) return;
    if (other === undefined && value === undefined) this.#current.delete(name);
    else this.#current.set(name, { name: other, value });
    const list = this.#history.get(name);
    const entry = { statement: this.#at, name: other, value };
    if (list === undefined) this.#history.set(name, [entry]);
    else list.push(entry);
  }

  #setFrame(sizes: readonly Expression[]): void {
    const [inputs, locals, outputs, rotating] = sizes.map((size) => Number(constantValue(size, this) ?? 0n));
    this.#makeFrame({ inputs: inputs ?? 0, locals: locals ?? 0, outputs: outputs ?? 0, rotating: rotating ?? 0 });
  }

  #makeFrame(frame: RegisterFrame | null): void {
    if (frame !== null) this.#frames.push({ statement: this.#at, frame });
  }

  /** `.rotr a[4], b[2]`: a is r32-r35, b is r36-r37. The directive replaces the names it gave before. */
  #rotate(name: string, { file, first }: SymbolDirective, args: readonly Expression[]): void {
    for (const old of this.#rotating.get(name) ?? []) this.#setMeaning(old, undefined, undefined);
    const names: string[] = [];
    let next = first;
    for (const arg of args) {
      if (arg.kind !== 'indexed') continue;
      this.#setMeaning(arg.name, `${file}${next}`, undefined);
      names.push(arg.name);
      next += Number(constantValue(arg.index, this) ?? 1n);
    }
    this.#rotating.set(name, names);
  }
}

/** The name that an expression is, quoted or not; empty for anything else. */
function nameOf(expression: Expression): string {
  if (expression.kind === 'string') return expression.text.replace(/^"|"$/g, '');
  return expression.kind === 'name' ? expression.name : expression.kind === 'group' ? nameOf(expression.inner) : '';
}

/** Names that statements define or declare as something else than a register. */
function symbolsOf(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'label') names.add(statement.name);
    // A symbol that other files see is no register.
    else if (statement.kind === 'directive' && /^\.(globa?l|weak)$/.test(statement.name))
      for (const argument of statement.args) names.add(nameOf(argument));
  }
  return names;
}
