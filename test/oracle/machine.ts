/**
 * An IA-64 processor, as far as the oracle's programs go, and what the world around it sees. Its registers are in state.ts.
 * Written from the manual (Intel SDM, volumes 1 to 3).
 */
import { HELPER, handlerOf, MASKS_WITH_IC } from './agreements.ts';
import { isBranch, isSite, predicatesOfMask, readsOf, writesOf } from './instructions.ts';
import type { Entry, Instruction, Layout, Operand, Register } from './program.ts';
import { hashText, wideHash } from './random.ts';
import {
  BOTTOM,
  CALLER,
  CODE,
  DATA,
  FRAME,
  packFrame,
  range,
  SLOTS,
  State,
  UNROTATED,
  unpackFrame,
  WORD,
} from './state.ts';

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
    if (machine.faults(instruction)) continue;
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

class Machine extends State {
  readonly trace: string[] = [];
  at: number;
  running = true;
  #collecting: boolean;
  #events = 0;
  /** How often something happened that the world decides: a fault, an entry that is gone from the ALAT. */
  #chances = 0;
  /** The qualifying predicate of the last instruction: br.wtop asks for it. */
  #loops = false;

  constructor(code: Layout, entry: Entry, seed: number) {
    super(code, entry, seed);
    this.at = code.labels.get(entry.label)!;
    this.#collecting = entry.as !== 'vector';
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

  /** Everything that a register can hold, on both banks. */
  #everything(): string {
    return this.show([...INTERRUPTED, ...range('bank0.r', 16, 31), ...this.stacked()]);
  }

  destroy(registers: readonly Register[], spared: readonly Register[], style: Style): void {
    for (const register of registers) {
      if (spared.includes(register)) continue;
      if (register.startsWith('p'))
        this.setTruth(register, style === 'true' || (style !== 'false' && !this.truth(register)));
      else if (register.startsWith('b')) this.set(register, (0xdead_0000_0000n + BigInt(hashText(register, 3))) & ~15n);
      else this.set(register, 0xdead_0000_0000n + BigInt(hashText(register, 3)), style === 'nat');
    }
  }

