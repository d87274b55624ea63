/**
 * What names in operands mean, statement by statement, as gas does it: register aliases (`x = r8`), absolute symbols, the
 * frame of the last `alloc` or `.regstk` in the text, rotating names of `.rotr`, `.rotf` and `.rotp`.
 */

import { constantValue } from '../../machine/constants.ts';
import { allocFrame } from '../../machine/decode.ts';
import type { Frame, Scope } from '../../machine/scope.ts';
import type { Expression, Statement } from '../../syntax/tree.ts';

/** First rotating register of each kind (SDM vol. 1, 4.5.1). */
const ROTATING: Readonly<Record<string, { file: string; first: number }>> = {
  '.rotr': { file: 'r', first: 32 },
  '.rotf': { file: 'f', first: 32 },
  '.rotp': { file: 'p', first: 16 },
};

export class Names implements Scope {
  frame: Frame | null = null;
  readonly #aliases = new Map<string, string>();
  readonly #values = new Map<string, bigint>();
  readonly #rotating = new Map<string, readonly string[]>();

  alias(name: string): string | undefined {
    return this.#aliases.get(name);
  }

  symbol(name: string): bigint | undefined {
    return this.#values.get(name);
  }

  /** Takes note of a statement; an `alloc` already means its own operands by its own frame. */
  follow(statement: Statement): void {
    switch (statement.kind) {
      case 'assignment':
        this.#assign(statement.name, statement.value);
        break;
      case 'instruction':
        this.frame = allocFrame(statement, this) ?? this.frame;
        break;
      case 'directive':
        this.#directive(statement.name, statement.args);
        break;
    }
  }

  #directive(name: string, args: readonly Expression[]): void {
    if (name === '.regstk') this.#setFrame(args);
    else if (name in ROTATING) this.#rotate(name, args);
    else if (name === '.set' || name === '.equ') {
      const [target, value] = args;
      if (target?.kind === 'name' && value !== undefined) this.#assign(target.name, value);
    }
  }

  #assign(name: string, expression: Expression): void {
    this.#aliases.delete(name);
    this.#values.delete(name);
    const value = constantValue(expression, this);
    if (value !== undefined) this.#values.set(name, value);
    else if (expression.kind === 'name' && expression.name !== name) this.#aliases.set(name, expression.name);
  }

  #setFrame(sizes: readonly Expression[]): void {
    const [inputs, locals, outputs, rotating] = sizes.map((size) => Number(constantValue(size, this) ?? 0n));
    this.frame = { inputs: inputs ?? 0, locals: locals ?? 0, outputs: outputs ?? 0, rotating: rotating ?? 0 };
  }

  /** `.rotr a[4], b[2]`: a is r32-r35, b is r36-r37. The directive replaces the names it gave before. */
  #rotate(name: string, args: readonly Expression[]): void {
    const { file, first } = ROTATING[name]!;
    for (const old of this.#rotating.get(name) ?? []) this.#aliases.delete(old);
    const names: string[] = [];
    let next = first;
    for (const arg of args) {
      if (arg.kind !== 'indexed') continue;
      this.#aliases.set(arg.name, `${file}${next}`);
      names.push(arg.name);
      next += Number(constantValue(arg.index, this) ?? 1n);
    }
    this.#rotating.set(name, names);
  }
}
