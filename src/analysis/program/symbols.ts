/**
 * Labels and what they are called: plain ones, local ones (`1:` with `1f`, `1b`), slot tags (`[1:]`), and names that
 * stand for another (`a = b`). Requires: nothing; filled while the program is laid out, asked after that.
 */
import { countUpTo } from '../../syntax/search.ts';
import type { Expression } from '../../syntax/tree.ts';

export interface Label {
  readonly id: number;
  readonly name: string;
  /** A tag names a slot for tables of addresses; nothing branches to it. */
  readonly kind: 'label' | 'tag';
  readonly statement: number;
  readonly section: string;
  /** The instruction that follows in the same section; -1 when none does. */
  instruction: number;
  /** `.global`: code outside this file may come here. */
  global: boolean;
  /** `.weak`: another file's definition may stand in its place. */
  weak: boolean;
}

/** What an expression names: a label of this program, or a symbol from elsewhere. */
export type SymbolTarget =
  | { readonly label: Label; readonly symbol: null }
  | { readonly label: null; readonly symbol: string };

export interface Symbols {
  readonly labels: Label[];
  readonly named: Map<string, Label>;
  /** Every definition of a number or tag, in order: `1f` and `1b` choose among them. */
  readonly local: Map<string, Label[]>;
  readonly aliases: Map<string, string>;
  /** Names whose value is computed (`a = b+16`) or given twice: what they mean at a place cannot be told. */
  readonly computed: Map<string, Expression>;
  readonly globals: Set<string>;
  /** Those of them that are `.weak`. */
  readonly weak: Set<string>;
  /** All that a name was said to be, with the statements that say so. */
  readonly equated: Map<string, { readonly value: Expression; readonly statement: number }[]>;
}

export function newSymbols(): Symbols {
  return {
    labels: [],
    named: new Map(),
    local: new Map(),
    aliases: new Map(),
    computed: new Map(),
    globals: new Set(),
    weak: new Set(),
    equated: new Map(),
  };
}

export function defineLabel(
  symbols: Symbols,
  name: string,
  kind: Label['kind'],
  statement: number,
  section: string,
): Label {
  const label: Label = {
    id: symbols.labels.length,
    name,
    kind,
    statement,
    section,
    instruction: -1,
    global: false,
    weak: false,
  };
  symbols.labels.push(label);
  if (isNumeric(name)) {
    const definitions = symbols.local.get(name);
    if (definitions === undefined) symbols.local.set(name, [label]);
    else definitions.push(label);
  } else if (!symbols.named.has(name)) symbols.named.set(name, label);
  return label;
}

/** Takes note of `name = value`, where the value is no label of its own (`name = .`). */
export function equate(symbols: Symbols, name: string, value: Expression, statement: number): void {
  const equated = symbols.equated.get(name);
  if (equated === undefined) symbols.equated.set(name, [{ value, statement }]);
  else equated.push({ value, statement });
  const before = symbols.aliases.get(name);
  if (value.kind === 'name' && (before === undefined || before === value.name)) symbols.aliases.set(name, value.name);
  else symbols.computed.set(name, value);
}

/** The one thing an expression names, if it names one: `page_fault`, `1f`, `(x)`, `@fptr(x)`; null for `a+16`, `.`. */
export function resolveTarget(symbols: Symbols, expression: Expression | null, statement: number): SymbolTarget | null {
  switch (expression?.kind) {
    case 'name':
      return resolveName(symbols, expression.name);
    case 'local': {
      const label = resolveLocal(symbols, expression.label, expression.direction, statement);
      return label === null ? null : { label, symbol: null };
    }
    case 'group':
      return resolveTarget(symbols, expression.inner, statement);
    case 'relocation':
      return resolveTarget(symbols, expression.argument, statement);
    default:
      return null;
  }
}

function resolveName(symbols: Symbols, name: string): SymbolTarget | null {
  let real = name;
  // An alias of an alias of itself must not hang.
  for (let steps = 0; steps < 16; steps++) {
    const label = symbols.named.get(real);
    if (symbols.computed.has(real)) return null;
    if (label !== undefined) return { label, symbol: null };
    const next = symbols.aliases.get(real);
    if (next === undefined) break;
    real = next;
  }
  return { label: null, symbol: real };
}

/** Every label of this program that an expression mentions anywhere: `1f-1b`, `table+8`. */
export function mentionedLabels(symbols: Symbols, expression: Expression, statement: number, found: Label[]): void {
  const pending: Expression[] = [expression];
  // Names that are computed from themselves must not hang.
  const followed: Expression[] = [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    switch (next.kind) {
      case 'name':
      case 'local': {
        const target = resolveTarget(symbols, next, statement);
        if (target?.label) found.push(target.label);
        const value = target === null && next.kind === 'name' ? symbols.computed.get(next.name) : undefined;
        if (value === undefined || followed.includes(value)) break;
        followed.push(value);
        pending.push(value);
        break;
      }
      case 'unary':
        pending.push(next.operand);
        break;
      case 'binary':
        pending.push(next.right, next.left);
        break;
      case 'group':
        pending.push(next.inner);
        break;
      case 'relocation':
        if (next.argument !== null) pending.push(next.argument);
        break;
      case 'memory':
        pending.push(next.address);
        break;
      case 'indexed':
        pending.push(next.index);
        break;
    }
  }
}

/** Where a name leads that others know: its label, or those that stand behind `name = label`, `name = 1b + 16`. */
export function labelsOfName(symbols: Symbols, name: string): readonly Label[] {
  const label = symbols.named.get(name);
  if (label !== undefined) return [label];
  const found: Label[] = [];
  for (const { value, statement } of symbols.equated.get(name) ?? []) mentionedLabels(symbols, value, statement, found);
  return [...new Set(found)];
}

/** `1b`: the last definition before the statement; `1f`: the first behind it. */
function resolveLocal(symbols: Symbols, name: string, direction: 'f' | 'b', statement: number): Label | null {
  const definitions = symbols.local.get(name);
  if (definitions === undefined) return null;
  const before = countUpTo(definitions, statement, (label) => label.statement);
  return definitions[direction === 'b' ? before - 1 : before] ?? null;
}

function isNumeric(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57;
}