  #chance(what: string): boolean {
    return (hashText(`${what} ${this.#chances++}`, this.seed) & 1) === 1;
  }

  /** Does it go on in the recovery code of an exception table, with nothing done? */
  faults({ under, fault }: Instruction): boolean {
    if (fault === undefined || (under !== undefined && !this.truth(under)) || !this.#chance('fault')) return false;
    this.at = this.code.labels.get(fault.goesOn)!;
    return true;
  }

  // --- instructions --------------------------------------------------------------------------------------------------

  step(instruction: Instruction): void {
    const { op, under } = instruction;
    const executes = under === undefined || this.truth(under);
    this.#loops = executes;
    this.at++;
    if (TESTS.has(op)) this.#test(instruction, executes);
    else if (op === 'frcpa') this.#reciprocal(instruction, executes);
    else if (!executes && !op.startsWith('br.w')) return;
    else if (isBranch(instruction)) this.#branch(instruction);
    else if (isSite(instruction)) this.#site(instruction);
    else if (/^(ld|st)8/.test(op)) this.#memoryAccess(instruction);
    else if (ATOMIC.has(op)) this.#atomic(instruction);
    else if (!this.#special(instruction)) this.#compute(instruction);
  }

  /** A NaT where a value is consumed. */
  #consumes(operand: Operand): boolean {
    if (!this.operandNat(operand)) return false;
    this.leave('register NaT consumption');
    return true;
  }

  #compute({ op, to, from }: Instruction): void {
    const [a, b] = from.map((operand) => this.operand(operand));
    this.set(
      to[0]!,
      COMPUTE[op]!(a!, b ?? 0n),
      from.some((operand) => this.operandNat(operand)),
    );
  }

  #special({ op, to, from }: Instruction): boolean {
    if (op === 'to-br' || op === 'to-ar') {
      if (!this.#consumes(from[0]!)) this.set(to[0]!, this.operand(from[0]!));
    } else if (op === 'from-pr') {
      this.set(
        to[0]!,
        range('p', 0, 63).reduceRight((bits, name) => (bits << 1n) | (name === 'p0' ? 1n : this.cellValue(name)), 0n),
      );
    } else if (op === 'to-pr') {
      if (this.#consumes(from[0]!)) return true;
      const bits = this.operand(from[0]!);
      // As if none had rotated (SDM volume 3, mov pr): by the predicates' own numbers.
      for (const name of predicatesOfMask(from[1] as bigint))
        this.values.set(name, (bits >> BigInt(name.slice(1))) & 1n);
    } else if (op === 'pr.rot') {
      const bits = this.operand(from[0]!);
      for (const name of range('p', 16, 63))
        this.values.set(name, (bits >> BigInt(Math.min(43, Number(name.slice(1))))) & 1n);
    } else if (op === 'alloc') {
      const [inputs, locals, outputs, rotating = 0] = from.map(Number) as [number, number, number, number?];
      const previous = this.value('ar.pfs');
      this.frame = { ...this.frame, size: inputs + locals + outputs, locals: inputs + locals, rotating };
      this.set(to[0]!, previous);
    } else if (op === 'break') this.#break(from[0] as bigint);
    else if (op === 'clrrrb') this.frame = { ...this.frame, general: 0, predicates: 0 };
    else if (op === 'clrrrb.pr') this.frame = { ...this.frame, predicates: 0 };
    else if (op === 'from-ip') this.set(to[0]!, CODE + BigInt(this.at - 1) * 16n);
    else if (op === 'srlz') return true;
    else return false;
    return true;
  }

  /** What its convention says, and else everything may be read. */
  #break(immediate: bigint): void {
    const said = handlerOf(immediate);
    if (said === undefined) {
      this.#event(`break ${immediate} ${this.#everything()}`);
      return;
    }
    this.#event(
      `break ${immediate} ${said.stacked ? this.sight(said.reads) : this.show(said.reads.map((each) => this.cell(each)))}`,
    );
    for (const register of said.changes) this.set(register, this.initial(`${register[0]} ${this.#events} ${register}`));
    if (!said.returns) this.leave('never back');
  }

  #atomic({ op, to, from }: Instruction): void {
    const [address, value] = from.map((operand) => this.operand(operand)) as [bigint, bigint];
    if (from.some((operand) => this.#consumes(operand))) return;
    const old = this.#load(address);
    const compared = op !== 'cmpxchg8' || old === this.value('ar.ccv');
    if (compared) this.#store(address, op === 'fetchadd8' ? (old + 1n) & WORD : value);
    this.set(to[0]!, old);
  }

  #memoryAccess({ op, to, from }: Instruction): void {
    const address = this.operand(from[0]!);
    if (op === 'ld8.c' && this.#chance('alat')) return;
    if (op === 'st8.spill' || op === 'ld8.fill') {
      if (this.#consumes(from[0]!)) return;
      const bit = 1n << ((address >> 3n) & 63n);
      const nats = this.value('ar.unat');
      if (op === 'ld8.fill') this.set(to[0]!, this.#load(address), (nats & bit) !== 0n);
      else {
        this.#store(address, this.operand(from[1]!));
        this.set('ar.unat', this.operandNat(from[1]!) ? nats | bit : nats & ~bit);
      }
      return;
    }
    if (op === 'ld8.s') {
      const deferred = this.operandNat(from[0]!) || (hashText(`${address}`, this.seed) & 1) === 1;
      this.set(to[0]!, deferred ? 0n : this.#load(address), deferred);
      return;
    }
    if (this.#consumes(from[0]!)) return;
    if (op.startsWith('ld8')) this.set(to[0]!, this.#load(address));
    else if (this.#consumes(from[1]!)) return;
    else this.#store(address, this.operand(from[1]!));
    if (op.endsWith('.inc')) this.set(to.at(-1)!, address + 8n);
  }

  /** Nothing is stored over code, the linkage table and tables. */
  #store(address: bigint, value: bigint): void {
    this.#event(`[${address.toString(16)}]=${value.toString(16)}`);
    if (address < SLOTS || address >= DATA + 0x1000n) this.memory.set(address, value);
  }

  #load(address: bigint): bigint {
    return this.memory.get(address) ?? this.initial(`memory ${address}`);
  }

  #site({ op, to, from, how }: Instruction): void {
    if (from.some((operand) => this.operandNat(operand))) {
      this.leave('register NaT consumption');
      return;
    }
    if (op === 'bsw') this.bank = how === '1' ? 1 : 0;
    else if (op === 'cover') {
      this.#event('cover');
      this.bottom += this.frame.size;
      this.frame = { size: 0, locals: 0, ...UNROTATED };
    } else if (op === 'ssm' || op === 'rsm') {
      this.#event(`${op} ${how}`);
      if (INCLUDES_IC.has(how!) || how!.includes('psr.ic')) this.#collecting = op === 'ssm';
    } else if (op === 'to-psr') {
      this.#event(`psr ${this.operand(from[0]!).toString(16)}`);
      this.#collecting = (this.operand(from[0]!) & PSR_IC) !== 0n;
    } else {
      const values = from.map((operand) => this.operand(operand).toString(16)).join(' ');
      this.#event(`${op} ${how ?? ''} ${to.map((name) => (/^[ca]r/.test(name) ? name : '')).join('')} ${values}`);
      if (op === 'to-cr') this.set(to[0]!, this.operand(from[0]!));
      if (/^(from|th|tt|tp)/.test(op)) this.set(to[0]!, this.initial(`event ${this.#events} ${op}`));
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
      this.setTruth(p, false);
      this.setTruth(q, false);
      return;
    }
    const answer = this.#answer(instruction);
    const holds = answer === true;
    if (type === '' || type === 'unc') {
      this.setTruth(p, holds);
      this.setTruth(q, answer === false);
      return;
    }
    const known = answer !== 'nat';
    if ((type === 'and' && !holds) || (type === 'andcm' && answer !== false)) {
      this.setTruth(p, false);
      this.setTruth(q, false);
    } else if (known && ((type === 'or' && holds) || (type === 'orcm' && !holds))) {
      this.setTruth(p, true);
      this.setTruth(q, true);
    } else if (known && ((type === 'or.andcm' && holds) || (type === 'and.orcm' && !holds))) {
      this.setTruth(p, type === 'or.andcm');
      this.setTruth(q, type !== 'or.andcm');
    }
  }

  /** frcpa clears its predicate where it is not executed, as an unconditional compare does. */
  #reciprocal({ to, from }: Instruction, executes: boolean): void {
    const [a, b] = from.map((operand) => this.operand(operand));
    const nat = from.some((operand) => this.operandNat(operand));
    if (executes) this.set(to[0]!, wideHash(`${a} / ${b}`, 1), nat);
    this.setTruth(to[1], executes && !nat && a !== 0n && b !== 0n);
  }

  #answer({ op, from, how = '' }: Instruction): boolean | 'nat' {
    const relation = how.split('.')[0]!;
    const [a, b] = from.map((operand) => this.operand(operand));
    const nat = from.some((operand) => this.operandNat(operand));
    if (op === 'tnat') return (relation === 'nz') === nat;
    if (op === 'tf') return (relation === 'nz') === ((hashText(`feature ${a}`, this.seed) & 1) === 1);
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
      const resumes = this.index(this.value('cr.iip') & ~15n);
      if (resumes !== undefined) {
        this.#resume(resumes);
        return;
      }
      this.leave(`rfi ${this.show(INTERRUPTED)} ${this.#allStacked()}`);
      return;
    }
    if (op === 'chk.a') {
      if (this.#chance('alat')) this.#go(this.operand(from[1]!), 'br');
      return;
    }
    if (op.endsWith('top') || op.endsWith('exit')) {
      if (this.#rotate(op) === op.endsWith('top')) this.#go(this.operand(from[0]!), 'br');
      return;
    }
    if (op === 'chk.s') {
      if (this.operandNat(from[0]!)) this.#go(this.operand(from[1]!), 'br');
      return;
    }
    if (op === 'br.cloop') {
      const count = this.value('ar.lc');
      if (count === 0n) return;
      this.set('ar.lc', count - 1n);
    }
    const target = this.operand(from[0]!) & ~15n;
    if (op.startsWith('br.call')) {
      this.#call(to[0]!, target);
      return;
    }
    this.#go(target, op);
  }

  /** In the state of cr.ipsr. cr.ifs is taken for not valid: the frame stays. */
  #resume(at: number): void {
    const state = this.value('cr.ipsr');
    this.#event(`resumes with ${state.toString(16)}`);
    this.bank = (state & PSR_BN) === 0n ? 0 : 1;
    this.#collecting = (state & PSR_IC) !== 0n;
    this.at = at;
  }

  /** SDM volume 3, br: does the loop go on? A qualifying predicate has been found true, or there is none. */
  #rotate(op: string): boolean {
    const lc = this.value('ar.lc');
    const ec = this.value('ar.ec') & 63n;
    const counted = op.startsWith('br.c') ? lc !== 0n : this.#loops;
    if (op.startsWith('br.c') && lc !== 0n) this.set('ar.lc', lc - 1n);
    else if (!counted && ec !== 0n) this.set('ar.ec', ec - 1n);
    this.setTruth('p63', op.startsWith('br.c') && counted);
    if (counted || ec !== 0n)
      this.frame = { ...this.frame, general: this.frame.general - 1, predicates: this.frame.predicates - 1 };
    return counted || ec > 1n;
  }

  #call(link: Register, target: bigint): void {
    this.set(link, CODE + BigInt(this.at) * 16n);
    const index = this.index(target);
    if (index === undefined) {
      this.#callOutside(target);
      return;
    }
    this.#setPreviousFrame();
    this.bottom += this.frame.locals;
    this.frame = { size: this.frame.size - this.frame.locals, locals: 0, ...UNROTATED };
    this.at = index;
  }

  #setPreviousFrame(): void {
    this.set('ar.pfs', packFrame(this.frame, this.value('ar.ec')));
  }

  #callOutside(target: bigint): void {
    this.#setPreviousFrame(); // by the call itself, before anybody there reads anything
    if (target === this.labelAddress(HELPER.name)) {
      this.#event(`call helper ${this.show(HELPER.reads.map((each) => this.cell(each)))}`);
      for (const register of HELPER.changes)
        this.set(register, this.initial(`${register[0]} ${this.#events} ${register}`));
      return;
    }
    const seen = this.#collecting ? this.sight([...SPECIAL, ...KEPT, 'r8', 'f8', 'f9']) : this.#everything();
    this.#event(`call ${target.toString(16)} ${seen}`);
    for (const register of SCRATCH) this.set(register, this.initial(`${register[0]} ${this.#events} ${register}`));
    for (let out = this.frame.locals; out < this.frame.size; out++)
      this.set(`r${32 + out}`, this.initial(`out ${this.#events} ${out}`));
  }

  #go(target: bigint, op: string): void {
    const index = this.index(target);
    if (op === 'br.ret') {
      this.frame = unpackFrame(this.value('ar.pfs'));
      this.set('ar.ec', (this.value('ar.pfs') >> 52n) & 63n);
      this.bottom -= this.frame.locals;
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
    this.leave(`${op} ${target.toString(16)} ${this.sight(seen)}`);
  }

  #allStacked(): string {
    return this.show(range('s', BOTTOM, BOTTOM + FRAME - 1));
  }
}

const ATOMIC = new Set(['xchg8', 'cmpxchg8', 'fetchadd8']);
/** SDM volume 2, table 3-2. */
const PSR_IC = 1n << 13n;
const PSR_BN = 1n << 44n;
/** Spellings of masks that have psr.ic and do not name it. */
const INCLUDES_IC: ReadonlySet<string> = new Set(MASKS_WITH_IC);

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
  distance: (a, b) => a + b,
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
