/** The symbols that a source exports to other files by `.global` and similar directives. */

import { nodeText } from '../analysis/program/sections.ts';
import { equates, symbolDirective } from '../machine/symbol-directives.ts';
import type { SourceRange } from '../syntax/source.ts';
import type { Token } from '../syntax/token.ts';
import type { Expression, Span, Statement } from '../syntax/tree.ts';

/** `routine`: its address in C is that of a function descriptor. `common`: the linker merges all definitions of the name. */
export type ExportKind = 'routine' | 'label' | 'common';

export interface Export {
  readonly kind: ExportKind;
  /** Where the name is defined. */
  readonly place: SourceRange;
}

/** Assembly code after macro expansion. */
interface Code {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
}

/** The symbols that code defines and exports, by name. */
export function exportsOf({ statements, tokens }: Code): ReadonlyMap<string, Export> {
  const found = new Found(tokens);
  for (const statement of statements) found.add(statement);
  return found.exports();
}

class Found {
  readonly #defined = new Map<string, SourceRange>();
  readonly #common = new Map<string, SourceRange>();
  readonly #global = new Set<string>();
  readonly #routines = new Set<string>();
  /** By alias (`a` of `a = b`): the name that it stands for. */
  readonly #aliases = new Map<string, string>();

  constructor(private readonly tokens: readonly Token[]) {}

  exports(): ReadonlyMap<string, Export> {
    const exports = new Map<string, Export>();
    for (const [name, place] of this.#defined) {
      const kind = this.#isRoutine(name) ? 'routine' : 'label';
      if (this.#global.has(name)) exports.set(name, { kind, place });
    }
    for (const [name, place] of this.#common) exports.set(name, { kind: 'common', place });
    return exports;
  }

  #isRoutine(name: string): boolean {
    let real: string | undefined = name;
    // The limit ends the loop for circular aliases.
    for (let steps = 0; steps < 16 && real !== undefined; steps++) {
      if (this.#routines.has(real)) return true;
      real = this.#aliases.get(real);
    }
    return false;
  }

  add(statement: Statement): void {
    if (statement.kind === 'label') {
      this.#define(withoutQuotes(statement.name), statement);
      if (statement.global) this.#global.add(withoutQuotes(statement.name));
    } else if (statement.kind === 'assignment') this.#equate(statement.name, statement, statement.value);
    else if (statement.kind === 'directive') this.#directive(statement.name, statement.args);
  }

  #directive(spelled: string, args: readonly Expression[]): void {
    const name = spelled.startsWith('.') ? spelled : `.${spelled}`;
    const [first, second] = args;
    if (/^\.(globa?l|weak)$/.test(name)) for (const each of args) this.#global.add(this.#name(each));
    else if (name === '.proc') for (const each of args) this.#routines.add(this.#name(each));
    else if (first === undefined) return;
    else if (name === '.type' && /^[@%"]?function"?$/.test(nodeText(this.tokens, second)))
      this.#routines.add(this.#name(first));
    else if (equates(name)) this.#equate(this.#name(first), first, second);
    else if (symbolDirective(name)?.action === 'common' && name !== '.lcomm')
      this.#common.set(this.#name(first), this.#place(first));
  }

  #equate(name: string, span: Span, value: Expression | undefined): void {
    this.#define(name, span);
    if (value?.kind === 'name') this.#aliases.set(name, value.name);
  }

  #define(name: string, span: Span): void {
    if (!this.#defined.has(name)) this.#defined.set(name, this.#place(span));
  }

  #name(node: Expression): string {
    return node.kind === 'name' ? node.name : nodeText(this.tokens, node).replace(/#$/, '');
  }

  #place({ first }: Span): SourceRange {
    const { file, start, end } = this.tokens[first]!;
    return { file, start, end };
  }
}

function withoutQuotes(name: string): string {
  return name.replace(/^"|"$/g, '');
}
