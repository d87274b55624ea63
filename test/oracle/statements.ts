/** Statements that go on behind themselves: values, memory, compares, sites. */
import { MASKS } from './agreements.ts';
import type { Scope } from './generate.ts';
import type { Register } from './program.ts';

const COMPARE_TYPES = ['', '.unc'];
const PARALLEL_TYPES = ['.and', '.or', '.andcm', '.orcm', '.or.andcm', '.and.orcm'];
const RELATIONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'ltu', 'geu'];
const CONTROL = ['cr.ifa', 'cr.itir', 'cr.iip', 'cr.ipsr', 'cr.iim', 'cr.isr'];
const STORES = ['r12', 'r13'];

export interface Wanted {
  /** `only`: nothing else; false: none. */
  readonly sites?: boolean | 'only';
}

/** One random statement a call, of those that the scope allows. */
export function plainStatements(scope: Scope, { sites = true }: Wanted = {}): () => void {
  const { random, kinds } = scope;
  const value = new Values(scope, sites === true);
  const choices: [number, () => void][] = [];
  if (sites !== false) choices.push([30, () => value.site()]);
  if (sites !== 'only') {
    choices.push([34, () => value.compute()], [8, () => value.store()], [6, () => value.load()]);
    choices.push([14, () => value.compare()]);
    if (kinds.has('branch-registers')) choices.push([10, () => value.branchRegister()]);
    if (kinds.has('masks')) choices.push([14, () => value.mask()]);
    if (kinds.has('nat')) choices.push([14, () => value.nat()]);
    if (kinds.has('float')) choices.push([14, () => value.float()]);
    if (kinds.has('breaks')) choices.push([8, () => value.systemCall()]);
    if (kinds.has('psr-masks')) choices.push([10, () => value.mode()]);
    if (kinds.has('spills')) choices.push([12, () => value.spill()]);
    if (kinds.has('advanced-loads')) choices.push([14, () => value.advanced()]);
    if (kinds.has('conventions')) choices.push([10, () => value.agreed()]);
    if (kinds.has('banks')) choices.push([12, () => value.bank()]);
  }
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  return () => {
    let rest = random.below(total);
    for (const [weight, put] of choices) {
      rest -= weight;
      if (rest < 0) return put();
    }
  };
}

class Values {
  readonly #scope: Scope;
  readonly #mixed: boolean;

  /** @param mixed whether a site may stand among other statements */
  constructor(scope: Scope, mixed: boolean) {
    this.#scope = scope;
    this.#mixed = mixed;
  }

