/**
 * An IA-64 processor, as far as the oracle's programs go: two banks of r16-r31, the register stack, NaT bits, predicates,
 * branch registers; and what the world around it sees. Written from the manual (Intel SDM, volumes 1 to 3).
 */
import { isBranch, isSite, predicatesOfMask, readsOf, writesOf } from './instructions.ts';
import type { Entry, Instruction, Layout, Operand, Register } from './program.ts';
import { hashText, wideHash } from './random.ts';

/** Where the code, the linkage table and data are. */
const CODE = 0x4000_0000n;
const SLOTS = 0x6000_0000n;
const DATA = 0x7000_0000n;
const TABLE_SIZE = 0x100n;
/** Where the caller of the program goes on. */
const CALLER = 0xa000_0000_0000_0010n;
const WORD = (1n << 64n) - 1n;
/** The physical number of the first register of the frame at the start. */
const BOTTOM = 32;
/** Registers in the frame at the start: all of them arguments. */
const FRAME = 8;

const range = (prefix: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${prefix}${first + at}`);

/** Software Conventions and Runtime Architecture Guide, 3.2-3.5: what a callee keeps, and what has a fixed meaning. */
const KEPT = [...range('r', 4, 7), ...range('b', 1, 5), ...range('p', 1, 5), ...range('p', 16, 63), 'ar.lc', 'ar.unat'];
const SPECIAL = ['r1', 'r12', 'r13'];
const RESULTS = [...range('r', 8, 11), 'f8', 'f9'];
/** What a callee may destroy. */
const SCRATCH = [
  ...[...range('r', 2, 3), ...range('r', 8, 11), ...range('r', 14, 31), 'b6', 'b7'],
  ...[...range('p', 6, 15), ...range('f', 6, 15), 'ar.ccv'],
];
/** What the interrupted code gets back from rfi: all but r16-r31 of bank 0. */
const INTERRUPTED = [
  ...[...range('r', 1, 15), ...range('bank1.r', 16, 31), ...range('b', 0, 7), ...range('p', 1, 63)],
  ...[...range('f', 6, 9), 'ar.lc', 'ar.pfs', 'ar.unat', 'ar.ccv'],
];

export type Style = 'other' | 'nat' | 'true' | 'false';

/** What is done to registers when control has passed an instruction. */
export interface Destruction {
  /** The registers that were called free at an instruction, by its number in the layout. */
  readonly at: (instruction: number) => readonly Register[] | undefined;
  readonly style: Style;
}

export interface Execution {
  /** What the world sees, in order. */
  readonly trace: readonly string[];
  /** Instructions that were reached. */
  readonly reached: ReadonlySet<number>;
  /** Out of fuel: the trace is only the beginning. */
  readonly unfinished: boolean;
}

export function execute(code: Layout, entry: Entry, seed: number, destruction?: Destruction, fuel = 1200): Execution {
  const machine = new Machine(code, entry, seed);
  const reached = new Set<number>();
  for (; fuel > 0 && machine.running; fuel--) {
    const at = machine.at;
    const placed = code.code[at];
    if (placed === undefined) {
      machine.leave(`behind the code`);
      break;
    }
    reached.add(at);
    const free = destruction?.at(at);
    const { instruction } = placed;
    if (free === undefined || destruction === undefined) machine.step(instruction);
    else if (isBranch(instruction)) {
      machine.destroy(free, [...readsOf(instruction)], destruction.style);
      machine.step(instruction);
    } else {
      machine.step(instruction);
      const spared = instruction.op === 'bsw' ? range('r', 16, 31) : [];
      machine.destroy(free, [...writesOf(instruction), ...spared], destruction.style);
    }
  }
  return { trace: machine.trace, reached, unfinished: machine.running };
}

interface Frame {
  size: number;
  locals: number;
}

class Machine {
  readonly trace: string[] = [];
  at: number;
  running = true;
  readonly #code: Layout;
  readonly #seed: number;
  readonly #values = new Map<string, bigint>();
  readonly #nats = new Set<string>();
  readonly #memory = new Map<bigint, bigint>();
  #bank: 0 | 1;
  #collecting: boolean;
  #bottom = BOTTOM;
  #frame: Frame = { size: FRAME, locals: 0 };
  #events = 0;

  constructor(code: Layout, entry: Entry, seed: number) {
    this.#code = code;
    this.#seed = seed;
    this.at = code.labels.get(entry.label)!;
    this.#bank = entry.as === 'vector' ? 0 : 1;
    this.#collecting = entry.as !== 'vector';
    this.#values.set('b0', CALLER);
    this.#values.set('ar.pfs', packFrame({ size: FRAME, locals: 0 }));
    code.tables.forEach(({ labels, entries }, table) => {
      const start = DATA + BigInt(table) * TABLE_SIZE;
      this.#memory.set(SLOTS + BigInt(table) * 8n, start);
      labels.forEach((label, index) => {
        const target = this.#labelAddress(label);
        this.#memory.set(start + BigInt(index) * 8n, entries === 'addresses' ? target : (target - start) & WORD);
      });
    });
  }

  // --- registers -----------------------------------------------------------------------------------------------------

  #cell(register: Register): string {
    if (register.charCodeAt(0) !== 114 || register.startsWith('rr')) return register; // not r
    const number = Number(register.slice(1));
    if (number >= 32) return `s${this.#bottom + number - 32}`;
    return number >= 16 ? `bank${this.#bank}.${register}` : register;
  }

  #value(register: Register): bigint {
    if (register === 'r0') return 0n;
    if (register === 'p0') return 1n;
    return this.#cellValue(this.#cell(register));
  }

  #cellValue(cell: string): bigint {
    let value = this.#values.get(cell);
    if (value === undefined) {
      value = this.#initial(cell);
      this.#values.set(cell, value);
    }
    return value;
  }

  /** Small numbers now and then, so that compares come out either way. */
  #initial(name: string): bigint {
    const hash = hashText(name, this.#seed);
    if (name.startsWith('p')) return BigInt(hash & 1);
    if (name === 'ar.lc') return BigInt(hash & 3);
    return (hash & 0x100) === 0 ? BigInt(hash & 3) : wideHash(name, this.#seed);
  }

  #nat(register: Register): boolean {
    return this.#nats.has(this.#cell(register));
  }

  #set(register: Register, value: bigint, nat = false): void {
    if (register === 'r0' || register === 'p0') return;
    const cell = this.#cell(register);
    this.#values.set(cell, value & WORD);
    if (nat) this.#nats.add(cell);
    else this.#nats.delete(cell);
  }

  #truth(predicate: Register): boolean {
    return this.#value(predicate) === 1n;
  }

  #setTruth(predicate: Register | undefined, truth: boolean): void {
    if (predicate !== undefined) this.#set(predicate, truth ? 1n : 0n);
  }

  #operand(operand: Operand): bigint {
    if (typeof operand === 'bigint') return operand & WORD;
    if (operand.startsWith('label:')) return this.#labelAddress(operand.slice(6));
    if (operand.startsWith('table:')) return DATA + BigInt(this.#table(operand.slice(6))) * TABLE_SIZE;
    if (operand.startsWith('ltoff:')) return SLOTS + BigInt(this.#table(operand.slice(6))) * 8n;
    return this.#value(operand);
  }

  #operandNat(operand: Operand): boolean {
    return typeof operand === 'string' && !operand.includes(':') && this.#nat(operand);
  }

  #table(name: string): number {
    return this.#code.tables.findIndex((table) => table.name === name);
  }

  #labelAddress(label: string): bigint {
    const at = this.#code.labels.get(label);
    return at === undefined ? wideHash(label, 1) & ~15n : CODE + BigInt(at) * 16n;
  }

  // --- what the world sees -------------------------------------------------------------------------------------------

  #event(text: string): void {
    this.trace.push(text);
    this.#events++;
  }

  leave(text: string): void {
    this.#event(text);
    this.running = false;
  }

  #show(cells: readonly string[]): string {
    return cells
      .map((cell) => `${cell}=${this.#cellValue(cell).toString(16)}${this.#nats.has(cell) ? '?' : ''}`)
      .join(' ');
  }

  #sight(registers: readonly Register[]): string {
    return this.#show([...registers.map((register) => this.#cell(register)), ...this.#stacked()]);
  }

  #stacked(): string[] {
    const top = this.#bottom + this.#frame.size - 1;
    return top < BOTTOM ? [] : range('s', BOTTOM, top);
  }

  /** Everything that a register can hold, on both banks. */
  #everything(): string {
    return this.#show([...INTERRUPTED, ...range('bank0.r', 16, 31), ...this.#stacked()]);
  }

  destroy(registers: readonly Register[], spared: readonly Register[], style: Style): void {
    for (const register of registers) {
      if (spared.includes(register)) continue;
      if (register.startsWith('p'))
        this.#setTruth(register, style === 'true' || (style !== 'false' && !this.#truth(register)));
      else if (register.startsWith('b'))
        this.#set(register, (0xdead_0000_0000n + BigInt(hashText(register, 3))) & ~15n);
      else this.#set(register, 0xdead_0000_0000n + BigInt(hashText(register, 3)), style === 'nat');
    }
  }

  // --- instructions --------------------------------------------------------------------------------------------------

  step(instruction: Instruction): void {
    const { op, under } = instruction;
    const executes = under === undefined || this.#truth(under);
    this.at++;
    if (TESTS.has(op)) this.#test(instruction, executes);
    else if (op === 'frcpa') this.#reciprocal(instruction, executes);
    else if (!executes) return;
    else if (isBranch(instruction)) this.#branch(instruction);
    else if (isSite(instruction)) this.#site(instruction);
    else if (/^(ld|st)8/.test(op)) this.#memoryAccess(instruction);
    else if (!this.#special(instruction)) this.#compute(instruction);
  }

  /** A NaT where a value is consumed. */
  #consumes(operand: Operand): boolean {
    if (!this.#operandNat(operand)) return false;
    this.leave('register NaT consumption');
    return true;
  }

  #compute({ op, to, from }: Instruction): void {
    const [a, b] = from.map((operand) => this.#operand(operand));
    this.#set(
      to[0]!,
      COMPUTE[op]!(a!, b ?? 0n),
      from.some((operand) => this.#operandNat(operand)),
    );
  }

  #special({ op, to, from }: Instruction): boolean {
    if (op === 'to-br' || op === 'to-ar') {
      if (!this.#consumes(from[0]!)) this.#set(to[0]!, this.#operand(from[0]!));
    } else if (op === 'from-pr') {
      this.#set(
        to[0]!,
        range('p', 0, 63).reduceRight((bits, name) => (bits << 1n) | this.#value(name), 0n),
      );
    } else if (op === 'to-pr') {
      if (this.#consumes(from[0]!)) return true;
      const bits = this.#operand(from[0]!);
      for (const name of predicatesOfMask(from[1] as bigint)) this.#set(name, (bits >> BigInt(name.slice(1))) & 1n);
    } else if (op === 'pr.rot') {
      const bits = this.#operand(from[0]!);
      for (const name of range('p', 16, 63))
        this.#set(name, (bits >> BigInt(Math.min(43, Number(name.slice(1))))) & 1n);
    } else if (op === 'alloc') {
      const [inputs, locals, outputs] = from.map(Number) as [number, number, number];
      const previous = this.#value('ar.pfs');
      this.#frame = { size: inputs + locals + outputs, locals: inputs + locals };
      this.#set(to[0]!, previous);
    } else if (op === 'break') this.#event(`break ${from[0]} ${this.#everything()}`);
    else if (op === 'srlz') return true;
    else return false;
    return true;
  }

  #memoryAccess({ op, to, from }: Instruction): void {
    const address = this.#operand(from[0]!);
    if (op === 'ld8.s') {
      const deferred = this.#operandNat(from[0]!) || (hashText(`${address}`, this.#seed) & 1) === 1;
      this.#set(to[0]!, deferred ? 0n : this.#load(address), deferred);
      return;
    }
    if (this.#consumes(from[0]!)) return;
    if (op.startsWith('ld8')) this.#set(to[0]!, this.#load(address));
    else if (this.#consumes(from[1]!)) return;
    else this.#store(address, this.#operand(from[1]!));
    if (op.endsWith('.inc')) this.#set(to.at(-1)!, address + 8n);
  }

  /** Nothing is stored over code, the linkage table and tables. */
  #store(address: bigint, value: bigint): void {
    this.#event(`[${address.toString(16)}]=${value.toString(16)}`);
    if (address < SLOTS || address >= DATA + 0x1000n) this.#memory.set(address, value);
  }

  #load(address: bigint): bigint {
    return this.#memory.get(address) ?? this.#initial(`memory ${address}`);
  }

  #site({ op, to, from, how }: Instruction): void {
    if (from.some((operand) => this.#operandNat(operand))) {
      this.leave('register NaT consumption');
      return;
    }
    if (op === 'bsw') this.#bank = how === '1' ? 1 : 0;
    else if (op === 'cover') {
      this.#event('cover');
      this.#bottom += this.#frame.size;
      this.#frame = { size: 0, locals: 0 };
    } else if (op === 'ssm' || op === 'rsm') {
      this.#event(`${op} ${how}`);
      if (how!.includes('psr.ic')) this.#collecting = op === 'ssm';
    } else {
      const values = from.map((operand) => this.#operand(operand).toString(16)).join(' ');
      this.#event(`${op} ${how ?? ''} ${to.map((name) => (/^[ca]r/.test(name) ? name : '')).join('')} ${values}`);
      if (/^(from|th|tt|tp)/.test(op)) this.#set(to[0]!, this.#initial(`event ${this.#events} ${op}`));
    }
  }

  // --- compares and tests --------------------------------------------------------------------------------------------

  #test(instruction: Instruction, executes: boolean): void {
    const { to, how = '' } = instruction;
    const [p, q] = to;
    const [, ...types] = how.split('.');
    const type = types.join('.');
    if (!executes) {
      if (type !== 'unc') return;
      this.#setTruth(p, false);
      this.#setTruth(q, false);
      return;
    }
    const answer = this.#answer(instruction);
    const holds = answer === true;
    if (type === '' || type === 'unc') {
      this.#setTruth(p, holds);
      this.#setTruth(q, answer === false);
      return;
    }
    const known = answer !== 'nat';
    if ((type === 'and' && !holds) || (type === 'andcm' && answer !== false)) {
      this.#setTruth(p, false);
      this.#setTruth(q, false);
    } else if (known && ((type === 'or' && holds) || (type === 'orcm' && !holds))) {
      this.#setTruth(p, true);
      this.#setTruth(q, true);
    } else if (known && ((type === 'or.andcm' && holds) || (type === 'and.orcm' && !holds))) {
      this.#setTruth(p, type === 'or.andcm');
      this.#setTruth(q, type !== 'or.andcm');
    }
  }

  /** frcpa clears its predicate where it is not executed, as an unconditional compare does. */
  #reciprocal({ to, from }: Instruction, executes: boolean): void {
    const [a, b] = from.map((operand) => this.#operand(operand));
    const nat = from.some((operand) => this.#operandNat(operand));
    if (executes) this.#set(to[0]!, wideHash(`${a} / ${b}`, 1), nat);
    this.#setTruth(to[1], executes && !nat && a !== 0n && b !== 0n);
  }

  #answer({ op, from, how = '' }: Instruction): boolean | 'nat' {
    const relation = how.split('.')[0]!;
    const [a, b] = from.map((operand) => this.#operand(operand));
    const nat = from.some((operand) => this.#operandNat(operand));
    if (op === 'tnat') return (relation === 'nz') === nat;
    if (op === 'tf') return (relation === 'nz') === ((hashText(`feature ${a}`, this.#seed) & 1) === 1);
    if (op === 'fclass') return true; // only NaTVal and what is positive is there
    if (nat) return 'nat';
    if (op === 'fclass.neg') return false;
    if (op === 'tbit') return (relation === 'nz') === (((a! >> b!) & 1n) === 1n);
    const bits = op === 'cmp4' ? 32 : 64;
    if (op === 'fcmp') return RELATIONS[`${relation}u`]?.(a!, b!) ?? RELATIONS[relation]!(a!, b!);
    return relate(relation, a!, b!, bits);
  }

  // --- branches ------------------------------------------------------------------------------------------------------

  #branch({ op, to, from }: Instruction): void {
    if (op === 'rfi') {
      this.leave(`rfi ${this.#show(INTERRUPTED)} ${this.#allStacked()}`);
      return;
    }
    if (op === 'chk.s') {
      if (this.#operandNat(from[0]!)) this.#go(this.#operand(from[1]!), 'br');
      return;
    }
    if (op === 'br.cloop') {
      const count = this.#value('ar.lc');
      if (count === 0n) return;
      this.#set('ar.lc', count - 1n);
    }
    const target = this.#operand(from[0]!) & ~15n;
    if (op.startsWith('br.call')) {
      this.#call(to[0]!, target);
      return;
    }
    this.#go(target, op);
  }

  #call(link: Register, target: bigint): void {
    this.#set(link, CODE + BigInt(this.at) * 16n);
    const index = this.#index(target);
    if (index === undefined) {
      this.#callOutside(target);
      return;
    }
    this.#set('ar.pfs', packFrame(this.#frame));
    this.#bottom += this.#frame.locals;
    this.#frame = { size: this.#frame.size - this.#frame.locals, locals: 0 };
    this.at = index;
  }

  #callOutside(target: bigint): void {
    const seen = this.#collecting ? this.#sight([...SPECIAL, ...KEPT, 'r8', 'f8', 'f9']) : this.#everything();
    this.#event(`call ${target.toString(16)} ${seen}`);
    this.#set('ar.pfs', packFrame(this.#frame));
    for (const register of SCRATCH) this.#set(register, this.#initial(`${register[0]} ${this.#events} ${register}`));
    for (let out = this.#frame.locals; out < this.#frame.size; out++)
      this.#set(`r${32 + out}`, this.#initial(`out ${this.#events} ${out}`));
  }

  #go(target: bigint, op: string): void {
    const index = this.#index(target);
    if (op === 'br.ret') {
      this.#frame = unpackFrame(this.#value('ar.pfs'));
      this.#bottom -= this.#frame.locals;
    }
    if (index !== undefined) {
      this.at = index;
      return;
    }
    if (!this.#collecting) {
      this.leave(`to ${target.toString(16)} ${this.#everything()}`);
      return;
    }
    const known = target === CALLER || op === 'br.ret';
    const seen = known ? [...SPECIAL, ...KEPT, ...RESULTS] : [...SPECIAL, ...KEPT, 'r8', 'f8', 'f9', 'b0', 'ar.pfs'];
    this.leave(`${op} ${target.toString(16)} ${this.#sight(seen)}`);
  }

  #allStacked(): string {
    return this.#show(range('s', BOTTOM, BOTTOM + FRAME - 1));
  }

  #index(address: bigint): number | undefined {
    const index = Number((address - CODE) / 16n);
    return address >= CODE && index <= this.#code.code.length && address < SLOTS ? index : undefined;
  }
}

const packFrame = ({ size, locals }: Frame): bigint => BigInt(size | (locals << 7));

const unpackFrame = (value: bigint): Frame => ({ size: Number(value & 127n), locals: Number((value >> 7n) & 127n) });

const TESTS = new Set(['cmp', 'cmp4', 'tbit', 'tnat', 'tf', 'fcmp', 'fclass', 'fclass.neg']);

const same = (a: bigint): bigint => a;

const COMPUTE: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  mov: same,
  movl: same,
  ltoff: same,
  setf: same,
  getf: same,
  'from-br': same,
  'from-ar': same,
  add: (a, b) => a + b,
  adds: (a, b) => a + b,
  sub: (a, b) => a - b,
  xor: (a, b) => a ^ b,
  and: (a, b) => a & b,
};

const RELATIONS: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  neq: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

function relate(relation: string, a: bigint, b: bigint, bits: number): boolean {
  const unsigned = relation.endsWith('u');
  const narrow = (value: bigint) => (unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value));
  return RELATIONS[unsigned ? relation.slice(0, -1) : relation]!(narrow(a), narrow(b));
}
