/** Ways on that no branch of the text shows: recovery code, rfi, addresses that are stored or computed, code elsewhere. */
import type { Kind, Scope } from './generate.ts';
import type { Elsewhere, Fault, Operand, Register } from './program.ts';

const TEMPORARY = 'r30';
const ADDRESS = 'r31';
const STORES = ['r12', 'r13'];

export class Detours {
  readonly #scope: Scope;
  readonly #some: () => void;
  #apart = false;

  /** @param some puts a few statements, or none where it is nested too deep */
  constructor(scope: Scope, some: () => void) {
    this.#scope = scope;
    this.#some = some;
  }

  /** What the kinds of the program allow. @param depth of nesting */
  choices(depth: number): readonly (() => void)[] {
    if (depth > 2) return [];
    const all: readonly [Kind, () => void][] = [
      ['faults', () => this.#fault()],
      ['advanced-loads', () => this.#checked()],
      ['resumed', () => this.#resume()],
      ['stored-addresses', () => this.#stored()],
      ['computed-addresses', () => this.#computed()],
      ['apart', () => this.#elsewhere()],
      ['same-labels', () => this.#sameLabel()],
    ];
    return all.flatMap(([kind, put]) => (this.#scope.kinds.has(kind) ? [put, put] : []));
  }

  #put(op: string, to: readonly Register[], from: readonly Operand[], extra = {}): void {
    this.#scope.emitter.put(op, to, from, extra);
  }

  /** A qualifying predicate, for some. */
  #maybe(percent: number): { under?: Register } {
    const { random, predicates } = this.#scope;
    return random.chance(percent) ? { under: random.pick(predicates) } : {};
  }

  /** A memory access whose fault goes on at a label behind it. */
  #fault(): void {
    const { emitter, random, label, general } = this.#scope;
    const behind = label();
    const fault: Fault = { at: label(), goesOn: behind, style: random.pick(['xdata', 'list', 'lines']) };
    const [address, value] = random.some(general, 2) as [Register, Register];
    const choice = random.below(3);
    emitter.stop();
    if (choice === 0) this.#put('ld8.inc', [value, address], [address], { fault, ...this.#maybe(20) });
    else if (choice === 1) this.#put('ld8', [value], [random.pick(STORES)], { fault, ...this.#maybe(20) });
    else this.#put('st8', [], [random.pick(STORES), value], { fault, ...this.#maybe(20) });
    this.#some();
    emitter.label(behind);
  }

  #checked(): void {
    const { emitter, random, label, general } = this.#scope;
    const behind = label();
    const register = random.pick(general);
    if (random.chance(70)) this.#put('ld8.a', [register], [random.pick(STORES)]);
    this.#some();
    this.#put('chk.a', [], [register, `label:${behind}`], { how: random.pick(['nc', 'clr']) });
    emitter.stop();
    this.#some();
    emitter.label(behind);
  }

  /** rfi to a label of the file: a switch of modes. */
  #resume(): void {
    const { emitter, random, label, general } = this.#scope;
    const behind = label();
    if (random.chance(60)) this.#put('rsm', [], [], { how: 'psr.ic' });
    this.#put('movl', [TEMPORARY], [`label:${behind}`]);
    if (random.chance(50)) this.#put('to-cr', ['cr.ipsr'], [random.pick(general)]);
    this.#put('to-cr', ['cr.iip'], [TEMPORARY], this.#maybe(15));
    if (random.chance(50)) this.#some();
    this.#put('rfi', [], []);
    if (random.chance(50)) this.#some();
    emitter.label(behind);
  }

  /** An address that comes back from memory, or from there and a register. */
  #stored(): void {
    const { emitter, random, label } = this.#scope;
    const behind = label();
    const offset = BigInt(64 + 8 * random.below(2));
    this.#put('movl', [TEMPORARY], [`label:${behind}`]);
    this.#put('adds', [ADDRESS], [offset, 'r12']);
    const op = random.pick(['st8', 'st8.spill', 'xchg8']);
    this.#put(op, op === 'xchg8' ? ['r28'] : [], [ADDRESS, TEMPORARY]);
    this.#some();
    this.#put('adds', [ADDRESS], [offset, 'r12']);
    this.#put(random.pick(['ld8', 'ld8.fill']), [TEMPORARY], [ADDRESS]);
    this.#jump();
    this.#some();
    emitter.label(behind);
  }

  #jump(): void {
    const { random } = this.#scope;
    const branch = random.pick(['b6', 'b2']);
    this.#put('to-br', [branch], [TEMPORARY]);
    this.#put('br.reg', [], [branch], { how: random.pick(['.cond.sptk', '.sptk.many']), ...this.#maybe(25) });
  }

  /** A label's address out of ip and a distance, or out of another label's. */
  #computed(): void {
    const { emitter, random, label } = this.#scope;
    const [here, behind] = [label(), label()];
    if (random.chance(60)) {
      emitter.label(here);
      this.#put('from-ip', [TEMPORARY], []);
    } else {
      this.#put('movl', [TEMPORARY], [`label:${here}`]);
      emitter.label(here);
    }
    emitter.stop();
    this.#put('distance', [TEMPORARY], [`between:${behind}-${here}`, TEMPORARY]);
    this.#jump();
    this.#some();
    emitter.label(behind);
  }

  /** Code that stands here and is run elsewhere, where a branch leads there and back. */
  #elsewhere(): void {
    const { emitter, random, label } = this.#scope;
    if (this.#apart) return;
    const [there, back] = [label(), label()];
    this.#put('br', [], [`label:${there}`], { how: '.cond.spnt.few', ...this.#maybe(80) });
    const where: Elsewhere = random.pick(['section', 'subsection', 'pushed']);
    this.#apart = true;
    const body = emitter.body(() => {
      emitter.label(there);
      this.#some();
      this.#put('br', [], [`label:${back}`], { how: '.sptk.many' });
    });
    this.#apart = false;
    emitter.item({ kind: 'elsewhere', where, body });
    if (random.chance(50)) this.#some();
    emitter.label(back);
  }

  #sameLabel(): void {
    const { emitter, random, label, predicates } = this.#scope;
    const [behind, name] = [label(), label()];
    this.#put('br', [], [`label:${name}`], { under: random.pick(predicates), how: '.cond.spnt.few' });
    this.#some();
    emitter.label(behind);
    emitter.item({ kind: 'same-label', name, as: behind, how: random.pick(['=', '.set', '==']) });
  }
}
