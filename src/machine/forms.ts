/** grammar/instructions.tsv: one form a line. Lines are compiled when a mnemonic first asks for them. */
import instructionsText from '../../grammar/instructions.tsv';
import operandsText from '../../grammar/operands.tsv';
import sensitiveText from '../../grammar/privileged-and-sensitive.tsv';
import type { Branch, Form } from './effects.ts';
import { matchesPattern, type Pattern, parsePattern } from './pattern.ts';
import type { RegisterClass } from './register.ts';
import { registerByName, registerByNumber } from './register-table.ts';
import { cellWords, tableRows, tableSets } from './tsv.ts';

/** What an operand of a form accepts. */
export interface OperandKind {
  /** The word in the table: `r1`, `[r3]`, `rr[r3]`, `mask24`. */
  readonly word: string;
  /** The name that the effects use: `r3` for `[r3]` and `rr[r3]`, `ar3` for `ar3m`. */
  readonly name: string;
  readonly shape: 'memory' | 'indexed' | 'register' | 'immediate' | 'label';
  /** Of a register. */
  readonly class: RegisterClass | null;
  /** A register that must be this one, or the indirect file of an `indexed`. */
  readonly fixed: string | null;
  /** Ranges of the register number or the constant, inclusive; empty: any. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Not every operand of its shape and class will do. */
  readonly needsCheck: boolean;
}

export interface FormLine extends Form {
  readonly outputs: readonly OperandKind[];
  readonly inputs: readonly OperandKind[];
  /** The last output may be left out. */
  readonly optionalOutput: boolean;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly consults: readonly string[];
  readonly branch: Branch['kind'] | null;
  /** Whether the first output is no result that code must use (the link of a call). */
  readonly noResult: boolean;
  readonly parallel: readonly string[];
  readonly complements: 'always' | 'unless-nat' | null;
  /** The assembler's own spelling of another form. */
  readonly pseudo: boolean;
  /** Its last four operands make a new register frame, in which its output is written. */
  readonly makesFrame: boolean;
  /** Only in the last slot of a bundle. */
  readonly lastSlot: boolean;
  readonly stopBehind: boolean;
  /** Formats of SDM vol. 3, chapter 4. */
  readonly formats: readonly string[];
  readonly pattern: Pattern;
}

/** The only immediate that tells forms apart. */
const ONE = '1';

const sets = tableSets(instructionsText);
const kinds = new Map(tableRows(operandsText).map((row) => [row[0]!, row]));
/** Forms that are sensitive whatever their operands, and that do not simply run natively. */
const sensitive = new Set(
  tableRows(sensitiveText)
    .filter(([, registers, kind, rewrite]) => registers === '-' && kind === 'sensitive' && rewrite !== 'no')
    .flatMap(([forms]) => cellWords(forms!)),
);

const rows = tableRows(instructionsText);
/** Lines by the first two characters of their mnemonic, which no pattern of the table has alternatives in. */
const lines = new Map<string, string[][]>();
const compiled = new Map<string, FormLine>();
for (const row of rows) {
  const start = row[1]!.slice(0, 2).replace('{', '');
  const list = lines.get(start);
  if (list === undefined) lines.set(start, [row]);
  else list.push(row);
}

/** The forms that a mnemonic may be, in the order in which they are to be tried. */
export function formsOf(mnemonic: string): FormLine[] {
  const alike = [...(lines.get(mnemonic.slice(0, 2)) ?? []), ...(lines.get(mnemonic.slice(0, 1)) ?? [])];
  return alike.filter((row) => matchesPattern(patternOf(row), mnemonic)).map(compile);
}

/** Every form's mnemonic as a pattern, and its unit, in the order of the table. */
export const formSpellings: readonly { readonly mnemonic: string; readonly unit: string }[] = rows.map(
  ([, mnemonic, , unit]) => ({ mnemonic: mnemonic!, unit: unit! }),
);

let unitSpellings: ReadonlyMap<string, string> | undefined;

/** The mnemonic without a completer that only says which unit executes it: `mov.m` and `mov.i` are `mov`. */
export function baseMnemonic(mnemonic: string): string {
  unitSpellings ??= new Map(
    formSpellings.flatMap(({ mnemonic: pattern, unit }) => {
      const suffix = `{,.${unit.toLowerCase()}}`;
      if (!pattern.endsWith(suffix)) return [];
      const base = pattern.slice(0, -suffix.length);
      return [[`${base}.${unit.toLowerCase()}`, base]];
    }),
  );
  return unitSpellings.get(mnemonic) ?? mnemonic;
}

/** The names of all forms, in the order of the table. */
export const formIds: readonly string[] = rows.map(([id]) => id!);