  #general(): Register {
    return this.#scope.random.pick(this.#scope.general);
  }

  #source(): Register {
    return this.#scope.random.chance(12) ? 'r0' : this.#general();
  }

  /** A qualifying predicate, for some. */
  #maybe(percent = 35): { under?: Register } {
    const { random, predicates } = this.#scope;
    return random.chance(percent) ? { under: random.pick(predicates) } : {};
  }

  #pair(): [Register, Register] {
    const { random, predicates } = this.#scope;
    const [p, q] = random.some(predicates, 2) as [Register, Register];
    return random.chance(20) ? (random.chance(50) ? [p, 'p0'] : ['p0', q]) : [p, q];
  }

  /** The same register written under the one predicate and under the other: as if one of them always held. */
  #both(p: Register, q: Register): void {
    const { random, emitter } = this.#scope;
    if (this.#mixed && random.chance(30)) this.site();
    const to = [this.#general()];
    const source = () => (random.chance(40) ? this.#general() : BigInt(random.below(64)));
    emitter.put('mov', to, [source()], { under: p });
    if (this.#mixed && random.chance(20)) this.site();
    emitter.put('mov', to, [source()], { under: q });
    if (random.chance(50)) emitter.put('st8', [], [random.pick(STORES), to[0]!]);
  }

  compute(): void {
    const { random, emitter } = this.#scope;
    const choice = random.below(8);
    const to = [this.#general()];
    if (choice < 2) emitter.put('mov', to, [BigInt(random.below(64))], this.#maybe());
    else if (choice < 3) emitter.put('mov', to, [this.#source()], this.#maybe());
    else if (choice < 4) emitter.put('adds', to, [BigInt(random.below(16)), this.#general()], this.#maybe());
    else
      emitter.put(
        random.pick(['add', 'sub', 'xor', 'and', 'add']),
        to,
        [this.#general(), this.#source()],
        this.#maybe(),
      );
  }

  store(): void {
    const { random, emitter } = this.#scope;
    const [address, value] = random.some(this.#scope.general, 2) as [Register, Register];
    if (random.chance(15)) emitter.put('st8.inc', [address], [address, value], this.#maybe());
    else emitter.put('st8', [], [random.pick(STORES), value], this.#maybe());
  }

  load(): void {
    const { random, emitter } = this.#scope;
    const [address, to] = random.some(this.#scope.general, 2) as [Register, Register];
    if (random.chance(20)) emitter.put('ld8.inc', [to, address], [address], this.#maybe());
    else emitter.put('ld8', [to], [random.pick([...STORES, address])], this.#maybe());
  }

  compare(): void {
    const { random, emitter, kinds } = this.#scope;
    const pair = this.#pair();
    const types = kinds.has('parallel-compares') && random.chance(60) ? PARALLEL_TYPES : COMPARE_TYPES;
    const how = (relations: readonly string[]) => random.pick(relations) + random.pick(types);
    const parallel = types === PARALLEL_TYPES;
    if (kinds.has('compares') && random.chance(40)) {
      const bit = BigInt(random.below(4));
      if (random.chance(15)) emitter.put('tf', pair, [32n + bit], { how: how(['z', 'nz']), ...this.#maybe(20) });
      else emitter.put('tbit', pair, [this.#general(), bit], { how: how(['z', 'nz']), ...this.#maybe(20) });
      this.#perhapsBoth(pair);
      return;
    }
    const op = random.chance(60) ? 'cmp' : 'cmp4';
    const relations = parallel ? ['eq', 'ne'] : RELATIONS;
    emitter.put(op, pair, [this.#source(), this.#general()], { how: how(relations), ...this.#maybe(20) });
    this.#perhapsBoth(pair);
  }

  #perhapsBoth(pair: readonly [Register, Register]): void {
    const [p, q] = this.#scope.random.chance(50) ? pair : [pair[1], pair[0]];
    if (this.#scope.random.chance(45)) this.#both(p, q);
  }

  branchRegister(): void {
    const { random, emitter, branches } = this.#scope;
    const branch = random.pick(branches);
    if (random.chance(50)) emitter.put('to-br', [branch], [this.#general()], this.#maybe());
    else emitter.put('from-br', [this.#general()], [branch], this.#maybe());
  }

  /** mov pr=r,mask with one, two or all bits; mov r=pr reads all. */
  mask(): void {
    const { random, emitter, predicates } = this.#scope;
    const choice = random.below(8);
    if (choice === 0) emitter.put('from-pr', [this.#general()], []);
    else if (choice === 1) emitter.put('pr.rot', [], [BigInt(random.below(1 << 20)) << 16n]);
    else {
      const low = predicates.filter((name) => Number(name.slice(1)) < 16);
      const bits = random.some(low, 1 + random.below(3)).map((name) => 1n << BigInt(name.slice(1)));
      const mask = random.chance(15) ? -1n : bits.reduce((sum, bit) => sum | bit, 0n);
      emitter.put('to-pr', [], [this.#general(), mask], this.#maybe(15));
      this.#perhapsBoth(random.some(low, 2) as [Register, Register]);
    }
  }

  nat(): void {
    const { random, emitter } = this.#scope;
    const pair = this.#pair();
    const choice = random.below(3);
    if (choice < 2)
      emitter.put('ld8.s', [this.#general()], [random.pick([...STORES, this.#general()])], this.#maybe(20));
    else {
      const how = random.pick(['z', 'nz', 'z.unc', 'nz.or', 'z.and', 'nz.or.andcm']);
      emitter.put('tnat', pair, [this.#general()], { how });
      this.#perhapsBoth(pair);
    }
    // A NaT that is stored ends a program: mostly it is compared.
    if (random.chance(60)) this.compare();
  }

  float(): void {
    const { random, emitter } = this.#scope;
    const floats = ['f6', 'f7', 'f8'];
    const pair = this.#pair();
    const choice = random.below(6);
    if (choice === 5) emitter.put('frcpa', ['f7', pair[0]], [random.pick(floats), 'f6'], this.#maybe(40));
    else if (choice === 0) emitter.put('getf', [this.#general()], [random.pick(floats)], this.#maybe());
    else if (choice < 3) emitter.put('setf', [random.pick(floats)], [this.#general()], this.#maybe());
    else if (choice === 3) {
      const how = random.pick(['eq', 'lt', 'le', 'neq']) + random.pick(COMPARE_TYPES);
      emitter.put('fcmp', pair, [random.pick(floats), random.pick(floats)], { how, ...this.#maybe(20) });
      this.#perhapsBoth(pair);
    } else {
      const op = random.pick(['fclass', 'fclass.neg']);
      emitter.put(op, pair, [random.pick(floats)], { how: random.pick(COMPARE_TYPES), ...this.#maybe(20) });
      this.#perhapsBoth(pair);
    }
  }

  systemCall(): void {
    const { random, emitter } = this.#scope;
    emitter.put('mov', ['r15'], [BigInt(random.below(32))]);
    emitter.put('break', [], [random.pick([0x100000n, 0x80001n, 0n])], this.#maybe(20));
  }

  /** Bits of psr, psr.ic among them, by name and by number. */
  mode(): void {
    const { random, emitter } = this.#scope;
    if (random.chance(15)) emitter.put('to-psr', [], [this.#general()]);
    else emitter.put(random.pick(['ssm', 'ssm', 'rsm']), [], [], { how: random.pick(MASKS), ...this.#maybe(15) });
    if (random.chance(60)) emitter.put('srlz', [], [], { how: random.pick(['i', 'd']) });
  }

  spill(): void {
    const { random, emitter } = this.#scope;
    const choice = random.below(5);
    if (choice < 2) emitter.put('st8.spill', [], [random.pick(STORES), this.#general()], this.#maybe());
    else if (choice < 4) emitter.put('ld8.fill', [this.#general()], [random.pick(STORES)], this.#maybe());
    else emitter.put(...this.#atomic(), this.#maybe());
  }

  #atomic(): [string, Register[], Register[]] {
    const { random } = this.#scope;
    const op = random.pick(['xchg8', 'cmpxchg8', 'fetchadd8']);
    return [op, [this.#general()], op === 'fetchadd8' ? [random.pick(STORES)] : [random.pick(STORES), this.#general()]];
  }

  /** A load that is done early and checked later, by a load or by a branch to recovery code (flow). */
  advanced(): void {
    const { random, emitter } = this.#scope;
    const to = [this.#general()];
    const from = [random.pick(STORES)];
    if (random.chance(60)) emitter.put('ld8.a', to, from, this.#maybe(20));
    if (random.chance(70)) random.chance(50) && this.#mixed ? this.site() : this.store();
    emitter.put('ld8.c', to, from, { how: random.pick(['clr', 'nc']), ...this.#maybe(20) });
  }

  /** A break whose handler is known by a convention. */
  agreed(): void {
    const { random, emitter } = this.#scope;
    if (random.chance(60)) emitter.put('mov', ['r15'], [this.#general()]);
    const immediate = random.chance(85) ? 0x200n + BigInt(random.below(256)) : 0x300n;
    emitter.put('break', [], [immediate], this.#maybe(immediate === 0x300n ? 100 : 20));
  }

  /** Values on the other bank, where nothing can interrupt. */
  bank(): void {
    const { emitter, random, kinds } = this.#scope;
    const ordinary = !kinds.has('handlers');
    const [one, other] = ordinary ? ['0', '1'] : ['1', '0'];
    if (ordinary) emitter.put('rsm', [], [], { how: 'psr.ic' });
    if (ordinary) emitter.put('srlz', [], [], { how: 'i' });
    emitter.put('bsw', [], [], { how: one! });
    for (let at = random.below(5); at >= 0; at--)
      random.chance(35) ? this.site() : random.chance(60) ? this.compute() : this.store();
    emitter.put('bsw', [], [], { how: other! });
    if (random.chance(40)) this.compute();
    if (ordinary) emitter.put('ssm', [], [], { how: 'psr.ic' });
    if (ordinary) emitter.put('srlz', [], [], { how: 'i' });
  }

  site(): void {
    const { random, emitter } = this.#scope;
    const choice = random.below(14);
    const under = this.#maybe(25);
    const control = random.pick(CONTROL);
    if (choice < 5) emitter.put('to-cr', [control], [this.#general()], under);
    else if (choice < 7) emitter.put('from-cr', [this.#general()], [control], under);
    else if (choice === 7)
      emitter.put(random.pick(['thash', 'ttag', 'tpa']), [this.#general()], [this.#general()], under);
    else if (choice === 8) emitter.put('to-kr', [random.pick(['ar.k2', 'ar.k6'])], [this.#general()], under);
    else if (choice === 9) emitter.put(random.pick(['from-psr', 'from-itc']), [this.#general()], []);
    else if (choice === 10) emitter.put(random.pick(['ssm', 'rsm']), [], [], { how: 'psr.i', ...under });
    else if (choice === 11) emitter.put('from-rr', [this.#general()], [this.#general()], under);
    else if (choice === 12) emitter.put('ptc', [], [this.#general(), this.#general()], under);
    else emitter.put('itc', [], [this.#general()], { how: random.pick(['i', 'd']), ...under });
  }
}
