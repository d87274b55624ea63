/** grammar/registers.tsv: names, classes and conventions of the registers, and the numbering of all resources. */
import registersText from '../../grammar/registers.tsv';
import type { Register, RegisterClass, RegisterRole } from './register.ts';
import { cellWords, tableRows } from './tsv.ts';

export interface NamedRegister {
  readonly register: Register;
  /** All that mean it, its own first. */
  readonly names: readonly string[];
  /** Its width or meaning, in words; empty where nothing needs to be said. */
  readonly note: string;
}

/** A register as its line has it: others by their names. */
interface Row {
  readonly class: RegisterClass;
  readonly number: number;
  readonly role: RegisterRole;
  readonly consults: readonly string[];
  readonly marks: readonly string[];
  readonly names: readonly string[];
  readonly note: string;
}

/** Every register, in the order of the table. */
export const registers: readonly NamedRegister[] = numbered(tableRows(registersText).flatMap(readRow));

function readRow(row: readonly string[]): Row[] {
  const [kind, name, number, alias, role, consults, marks, note] = row as [RegisterClass, ...string[]];
  const aliases = cellWords(alias!.replaceAll(',', ' ')).map(expandRange);
  const first = number === '-' ? -1 : Number(number);
  return expandRange(name!).map((each, index) => {
    const own = first < 0 ? -1 : first + index;
    return {
      class: kind,
      number: own,
      role: role === '-' ? null : (role as RegisterRole),
      consults: cellWords(consults!),
      marks: cellWords(marks!),
      names: [each, ...aliases.map((list) => list[index]!)],
      note: note === '-' ? '' : note!,
    };
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

/** Gives every line that is a resource its number, and puts numbers where lines have names. */
function numbered(rows: readonly Row[]): NamedRegister[] {
  const resources = new Map<string, number>();
  for (const row of rows) if (row.class !== 'operand') resources.set(row.names[0]!, resources.size);
  const numbers = (names: readonly string[]): number[] => names.map((name) => resources.get(name)!);
  const fields = rows.filter((row) => row.class === 'field');
  return rows.map(({ names, note, class: kind, number, role, consults, marks }) => ({
    register: {
      name: names[0]!,
      class: kind,
      number,
      resource: resources.get(names[0]!) ?? -1,
      role,
      fields: numbers(
        kind === 'ar' ? fields.filter((field) => field.number === number).map((row) => row.names[0]!) : [],
      ),
      consults: numbers(consults),
      marks: numbers(marks),
    },
    names,
    note,
  }));
}
