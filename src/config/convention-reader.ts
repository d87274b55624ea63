/**
 * Reads convention files (TOML, keys as in grammar/configuration.tsv) and resolves the names of registers and register sets. A
 * later file replaces keys of an earlier file's tables, and appends to its arrays of tables.
 */
import { classOfName, numberOfName } from '../machine/register-classes.ts';
import { inBank, isPredicate, registerName, registerNamed } from '../machine/register-numbers.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceRange } from '../syntax/source.ts';
import { conventionTable } from './description.ts';
import type { TomlDocument, TomlPath } from './toml.ts';
import type { TypeName } from './types.ts';

/** The registers of a list as the analysis numbers them: for use while bank 0 is current, and while bank 1 is. */
export type RegisterSet = readonly [readonly number[], readonly number[]];

/** The content of convention files. */
export interface ConventionTables {
  /** Named register sets, each as written: a list of ranges and names. */
  readonly sets: ReadonlyMap<string, readonly string[]>;
  /** Tables that occur once (`[name]`), by name. */
  readonly tables: ReadonlyMap<string, ConventionEntry>;
  /** Elements of arrays of tables (`[[name]]`), in order. */
  readonly elements: readonly Element[];
}

export interface Element {
  readonly table: string;
  readonly entry: ConventionEntry;
  /** Place of the table's header. */
  readonly place: SourceRange;
}

/** The values of a table: a list of registers is a `RegisterSet`, a single register its number, anything else its TOML value. */
export type ConventionEntry = Readonly<Record<string, unknown>>;

const NOTHING: ConventionTables = { sets: new Map(), tables: new Map(), elements: [] };

/**
 * Reads valid documents in order, after those that `before` was read from. Keys of pvasm.toml that are no convention are
 * ignored. Unknown registers are left out and reported.
 */
export function readConventions(
  documents: readonly TomlDocument[],
  before: ConventionTables = NOTHING,
): { tables: ConventionTables; diagnostics: readonly Diagnostic[] } {
  const reader = new Reader(before);
  for (const document of documents) reader.read(document);
  return { tables: reader.tables(), diagnostics: reader.diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #sets: Map<string, readonly string[]>;
  readonly #tables: Map<string, ConventionEntry>;
  readonly #elements: Element[];
  #document!: TomlDocument;

  constructor(before: ConventionTables) {
    this.#sets = new Map(before.sets);
    this.#tables = new Map(before.tables);
    this.#elements = [...before.elements];
  }

  tables(): ConventionTables {
    return { sets: this.#sets, tables: this.#tables, elements: this.#elements };
  }

  read(document: TomlDocument): void {
    this.#document = document;
    for (const [name, list] of Object.entries(
      (document.value.sets ?? {}) as Readonly<Record<string, readonly string[]>>,
    ))
      this.#sets.set(name, list);
    for (const [name, value] of Object.entries(document.value)) {
      const table = conventionTable(name);
      if (table === undefined) continue;
      if (!table.repeats)
        this.#tables.set(name, {
          ...this.#tables.get(name),
          ...this.#readEntry(table.types, value as ConventionEntry, [name]),
        });
      else
        for (const [index, entry] of (value as readonly ConventionEntry[]).entries()) {
          const path = [name, index];
          const place = document.placeOf(path);
          this.#elements.push({ table: name, entry: this.#readEntry(table.types, entry, path), place });
        }
    }
  }

  #readEntry(types: ReadonlyMap<string, TypeName>, entry: ConventionEntry, path: TomlPath): ConventionEntry {
    return Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [key, this.#convert(types.get(key)!, value, [...path, key])]),
    );
  }

  #convert(type: TypeName, value: unknown, path: TomlPath): unknown {
    if (type === 'registers' || type === 'results')
      return Array.isArray(value) ? this.#registers(value as readonly string[], path) : value;
    if (type === 'predicates') return this.#predicates(value as readonly string[], path);
    if (type === 'branch') return numberOfName(value as string);
    if (type !== 'general') return value;
    const register = registerNamed(value as string);
    if (register < 0) this.#complain(`\`${value}\` is no general register`, path);
    return register;
  }

  #predicates(list: readonly string[], path: TomlPath): RegisterSet {
    const found = this.#registers(list, path);
    const other = found[1].find((register) => !isPredicate(register));
    if (other !== undefined) this.#complain(`\`${registerName(other)}\` is no predicate`, path);
    return found;
  }

  #registers(list: readonly string[], path: TomlPath): RegisterSet {
    const found: [Set<number>, Set<number>] = [new Set(), new Set()];
    for (const [index, item] of list.entries()) this.#collect(item, [...path, index], found, 0);
    return [[...found[0]].sort((a, b) => a - b), [...found[1]].sort((a, b) => a - b)];
  }

  #collect(item: string, path: TomlPath, found: [Set<number>, Set<number>], depth: number): void {
    const set = item.startsWith('@') ? this.#sets.get(item.slice(1)) : undefined;
    if (set !== undefined && depth < 8) for (const each of set) this.#collect(each, path, found, depth + 1);
    else if (!addRange(item, found)) this.#complain(`\`${item}\` is no register, range or set`, path);
  }

  #complain(message: string, path: TomlPath): void {
    this.diagnostics.push({ severity: 'error', message, ...this.#document.placeOf(path) });
  }
}

/** Adds `r8`, `r8-r11` or `bank1.r16-r31` to the sets of both banks; false when the text names no registers. */
function addRange(item: string, found: [Set<number>, Set<number>]): boolean {
  const match = /^(?:bank([01])\.)?([^-]+)(?:-(.+))?$/.exec(item);
  if (match === null) return false;
  const [, bank, first, last] = match;
  const from = registerNamed(first!);
  const to = last === undefined ? from : registerNamed(last);
  if (from < 0 || to < from || classOfName(first!) !== classOfName(last ?? first!)) return false;
  for (let register = from; register <= to; register++) {
    found[0].add(inBank(register, bank === '1' ? 1 : 0));
    found[1].add(inBank(register, bank === '0' ? 0 : 1));
  }
  return true;
}
