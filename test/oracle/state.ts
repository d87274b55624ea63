/** The registers, frames and addresses of the oracle's processor: two banks of r16-r31, the register stack, rotation, NaT bits. */
import type { Entry, Layout, Operand, Register } from './program.ts';
import { hashText, wideHash } from './random.ts';

/** Where the code, the linkage table and data are. */
export const CODE = 0x4000_0000n;
export const SLOTS = 0x6000_0000n;
export const DATA = 0x7000_0000n;
const TABLE_SIZE = 0x100n;
/** Where the caller of the program goes on. */
export const CALLER = 0xa000_0000_0000_0010n;
export const WORD = (1n << 64n) - 1n;
/** The physical number of the first register of the frame at the start. */
export const BOTTOM = 32;
/** Registers in the frame at the start: all of them arguments. */
export const FRAME = 8;

export const range = (prefix: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${prefix}${first + at}`);

export interface Frame {
  readonly size: number;
  readonly locals: number;
  /** How many registers rotate, and by how much general ones and predicates have. */
  readonly rotating: number;
  readonly general: number;
  readonly predicates: number;
}

export const UNROTATED = { rotating: 0, general: 0, predicates: 0 };
/** p16-p63 rotate, always. */
const FIRST_ROTATING = 16;
const ROTATING_PREDICATES = 48;

const modulo = (value: number, size: number): number => ((value % size) + size) % size;

export class State {
  readonly code: Layout;
  readonly seed: number;
  readonly values = new Map<string, bigint>();
  readonly nats = new Set<string>();
  readonly memory = new Map<bigint, bigint>();
  bank: 0 | 1;
  bottom = BOTTOM;
  frame: Frame = { size: FRAME, locals: 0, ...UNROTATED };

  constructor(code: Layout, entry: Entry, seed: number) {
    this.code = code;
    this.seed = seed;
    this.bank = entry.as === 'vector' ? 0 : 1;
    this.values.set('b0', CALLER);
    this.values.set('ar.pfs', packFrame(this.frame, 0n));
    code.tables.forEach(({ labels, entries }, table) => {
      const start = DATA + BigInt(table) * TABLE_SIZE;
      this.memory.set(SLOTS + BigInt(table) * 8n, start);
      labels.forEach((label, index) => {
        const target = this.labelAddress(label);
        this.memory.set(start + BigInt(index) * 8n, entries === 'addresses' ? target : (target - start) & WORD);
      });
    });
  }

  cell(register: Register): string {
    const number = Number(register.slice(1));
    if (register.charCodeAt(0) === 112 && number >= FIRST_ROTATING)
      return `p${FIRST_ROTATING + modulo(number - FIRST_ROTATING + this.frame.predicates, ROTATING_PREDICATES)}`;
    if (register.charCodeAt(0) !== 114 || register.startsWith('rr')) return register; // not r
    if (number >= 32) {
      const { rotating, general } = this.frame;
      const at = number - 32;
      return `s${this.bottom + (at < rotating ? modulo(at + general, rotating) : at)}`;
    }
    return number >= 16 ? `bank${this.bank}.${register}` : register;
  }

  value(register: Register): bigint {
    if (register === 'r0') return 0n;
    if (register === 'p0') return 1n;
    return this.cellValue(this.cell(register));
  }

  cellValue(cell: string): bigint {
    let value = this.values.get(cell);
    if (value === undefined) {
      value = this.initial(cell);
      this.values.set(cell, value);
    }
    return value;
  }

  /** Small numbers now and then, so that compares come out either way. */
  initial(name: string): bigint {
    const hash = hashText(name, this.seed);
    if (name.startsWith('p')) return BigInt(hash & 1);
    if (name === 'ar.lc' || name === 'ar.ec') return BigInt(hash & 3);
    return (hash & 0x100) === 0 ? BigInt(hash & 3) : wideHash(name, this.seed);
  }

  nat(register: Register): boolean {
    return this.nats.has(this.cell(register));
  }

  set(register: Register, value: bigint, nat = false): void {
    if (register === 'r0' || register === 'p0') return;
    const cell = this.cell(register);
    this.values.set(cell, value & WORD);
    if (nat) this.nats.add(cell);
    else this.nats.delete(cell);
  }

  truth(predicate: Register): boolean {
    return this.value(predicate) === 1n;
  }

  setTruth(predicate: Register | undefined, truth: boolean): void {
    if (predicate !== undefined) this.set(predicate, truth ? 1n : 0n);
  }

  operand(operand: Operand): bigint {
    if (typeof operand === 'bigint') return operand & WORD;
    if (operand.startsWith('label:')) return this.labelAddress(operand.slice(6));
    if (operand.startsWith('between:')) {
      const [to, from] = operand.slice(8).split('-') as [string, string];
      return (this.labelAddress(to) - this.labelAddress(from)) & WORD;
    }
    if (operand.startsWith('table:')) return DATA + BigInt(this.table(operand.slice(6))) * TABLE_SIZE;
    if (operand.startsWith('ltoff:')) return SLOTS + BigInt(this.table(operand.slice(6))) * 8n;
    return this.value(operand);
  }

  operandNat(operand: Operand): boolean {
    return typeof operand === 'string' && !operand.includes(':') && this.nat(operand);
  }

  table(name: string): number {
    return this.code.tables.findIndex((table) => table.name === name);
  }

  labelAddress(label: string): bigint {
    const at = this.code.labels.get(label);
    return at === undefined ? wideHash(label, 1) & ~15n : CODE + BigInt(at) * 16n;
  }

  show(cells: readonly string[]): string {
    return cells
      .map((cell) => `${cell}=${this.cellValue(cell).toString(16)}${this.nats.has(cell) ? '?' : ''}`)
      .join(' ');
  }

  sight(registers: readonly Register[]): string {
    return this.show([...registers.map((register) => this.cell(register)), ...this.stacked()]);
  }

  stacked(): string[] {
    const top = this.bottom + this.frame.size - 1;
    return top < BOTTOM ? [] : range('s', BOTTOM, top);
  }

  index(address: bigint): number | undefined {
    const index = Number((address - CODE) / 16n);
    return address >= CODE && index <= this.code.code.length && address < SLOTS ? index : undefined;
  }
}

/** The layout of ar.pfs is this machine's own: nothing else looks into it. The loop count stands where the manual has it. */
export const packFrame = ({ size, locals, rotating, general, predicates }: Frame, loops: bigint): bigint =>
  BigInt(size | (locals << 7) | ((rotating / 8) << 14)) |
  (BigInt(modulo(general, 128)) << 18n) |
  (BigInt(modulo(predicates, ROTATING_PREDICATES)) << 25n) |
  ((loops & 63n) << 52n);

export function unpackFrame(value: bigint): Frame {
  const field = (at: bigint, bits: bigint) => Number((value >> at) & ((1n << bits) - 1n));
  return {
    size: field(0n, 7n),
    locals: field(7n, 7n),
    rotating: 8 * field(14n, 4n),
    general: field(18n, 7n),
    predicates: field(25n, 6n),
  };
}
