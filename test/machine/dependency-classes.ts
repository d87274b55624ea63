/**
 * The dependency tables of binutils (opcodes/ia64-{ic,raw,waw,war}.tbl), read and answered for instructions: which
 * resources does one write or read by those tables, and with what semantics? Resources are given our names.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effects } from '../../src/machine/effects.ts';
import type { FormLine } from '../../src/machine/forms.ts';
import type { Register } from '../../src/machine/register.ts';
import { registerByNumber } from '../../src/machine/register-table.ts';

/** An instruction as the tables see it. */
export interface Subject {
  readonly text: string;
  readonly form: FormLine;
  readonly mnemonic: string;
  readonly effects: Effects;
  /** Registers of its operands, by the form's word. */
  readonly operands: ReadonlyMap<string, Register>;
  readonly mask: number;
}

export interface Row {
  readonly resource: string;
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly semantics: string;
}

export function readTable(folder: string, name: string): Row[] {
  return readFileSync(join(folder, 'opcodes', name), 'latin1')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [resource, first, second, semantics] = line.split(/;\s*/) as [string, string, string, string];
      return {
        resource: resource.replace(/ - /g, '-'),
        first: splitList(first),
        second: splitList(second),
        semantics: semantics.trim(),
      };
    });
}

/** Splits at commas outside of brackets. */
function splitList(text: string): string[] {
  return text.split(/,\s*(?![^[]*\])/).map((item) => item.trim());
}

export type Classes = ReadonlyMap<string, readonly string[]>;

export function readClasses(folder: string): Classes {
  return new Map(
    readFileSync(join(folder, 'opcodes', 'ia64-ic.tbl'), 'latin1')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const at = line.indexOf(';');
        return [line.slice(0, at), splitList(line.slice(at + 1))];
      }),
  );
}

/** An item of a list, taken apart: `IC:mov-from-AR-M[Field(ar3) == BSP]+1` or `IC:fr-writers\\IC:ldf-c`. */
interface Item {
  readonly text: string;
  readonly note: number;
  readonly name: string;
  readonly except: readonly Item[];
  readonly conditions: readonly { readonly field: string | null; readonly values: readonly string[] }[];
}

const items = new Map<string, Item>();

function readItem(text: string): Item {
  let item = items.get(text);
  if (item === undefined) {
    const [positive, ...except] = text.split('\\') as [string, ...string[]];
    const bare = positive.replace(/(\+\d+)+$/, '');
    const conditions = [...bare.matchAll(/\[(?:Format|Field\((\w+)\))\s*(==|in)\s*([^\]]*)\]/g)].map(
      ([, field, operator, value]) => {
        const values = value!.replace(/[{}]/g, '').trim();
        return { field: field ?? null, values: operator === '==' ? [values] : values.split(/\s+/) };
      },
    );
    const note = Number(/\+(\d+)/.exec(text)?.[1] ?? 0);
    item = { text, note, name: bare.replace(/\[.*/, ''), except: except.map(readItem), conditions };
    items.set(text, item);
  }
  return item;
}

/** The note number of the item that the subject is under (`IC:mov-to-BR+1`: 1), 0 for none, -1 when it is under none. */
export function noteOf(list: readonly string[], subject: Subject, classes: Classes): number {
  for (const text of list) {
    const item = readItem(text);
    if (isIn(item, subject, classes)) return item.note;
  }
  return -1;
}

const memberships = new WeakMap<Subject, Map<Item, boolean>>();

function isIn(item: Item, subject: Subject, classes: Classes): boolean {
  let known = memberships.get(subject);
  if (known === undefined) {
    known = new Map();
    memberships.set(subject, known);
  }
  const answer = known.get(item) ?? computeIsIn(item, subject, classes);
  known.set(item, answer);
  return answer;
}

