/**
 * Reads convention files (TOML), checked key by key; every complaint names file and line. Later files replace a table of an
 * earlier one key by key and add to its arrays of tables.
 */
import { parse, TomlError } from 'smol-toml';
import { inBank, registerNamed } from '../machine/register-numbers.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceText } from '../syntax/source.ts';
import type { RegisterSet } from './conventions.ts';

/** What convention files say, as plain data: an integer is its decimal digits. */
export interface Said {
  /** Sets of registers by their names, as written. */
  readonly sets: readonly (readonly [name: string, list: readonly unknown[]])[];
  /** Tables that there is one of, by name. */
  readonly tables: Readonly<Record<string, Entry>>;
  /** Elements of arrays of tables, in order. */
  readonly elements: readonly Element[];
}

export interface Element {
  readonly table: string;
  readonly entry: Entry;
  /** The name of the file, and the line of the header. */
  readonly file: string;
  readonly line: number;
}

export type Entry = Readonly<Record<string, unknown>>;

const NOTHING: Said = { sets: [], tables: {}, elements: [] };

/** Reads convention files in order, behind those that `before` is of. Faulty entries are left out and reported. */
export function readConventions(
  files: readonly SourceText[],
  before: Said = NOTHING,
): { said: Said; diagnostics: readonly Diagnostic[] } {
  const reader = new Reader(before);
  for (const file of files) reader.read(file);
  return { said: reader.said(), diagnostics: reader.diagnostics };
}

type Kind =
  | 'registers'
  | 'string'
  | 'strings'
  | 'integer'
  | 'boolean'
  | 'bank'
  | 'branch'
  | 'general'
  | 'exit'
  | 'results';
interface Table {
  readonly many: boolean;
  readonly keys: Readonly<Record<string, Kind>>;
  readonly required: readonly string[];
}

/** Everything a convention file may say. [sets] alone has free keys. */
const TABLES: Readonly<Record<string, Table>> = {
  call: { many: false, keys: { reads: 'registers', clobbers: 'registers' }, required: [] },
  jump: { many: false, keys: { reads: 'registers' }, required: [] },
  return: { many: false, keys: { reads: 'registers' }, required: [] },
  vectors: { many: false, keys: { tables: 'strings', sections: 'strings' }, required: [] },
  nested_miss: {
    many: false,
    keys: {
      sections: 'strings',
      continuation: 'general',
      reads: 'registers',
      clobbers: 'registers',
      returns: 'registers',
    },
    required: ['sections', 'continuation', 'reads', 'clobbers'],
  },
  linked_addresses: { many: false, keys: { files: 'strings' }, required: ['files'] },
  physical_mode: {
    many: false,
    keys: { entries: 'strings', virtual: 'strings', converting: 'strings' },
    required: ['entries'],
  },
  exception_table: { many: false, keys: { sections: 'strings' }, required: ['sections'] },
  constant: {
    many: true,
    keys: { registers: 'registers', value: 'integer', reason: 'string' },
    required: ['registers', 'value', 'reason'],
  },
  break: {
    many: true,
    keys: {
      immediate: 'integer',
      to: 'integer',
      routine: 'string',
      reads: 'registers',
      clobbers: 'registers',
      returns: 'results',
    },
    required: ['immediate'],
  },
  relocated: { many: true, keys: { from: 'string', to: 'string' }, required: ['from', 'to'] },
  exit: {
    many: true,
    keys: { routine: 'string', kind: 'exit', bank: 'bank', reads: 'registers', dead: 'registers' },
    required: ['routine', 'kind'],
  },
  macro: {
    many: true,
    keys: { name: 'string', hides: 'registers', reason: 'string' },
    required: ['name', 'hides', 'reason'],
  },
  symbol: {
    many: true,
    keys: {
      name: 'string',
      reads: 'registers',
      clobbers: 'registers',
      returns: 'registers',
      link: 'branch',
      bank: 'bank',
    },
    required: ['name'],
  },
};