let places: ReadonlyMap<string, number> | undefined;

/** The place of a form in the table. */
export function formPlace(id: string): number {
  places ??= new Map(formIds.map((each, place) => [each, place]));
  return places.get(id)!;
}

/** Every form, in the order of the table. */
export function allForms(): FormLine[] {
  return rows.map(compile);
}

const patterns = new Map<string, Pattern>();

function patternOf([id, mnemonic]: readonly string[]): Pattern {
  let pattern = patterns.get(id!);
  if (pattern === undefined) {
    pattern = parsePattern(mnemonic!, sets);
    patterns.set(id!, pattern);
  }
  return pattern;
}

function compile(row: string[]): FormLine {
  const [id, mnemonic, operands, unit, reads, writes, consults, notes, formats] = row as [string, ...string[]];
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const equals = operands!.indexOf(' = ');
  const left = equals < 0 ? '' : operands!.slice(0, equals);
  const optionalOutput = left.includes('[, ');
  const outputs = equals < 0 ? [] : (optionalOutput ? left.replace('[, ', ', ').slice(0, -1) : left).split(', ');
  const inputs = operands === '-' ? [] : operands!.slice(equals < 0 ? 0 : equals + 3).split(', ');
  const noteWords = cellWords(notes!);
  const form: FormLine = {
    id,
    mnemonic: mnemonic!,
    unit: unit as Form['unit'],
    operandClass: [...outputs, ...inputs],
    privileged: noteWords.includes('privileged'),
    sensitive: sensitive.has(id),
    position: noteWords.includes('first') ? 'first' : noteWords.includes('last') ? 'last' : null,
    predicable: !noteWords.includes('unpredicated'),
    slots: unit === 'X' ? 2 : 1,
    outputs: outputs.map(operandKind),
    inputs: inputs.map(operandKind),
    optionalOutput,
    reads: expandSets(reads!),
    writes: expandSets(writes!),
    consults: expandSets(consults!),
    branch: noteValue(noteWords, 'branch') as Branch['kind'] | null,
    noResult: noteWords.includes('no-result'),
    parallel: noteValue(noteWords, 'parallel')?.split(',') ?? [],
    complements: noteValue(noteWords, 'complements') as FormLine['complements'],
    pseudo: noteWords.includes('pseudo'),
    makesFrame: noteWords.includes('frame'),
    lastSlot: noteWords.includes('slot2'),
    stopBehind: noteWords.includes('stop-behind'),
    formats: cellWords(formats!),
    pattern: patternOf(row),
  };
  compiled.set(id, form);
  return form;
}

function noteValue(notes: readonly string[], name: string): string | null {
  return notes.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

function expandSets(cell: string): string[] {
  return cellWords(cell).flatMap((word) => (word.startsWith('$') ? sets.get(word.slice(1))!.split(' ') : [word]));
}

const kindCache = new Map<string, OperandKind>();

function operandKind(word: string): OperandKind {
  let kind = kindCache.get(word);
  if (kind === undefined) {
    kind = readKind(word);
    kindCache.set(word, kind);
  }
  return kind;
}

function readKind(word: string): OperandKind {
  const row = kinds.get(word);
  if (row !== undefined) return listedKind(word, row);
  const file = /^([a-z]+)\[(r3)\]$/.exec(word);
  if (file !== null)
    return { word, name: file[2]!, shape: 'indexed', class: null, fixed: file[1]!, ranges: [], needsCheck: true };
  const register = registerByName(word);
  if (register === undefined) throw new Error(`grammar/instructions.tsv: unknown operand ${word}`);
  const { name, class: registerClass } = register;
  return { word, name: word, shape: 'register', class: registerClass, fixed: name, ranges: [], needsCheck: true };
}

function listedKind(word: string, row: readonly string[]): OperandKind {
  const shape = row[1]!;
  const ranges = cellWords(row[2]!).map((range) => range.split('..').map(Number) as [number, number]);
  const listed = { word, name: word, class: null, fixed: null, ranges, needsCheck: false };
  if (shape === 'memory') return { ...listed, name: word.slice(1, -1), shape, class: 'gr' };
  if (shape === 'label') return { ...listed, shape };
  if (shape === 'imm') return { ...listed, shape: 'immediate', needsCheck: word === ONE };
  const kind = shape as RegisterClass;
  const all = ranges[0]![0] === 0 && registerByNumber(kind, ranges[0]![1] + 1) === undefined;
  return { ...listed, name: /^[ac]?r3/.exec(word)?.[0] ?? word, shape: 'register', class: kind, needsCheck: !all };
}