function computeIsIn({ name, except, conditions }: Item, subject: Subject, classes: Classes): boolean {
  if (except.some((each) => isIn(each, subject, classes))) return false;
  for (const { field, values } of conditions)
    if (field === null ? !values.some((each) => subject.form.formats.includes(each)) : !fieldIs(field, values, subject))
      return false;
  // A slip in the WAW table: `IC:br.call` is the instruction.
  const members = name.startsWith('IC:') ? classes.get(name.slice(3)) : undefined;
  if (members === undefined) return isNamed(name.replace('IC:', ''), subject);
  return members.some((each) => each !== '-' && isIn(readItem(each), subject, classes));
}

/** Instruction names of the tables: a mnemonic or its beginning, or `mov_ar` and its kind. */
function isNamed(name: string, subject: Subject): boolean {
  const kind = /^mov_(\w+)$/.exec(name)?.[1];
  const { mnemonic, form } = subject;
  if (kind !== undefined) return mnemonic.split('.')[0] === 'mov' && movKind(subject) === kind;
  if (mnemonic.split('.')[0] === 'mov') {
    // The assembler's spellings of adds, addl and fmerge.
    if (form.id === 'mov-gr') return name === 'adds';
    if (form.id === 'mov-imm') return name === 'addl';
    return form.id === 'mov-fr' && name === 'fmerge';
  }
  const spelled = ALIASES[form.id] ?? withStatusField(form, mnemonic);
  return spelled === name || spelled.startsWith(`${name}.`);
}

/** `fsetc` is fsetc.s0. */
function withStatusField(form: FormLine, mnemonic: string): string {
  return form.mnemonic.includes('{$sf}') && !/\.s[0-3]$/.test(mnemonic) ? `${mnemonic}.s0` : mnemonic;
}

/** What the assembler's own spellings stand for. */
const ALIASES: Readonly<Record<string, string>> = {
  'add-imm': 'addl',
  br: 'br.cond',
  'br-b': 'br.cond',
  'br-cond': 'br.cond',
  'br-cond-b': 'br.cond',
  brl: 'brl.cond',
  'brl-cond': 'brl.cond',
};

function movKind({ form }: Subject): string {
  const words = form.operandClass.join(' ');
  if (/\bdahr/.test(words)) return words.includes('dahr[') ? 'indirect' : 'dahr';
  if (/\[r3\]/.test(words)) return 'indirect';
  if (/\b(ar3|kr|timer|ar\.)/.test(words)) return 'ar';
  if (/\bcr/.test(words)) return 'cr';
  if (/\bb[12]\b/.test(words)) return 'br';
  if (/\bpsr\.um\b/.test(words)) return 'um';
  if (/\bpsr\b/.test(words)) return 'psr';
  if (/\bpr\b/.test(words)) return 'pr';
  return words.includes('ip') ? 'ip' : 'gr';
}

function fieldIs(field: string, values: readonly string[], subject: Subject): boolean {
  const operand = [...subject.operands.values()].find((register) => register.class === (field === 'ar3' ? 'ar' : 'cr'));
  switch (field) {
    case 'sf': {
      const named = /\.(s[0-3])$/.exec(subject.mnemonic)?.[1] ?? 's0';
      return values.includes(named);
    }
    case 'ar3':
    case 'cr3':
      return operand !== undefined && values.some((value) => isRegister(operand, value));
    case 'ireg':
      return subject.form.operandClass.some((word) => values.some((value) => word.startsWith(`${value}[`)));
    case 'ctype': {
      const type = /\.(unc|and\.orcm|or\.andcm|andcm|orcm|and|or)(?:\.s[0-3])?$/.exec(subject.mnemonic)?.[1] ?? '';
      return values.includes(type);
    }
    case 'lftype':
      return values.includes(subject.mnemonic.includes('.fault') ? 'fault' : '');
    default:
      throw new Error(`unknown field ${field}`);
  }
}

function isRegister(register: Register, value: string): boolean {
  const range = /^(\d+)-(\d+)$/.exec(value);
  if (range !== null) return register.number >= Number(range[1]) && register.number <= Number(range[2]);
  return register.name === `${register.class}.${value.toLowerCase()}`;
}