/** What may stand beside conventions, for others to read: accepted findings, and all else that pvasm.toml says. */
const FOREIGN: ReadonlySet<string> = new Set([
  '$schema',
  'suppress',
  'suppressions',
  'include',
  'include-files',
  'define',
  'undefine',
  'configs',
  'targets',
  'conventions',
  'vocabularies',
  'rules',
  'overrides',
  'baseline',
  'max-warnings',
]);

/** Where a complaint would stand: looked for only when there is one. */
type Line = () => number;

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #sets: Map<string, readonly unknown[]>;
  readonly #tables: Map<string, Entry>;
  readonly #elements: Element[];
  #file!: SourceText;

  constructor(before: Said) {
    this.#sets = new Map(before.sets);
    this.#tables = new Map(Object.entries(before.tables));
    this.#elements = [...before.elements];
  }

  said(): Said {
    return { sets: [...this.#sets], tables: Object.fromEntries(this.#tables), elements: this.#elements };
  }

  read(file: SourceText): void {
    this.#file = file;
    let document: Entry;
    try {
      document = parse(Buffer.from(file.text, 'latin1').toString('utf8'), { integersAsBigInt: true }) as Entry;
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      this.#complain(error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, ''), error.line);
      return;
    }
    for (const [name, value] of Object.entries(document)) {
      if (name === 'sets') this.#readSets(value);
      else if (!FOREIGN.has(name)) this.#readTable(name, value);
    }
  }

  #readSets(value: unknown): void {
    for (const [name, list] of Object.entries(value as Entry)) {
      if (Array.isArray(list)) this.#sets.set(name, list);
      else this.#complain(`set \`${name}\` must be a list of registers`, this.#lineOf('sets', 0, name));
    }
  }

  #readTable(name: string, value: unknown): void {
    const table = TABLES[name];
    if (table === undefined) {
      const known = [...Object.keys(TABLES), 'sets'].join(', ');
      this.#complain(`unknown table [${name}]; known are ${known}`, this.#lineOf(name, 0));
      return;
    }
    if (Array.isArray(value) !== table.many) {
      this.#complain(`write ${table.many ? `[[${name}]]` : `[${name}]`}`, this.#lineOf(name, 0));
      return;
    }
    const entries = (table.many ? value : [value]) as Entry[];
    entries.forEach((entry, ordinal) => {
      const read = this.#readEntry(name, table, entry, ordinal);
      if (read === null) return;
      if (table.many)
        this.#elements.push({ table: name, entry: read, file: this.#file.name, line: this.#lineOf(name, ordinal) });
      else this.#tables.set(name, { ...this.#tables.get(name), ...read });
    });
  }

  /** The entry with its values checked and converted; null when it lacks what it needs. */
  #readEntry(name: string, table: Table, entry: Entry, ordinal: number): Entry | null {
    const read: Record<string, unknown> = {};
    let faulty = false;
    for (const [key, value] of Object.entries(entry)) {
      const kind = table.keys[key];
      const line = () => this.#lineOf(name, ordinal, key);
      if (kind === undefined) {
        this.#complain(`unknown key \`${key}\` in [${name}]; known are ${Object.keys(table.keys).join(', ')}`, line);
        continue;
      }
      const converted = this.#convert(kind, value, line);
      if (converted === undefined) {
        this.#complain(`\`${key}\` must be ${EXPECTED[kind]}`, line);
        faulty = true;
      } else read[key] = converted;
    }
    for (const key of table.required) {
      if (key in entry) continue;
      this.#complain(`[${name}] needs \`${key}\``, this.#lineOf(name, ordinal));
      faulty = true;
    }
    return faulty ? null : read;
  }

  #convert(kind: Kind, value: unknown, line: Line): unknown {
    switch (kind) {
      case 'registers':
        return Array.isArray(value) ? this.#registers(value, line) : undefined;
      case 'string':
        return typeof value === 'string' ? value : undefined;
      case 'strings':
        return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
      case 'integer':
        return typeof value === 'bigint' ? String(value) : undefined;
      case 'boolean':
        return typeof value === 'boolean' ? value : undefined;
      case 'bank':
        return value === 0n || value === 1n ? Number(value) : undefined;
      case 'branch':
        return typeof value === 'string' && /^b[0-7]$/.test(value) ? Number(value[1]) : undefined;
      case 'general':
        return typeof value === 'string' && value.startsWith('r') && registerNamed(value) >= 0
          ? registerNamed(value)
          : undefined;
      case 'results':
        return Array.isArray(value) ? this.#registers(value, line) : typeof value === 'boolean' ? value : undefined;
      case 'exit':
        return value === 'jump' || value === 'return' || value === 'rfi' ? value : undefined;
    }
  }

  #registers(list: readonly unknown[], line: Line): RegisterSet {
    const found: [Set<number>, Set<number>] = [new Set(), new Set()];
    this.#collect(list, line, found, 0);
    return [[...found[0]].sort((a, b) => a - b), [...found[1]].sort((a, b) => a - b)];
  }

  #collect(list: readonly unknown[], line: Line, found: [Set<number>, Set<number>], depth: number): void {
    for (const item of list) {
      const set = typeof item === 'string' && item.startsWith('@') ? this.#sets.get(item.slice(1)) : undefined;
      if (set !== undefined && depth < 8) this.#collect(set, line, found, depth + 1);
      else if (!addRange(item, found)) this.#complain(`\`${String(item)}\` is no register, range or set`, line);
    }
  }

  #complain(message: string, line: number | Line): void {
    const number = typeof line === 'number' ? line : line();
    const start = this.#file.lineStarts[number - 1] ?? 0;
    this.diagnostics.push({
      severity: 'error',
      message,
      file: this.#file,
      start,
      end: start + this.#file.line(number).length,
    });
  }

  /** Line of a table's header, or of a key in it. Asked only for a message or an entry's place. */
  #lineOf(table: string, ordinal: number, key?: string): number {
    const header = new RegExp(`^\\s*\\[\\[?\\s*${quoted(table)}\\s*\\]`);
    let line = 1;
    for (let seen = -1; line <= this.#file.lineStarts.length; line++) {
      if (header.test(this.#file.line(line)) && ++seen === ordinal) break;
    }
    if (line > this.#file.lineStarts.length) return 1;
    if (key === undefined) return line;
    const assignment = new RegExp(`^\\s*"?${quoted(key)}"?\\s*=`);
    for (
      let next = line + 1;
      next <= this.#file.lineStarts.length && !/^\s*\[[^\]"]+\]\s*(#|$)/.test(this.#file.line(next));
      next++
    ) {
      if (assignment.test(this.#file.line(next))) return next;
    }
    return line;
  }
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  registers: 'a list of registers, ranges (`r8-r11`) or sets (`@scratch`)',
  string: 'a string',
  strings: 'a list of strings',
  integer: 'an integer',
  boolean: 'true or false',
  bank: '0 or 1',
  branch: 'a branch register, `b0` to `b7`',
  general: 'a general register',
  exit: '"jump", "return" or "rfi"',
  results: 'a list of registers, true, or false (it does not come back)',
};

/** `r8`, `r8-r11`, `bank1.r16-r31`, put into the sets of both banks. */
function addRange(item: unknown, found: [Set<number>, Set<number>]): boolean {
  if (typeof item !== 'string') return false;
  const match = /^(?:bank([01])\.)?((?:ar\.)?[a-z]+\d*)(?:-([rfpb])(\d+))?$/.exec(item);
  if (match === null) return false;
  const [, bank, first, file, last] = match;
  const from = registerNamed(first!);
  const to = file === undefined ? from : file === first![0] ? registerNamed(file + last!) : -1;
  if (from < 0 || to < from) return false;
  for (let register = from; register <= to; register++) {
    found[0].add(inBank(register, bank === '1' ? 1 : 0));
    found[1].add(inBank(register, bank === '0' ? 0 : 1));
  }
  return true;
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
