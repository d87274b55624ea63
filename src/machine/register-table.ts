/** grammar/registers.tsv: names, classes and conventions of the registers, and the numbering of all resources. */
import registersText from '../../grammar/registers.tsv';
import { cellWords, tableRows } from './tsv.ts';

export type RegisterClass =
  | 'gr'
  | 'fr'
  | 'pr'
  | 'br'
  | 'ar'
  | 'cr'
  | 'psr'
  | 'dahr'
  | 'field'
  | 'file'
  | 'ip'
  | 'state'
  | 'operand';

/** What the software conventions and the architecture say of a register. */
export type RegisterRole =
  | 'constant'
  | 'special'
  | 'scratch'
  | 'preserved'
  | 'argument'
  | 'return'
  | 'stacked'
  | 'kernel'
  | 'ignored'
  | 'reserved'
  | 'user'
  | 'system'
  | null;

export interface Register {
  /** Its canonical name: `r12` for `sp`. */
  readonly name: string;
  readonly class: RegisterClass;
  /** Its number in its class; of a psr bit, the bit; -1 when it has none. */
  readonly number: number;
  /** Its resource; -1 for a name that is only an operand (`pr`, `psr.l`). */
  readonly resource: number;
  readonly role: RegisterRole;
  /** Resources of its fields, for a register that has some (`ar.fpsr`). */
  readonly fields: readonly number[];
  /** Resources that every use of it depends on, and that every write to it changes. */
  readonly consults: readonly number[];
  readonly marks: readonly number[];
}

interface Row {
  readonly class: RegisterClass;
  readonly name: string;
  readonly number: number;
  readonly role: RegisterRole;
  readonly consults: readonly string[];
  readonly marks: readonly string[];
}

const byName = new Map<string, Register>();
const operandsByName = new Map<string, Register>();
/** What an operand cannot name: a label may well be called `memory`. */
const UNNAMED: readonly RegisterClass[] = ['state', 'field', 'file'];
const byResource: Register[] = [];
const byNumber = new Map<RegisterClass, Register[]>();

load(registersText);

/** How many resources there are; their numbers are 0 to one less. */
export const RESOURCE_COUNT = byResource.length;

/** The register or other state that a resource number stands for. */
export function resourceRegister(resource: number): Register {
  return byResource[resource]!;
}

/** A register by one of its architectural names; not `in0` and its kind, which depend on the frame. */
export function registerByName(name: string): Register | undefined {
  return byName.get(name);
}

/** What an operand of that name means: as `registerByName`, but nothing that only our tables call so. */
export function operandByName(name: string): Register | undefined {
  return operandsByName.get(name);
}

/** A register by its number in its class. */
export function registerByNumber(kind: RegisterClass, number: number): Register | undefined {
  return byNumber.get(kind)?.[number];
}

function load(text: string): void {
  const rows: Row[] = [];
  const aliases: (readonly string[])[] = [];
  for (const row of tableRows(text)) readRow(row, rows, aliases);
  const resources = new Map<string, number>();
  for (const row of rows) if (row.class !== 'operand') resources.set(row.name, resources.size);
  const numbers = (names: readonly string[]): number[] => names.map((name) => resources.get(name)!);
  const fields = (number: number): number[] =>
    rows.filter((row) => row.class === 'field' && row.number === number).map((row) => resources.get(row.name)!);
  const withFields = new Set(rows.filter((row) => row.class === 'field').map((row) => row.number));
  rows.forEach((row, index) => {
    const register: Register = {
      name: row.name,
      class: row.class,
      number: row.number,
      resource: resources.get(row.name) ?? -1,
      role: row.role,
      fields: row.class === 'ar' && withFields.has(row.number) ? fields(row.number) : [],
      consults: numbers(row.consults),
      marks: numbers(row.marks),
    };
    add(register, aliases[index]!);
  });
}

function add(register: Register, aliases: readonly string[]): void {
  const names = [register.name, ...aliases];
  // gas also knows application and control registers by number: ar44, cr65.
  if (register.class === 'ar' || register.class === 'cr') names.push(`${register.class}${register.number}`);
  for (const name of names) byName.set(name, register);
  if (!UNNAMED.includes(register.class)) for (const name of names) operandsByName.set(name, register);
  if (register.resource >= 0) byResource[register.resource] = register;
  if (register.number < 0) return;
  let list = byNumber.get(register.class);
  if (list === undefined) {
    list = [];
    byNumber.set(register.class, list);
  }
  list[register.number] = register;
}

function readRow(row: readonly string[], rows: Row[], aliases: (readonly string[])[]): void {
  const [kind, name, number, alias, role, consults, marks] = row as [RegisterClass, ...string[]];
  const names = expandRange(name!);
  const aliasLists = cellWords(alias!.replaceAll(',', ' ')).map(expandRange);
  const first = number === '-' ? -1 : Number(number);
  names.forEach((each, index) => {
    rows.push({
      class: kind,
      name: each,
      number: first < 0 ? -1 : first + index,
      role: role === '-' ? null : (role as RegisterRole),
      consults: cellWords(consults!),
      marks: cellWords(marks!),
    });
    aliases.push(aliasLists.map((list) => list[index]!));
  });
}

/** `r8-r11` is r8, r9, r10, r11; a single name is itself. */
function expandRange(text: string): string[] {
  const match = /^([a-z.]+)(\d+)-[a-z.]+(\d+)$/.exec(text);
  if (match === null) return [text];
  const names: string[] = [];
  for (let number = Number(match[2]); number <= Number(match[3]); number++) names.push(`${match[1]}${number}`);
  return names;
}