const FIXED: Readonly<Record<string, string>> = {
  ALAT: 'alat',
  CFM: 'cfm',
  DTC: 'dtc',
  'DTC_LIMIT*': 'dtc_limit',
  DTR: 'dtr',
  'InService*': 'inservice',
  IP: 'ip',
  ITC: 'itc',
  'ITC_LIMIT*': 'itc_limit',
  ITR: 'itr',
  memory: 'memory',
  RSE: 'rse',
  'AR[UNAT]{%}, % in 0-63': 'ar.unat',
  'DAHR%, % in 0-7': 'dahr',
};

/** True when one of our resources is what a row's resource means: `ar.ccv` for `AR[CCV]`, r14 for `GR%, % in 1 - 127`. */
export function isResource(resource: string, ours: Register): boolean {
  const name = FIXED[resource] ?? singleName(resource);
  if (name !== undefined) return ours.name === name;
  const [, kind, stem] = /^(GR|FR|BR|PR|AR|CR)(?:\[(\w+)%\])?/.exec(resource)!;
  if (ours.class !== kind!.toLowerCase()) return false;
  if (stem !== undefined) return new RegExp(`^${kind}\\.${stem}\\d$`, 'i').test(ours.name);
  return numberRanges(resource).some(([low, high]) => ours.number >= low && ours.number <= high);
}

function singleName(resource: string): string | undefined {
  const field = /^AR\[FPSR\]\.(.*)$/.exec(resource);
  if (field !== null) return `ar.fpsr.${field[1]}`;
  const single = /^(AR|CR)\[(\w+)\]$/.exec(resource);
  if (single !== null) return `${single[1]}.${single[2]}`.toLowerCase();
  if (resource.startsWith('PSR.')) return resource.toLowerCase();
  return /^(\w+)#$/.exec(resource)?.[1]?.toLowerCase();
}

function numberRanges(resource: string): [number, number][] {
  const text = resource.includes(' in ') ? resource.slice(resource.indexOf(' in ') + 4) : /\d+$/.exec(resource)![0];
  return text.split(',').map((part) => {
    const [low, high] = part.split('-').map(Number);
    return [low!, high ?? low!];
  });
}

/** Notes that make a dependency hold for some operands only (SDM vol. 3, 5.3.2): is it for these? */
export function noteHolds(note: number, resource: string, subject: Subject, role: 'writes' | 'reads'): boolean {
  // What reads a predicate register reads it to be qualified by it, unless it is mov-from-pr; the samples are not.
  if (role === 'reads' && resource.startsWith('PR') && (note === 1 || note === 12)) return false;
  const has = (kind: string, low: number, high: number): boolean =>
    [...subject.operands.values()].some(
      (register) => register.class === kind && register.number >= low && register.number <= high,
    );
  switch (note) {
    case 7: // the bits, the predicates that the mask names
      return resource.startsWith('PSR.')
        ? psrInMask(resource.toLowerCase(), subject.mask)
        : predicatesInMask(resource, subject.mask);
    case 8: // psr.dfl, psr.dfh
    case 9: // psr.mfl, psr.mfh
      return resource.endsWith('l') ? has('fr', 2, 31) : has('fr', 32, 127);
    case 10: // banked registers
      return has('gr', 16, 31);
    case 1: // the registers that the operands name
      return operandNamed(resource, subject, has);
    default:
      return true;
  }
}

function psrInMask(name: string, mask: number): boolean {
  for (let bit = 0; bit < 24; bit++) if (registerByNumber('psr', bit)?.name === name) return ((mask >> bit) & 1) === 1;
  return false;
}

/** Bit 16 stands for p16-p63; bits 0-15 are all set or clear together in the samples. */
function predicatesInMask(resource: string, mask: number): boolean {
  return resource.includes('1-15') ? (mask & 0xfffe) !== 0 : (mask & 0x10000) !== 0;
}

function operandNamed(
  resource: string,
  subject: Subject,
  has: (kind: string, low: number, high: number) => boolean,
): boolean {
  if (/^PR/.test(resource)) return numberRanges(resource).some(([low, high]) => has('pr', low, high));
  if (!/^(AR|CR)\W/.test(resource)) return true;
  return [...subject.operands.values()].some((register) => isResource(resource, register));
}
