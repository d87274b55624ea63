/** Branches, loops, calls and the ways in which a return address travels. */
import { Detours } from './detours.ts';
import type { Extra } from './emitter.ts';
import type { Kind, Scope } from './generate.ts';
import type { Operand, Register } from './program.ts';

export interface Flow {
  /** The whole program: the routine `f` and those that it calls. */
  program(handler: boolean): void;
  /** One statement that branches. */
  statement(): void;
  /** Routines that are entered from outside, too, once there is a program. */
  entries(): readonly { readonly label: string; readonly name?: string }[];
}

/** Where a routine keeps its return address. */
type Place =
  | { readonly in: 'link' }
  | { readonly in: 'general' | 'branch'; readonly register: Register }
  | { readonly in: 'memory'; readonly offset: bigint };

interface Routine {
  readonly name: string;
  readonly entered: 'call' | 'jump' | 'pointer' | 'table';
  /** The branch register that has the return address at the entry. */
  readonly link: Register;
  readonly place: Place;
  /** The branch register that it returns through, and how. */
  readonly back: Register;
  readonly returns: 'br.ret' | 'br.reg';
  readonly framed: boolean;
  readonly exit: string;
}

/** Registers of no other use: a routine's own temporaries. */
const TEMPORARY = 'r30';
const ADDRESS = 'r31';
const BASE = 'r29';
const INDEX = 'r28';

export function flowStatements(scope: Scope, statements: (count: number) => void): Flow {
  return new Routines(scope, statements);
}

class Routines implements Flow {
  readonly #scope: Scope;
  readonly #statements: (count: number) => void;
  readonly #routines: Routine[] = [];
  #current = 0;
  #depth = 0;
  #looping = false;
  readonly #detours: Detours;

  constructor(scope: Scope, statements: (count: number) => void) {
    this.#scope = scope;
    this.#statements = statements;
    this.#detours = new Detours(scope, () => this.#some());
  }

  entries() {
    const { random, label } = this.#scope;
    if (!this.#has('entries') || this.#has('handlers')) return [];
    return this.#routines
      .slice(1)
      .filter(({ link }) => link === 'b0')
      .map(({ name }) => (random.chance(40) ? { label: name, name: label() } : { label: name }));
  }

  #has(...kinds: Kind[]): boolean {
    return kinds.some((kind) => this.#scope.kinds.has(kind));
  }

  #put(op: string, to: readonly Register[], from: readonly Operand[], extra?: Extra): void {
    this.#scope.emitter.put(op, to, from, extra);
  }

  #maybe(percent: number): { under?: Register } {
    const { random, predicates } = this.#scope;
    return random.chance(percent) ? { under: random.pick(predicates) } : {};
  }

  #frame() {
    return this.#has('rotation')
      ? { sizes: [2n, 12n, 2n, 8n], previous: 'r40', link: 'r41', outputs: ['r46', 'r47'] }
      : { sizes: [2n, 3n, 2n], previous: 'r34', link: 'r35', outputs: ['r37', 'r38'] };
  }

  // --- routines ------------------------------------------------------------------------------------------------------

  program(handler: boolean): void {
    const { random, emitter, label } = this.#scope;
    const called = this.#has('calls', 'returns-elsewhere', 'saved-returns', 'jumps-with-link', 'frames', 'entries');
    const count = 1 + (called ? 1 + random.below(3) : 0);
    for (let at = 0; at < count; at++) this.#routines.push(this.#routine(at, count, label()));
    for (; this.#current < count; this.#current++) {
      const routine = this.#routines[this.#current]!;
      emitter.label(routine.name);
      if (handler && this.#current === 0) this.#handlerEntry();
      this.#enter(routine);
      this.#statements(this.#current === 0 ? 5 + random.below(7) : 3 + random.below(4));
      emitter.label(routine.exit);
      if (handler && this.#current === 0) this.#put('rfi', [], []);
      else this.#leave(routine);
    }
  }

  #routine(at: number, count: number, exit: string): Routine {
    const { random } = this.#scope;
    const leaf = at === count - 1 && !this.#has('calls');
    const elsewhere = this.#has('returns-elsewhere');
    const framed = this.#has('frames') && (at === 0 || !leaf || random.chance(50));
    const link = at > 0 && elsewhere && random.chance(40) ? random.pick(['b7', 'b3']) : 'b0';
    const place = this.#place(at, leaf, framed);
    const held = place.in === 'branch' ? place.register : link;
    const back =
      !elsewhere || random.chance(25) ? link : place.in === 'branch' ? held : random.pick(['b0', 'b7', 'b3']);
    const frames = this.#has('frames');
    const jumps = this.#has('jumps-with-link') && !frames;
    const entered = jumps && random.chance(60) ? 'jump' : this.#pointer();
    const returns = frames || !elsewhere || random.chance(40) ? 'br.ret' : 'br.reg';
    return { name: at === 0 ? 'f' : `s${at}`, entered, link, place, back, returns, framed, exit };
  }

  #pointer(): 'call' | 'pointer' | 'table' {
    const { random } = this.#scope;
    if (this.#has('tables') && random.chance(30)) return 'table';
    return this.#has('movl-branches') && random.chance(30) ? 'pointer' : 'call';
  }

  /** One that no routine in between uses, and no callee of another file destroys. */
  #place(at: number, leaf: boolean, framed: boolean): Place {
    const { random } = this.#scope;
    if (framed) return { in: 'general', register: this.#frame().link };
    const saves = this.#has('saved-returns');
    const choices: Place[] = [
      { in: 'general', register: ['r5', 'r6', 'r7', 'r4'][at]! },
      { in: 'branch', register: ['b4', 'b5', 'b1', 'b3'][at]! },
    ];
    if (saves)
      choices.push({ in: 'memory', offset: BigInt(16 + 8 * at) }, { in: 'memory', offset: BigInt(16 + 8 * at) });
    if (leaf) choices.push({ in: 'link' }, { in: 'general', register: 'r27' }, { in: 'branch', register: 'b7' });
    return leaf && !saves && !this.#has('returns-elsewhere') ? { in: 'link' } : random.pick(choices);
  }

  #handlerEntry(): void {
    const { random } = this.#scope;
    if (random.chance(50)) this.#put('from-pr', ['r27'], []);
    if (!this.#has('frames')) return;
    this.#put('cover', [], []);
  }

  #enter({ link, place, framed }: Routine): void {
    if (framed) this.#put('alloc', [this.#frame().previous], this.#frame().sizes);
    if (place.in === 'general') this.#put('from-br', [place.register], [link]);
    if (place.in === 'branch' && place.register !== link) this.#move(place.register, link);
    if (place.in !== 'memory') return;
    this.#put('from-br', [TEMPORARY], [link]);
    this.#put('adds', [ADDRESS], [place.offset, 'r12']);
    this.#put('st8', [], [ADDRESS, TEMPORARY]);
  }

  #leave({ link, place, back, returns, framed }: Routine): void {
    if (place.in === 'general') this.#put('to-br', [back], [place.register]);
    else if (place.in === 'memory') {
      this.#put('adds', [ADDRESS], [place.offset, 'r12']);
      this.#put('ld8', [TEMPORARY], [ADDRESS]);
      this.#put('to-br', [back], [TEMPORARY]);
    } else {
      const held = place.in === 'branch' ? place.register : link;
      if (held !== back) this.#move(back, held);
    }
    if (framed) this.#put('to-ar', ['ar.pfs'], [this.#frame().previous]);
    if (this.#scope.random.chance(25)) this.#statementsWithoutBranch();
    this.#put(
      returns,
      [],
      [back],
      returns === 'br.reg' ? { how: this.#scope.random.pick(['.cond.sptk', '.sptk.many', '.few']) } : {},
    );
  }

  #statementsWithoutBranch(): void {
    const { random, general } = this.#scope;
    this.#put('to-cr', ['cr.ifa'], [random.pick(general)]);
  }

  #move(to: Register, from: Register): void {
    this.#put('from-br', [TEMPORARY], [from]);
    this.#put('to-br', [to], [TEMPORARY]);
  }

  // --- statements ----------------------------------------------------------------------------------------------------

  statement(): void {
    const choices: (() => void)[] = [() => this.#skip()];
    const callees = this.#routines.slice(this.#current + 1);
    if (callees.length > 0)
      for (let at = 0; at < 4; at++) choices.push(() => this.#callOf(this.#scope.random.pick(callees)));
    if (this.#has('calls')) choices.push(() => this.#callOutside());
    if (this.#has('tail-calls'))
      choices.push(
        () => this.#tailCall(),
        () => this.#early(),
      );
    if (this.#has('tables')) for (let at = 0; at < 3; at++) choices.push(() => this.#nested(() => this.#byTable()));
    if (this.#has('movl-branches')) for (let at = 0; at < 2; at++) choices.push(() => this.#byMovl());
    if (this.#has('loops') && !this.#looping) for (let at = 0; at < 3; at++) choices.push(() => this.#loop());
    if (this.#has('nat')) choices.push(() => this.#check());
    for (const detour of this.#detours.choices(this.#depth)) choices.push(detour, detour);
    if (this.#has('rotation') && !this.#looping) for (let at = 0; at < 3; at++) choices.push(() => this.#rotating());
    if (this.#has('conventions')) choices.push(() => this.#put('br.call', ['b7'], ['label:helper'], this.#maybe(25)));
    this.#scope.random.pick(choices)();
  }

  #nested(put: () => void): void {
    if (this.#depth > 1) {
      this.#skip();
      return;
    }
    this.#depth++;
    put();
    this.#depth--;
  }

  #some(): void {
    this.#depth++;
    if (this.#depth < 4) this.#statements(1 + this.#scope.random.below(3));
    this.#depth--;
  }

  #skip(): void {
    const { emitter, label, random, predicates } = this.#scope;
    const behind = label();
    this.#put('br', [], [`label:${behind}`], { under: random.pick(predicates), how: '.cond.spnt.few' });
    this.#some();
    emitter.label(behind);
  }

  #early(): void {
    const { random, predicates } = this.#scope;
    const exit = this.#routines[this.#current]!.exit;
    this.#put('br', [], [`label:${exit}`], { under: random.pick(predicates), how: '.cond.spnt.few' });
  }

  #check(): void {
    const { emitter, label, random, general } = this.#scope;
    const behind = label();
    this.#put('chk.s', [], [random.pick(general), `label:${behind}`]);
    emitter.stop();
    this.#some();
    emitter.label(behind);
  }

  #tailCall(): void {
    const { random, predicates } = this.#scope;
    if (random.chance(70))
      this.#put('br', [], ['label:outside'], { under: random.pick(predicates), how: '.cond.spnt.many' });
    else this.#early();
  }

  #callOutside(): void {
    // Without psr.ic there is no convention to call by.
    if (this.#has('handlers')) {
      this.#skip();
      return;
    }
    this.#arguments();
    this.#put(
      'br.call',
      [this.#has('returns-elsewhere') && this.#scope.random.chance(30) ? 'b7' : 'b0'],
      ['label:outside'],
    );
  }

  #arguments(): void {
    const { random, general } = this.#scope;
    if (this.#routines[this.#current]!.framed)
      this.#put('mov', [random.pick(this.#frame().outputs)], [random.pick(general)]);
  }

  #callOf({ name, entered, link }: Routine): void {
    const { emitter, label, random } = this.#scope;
    // A frame of one's own is what a caller's registers are safe in.
    if (this.#has('frames') && !this.#routines[this.#current]!.framed) {
      this.#skip();
      return;
    }
    this.#arguments();
    if (entered === 'call') {
      this.#put('br.call', [link], [`label:${name}`], this.#maybe(25));
      return;
    }
    if (entered === 'jump') {
      const back = label();
      this.#put('movl', [TEMPORARY], [`label:${back}`]);
      this.#put('to-br', [link], [TEMPORARY]);
      this.#put('br', [], [`label:${name}`], { how: random.pick(['.cond.sptk', '.sptk.many', '.few']) });
      emitter.label(back);
      return;
    }
    if (entered === 'pointer') this.#put('movl', [TEMPORARY], [`label:${name}`]);
    else this.#entry(this.#table([name], 'addresses'), 1);
    this.#put('to-br', ['b6'], [TEMPORARY]);
    this.#put('br.call.reg', [link], ['b6'], this.#maybe(20));
  }

  #loop(): void {
    const { emitter, label, random } = this.#scope;
    const head = label();
    this.#put('to-ar', ['ar.lc'], [BigInt(random.below(4))]);
    emitter.label(head);
    this.#looping = true;
    this.#some();
    this.#looping = false;
    this.#put('br.cloop', [], [`label:${head}`]);
  }

  /** A loop whose registers rotate; in a frame of which none does, predicates do. */
  #rotating(): void {
    const { emitter, label, random, predicates } = this.#scope;
    const head = label();
    const top = random.chance(65);
    const op = `br.${random.pick(['c', 'c', 'w'])}${top ? 'top' : 'exit'}`;
    const behind = label();
    if (random.chance(40)) this.#put('pr.rot', [], [0x10000n]);
    if (op.startsWith('br.c')) this.#put('to-ar', ['ar.lc'], [BigInt(random.below(4))]);
    this.#put('to-ar', ['ar.ec'], [BigInt(random.below(4))]);
    emitter.label(head);
    this.#looping = true;
    this.#some();
    this.#put(
      op,
      [],
      [`label:${top ? head : behind}`],
      op.startsWith('br.w') ? { under: random.pick(predicates) } : {},
    );
    if (!top) {
      this.#some();
      this.#put('br', [], [`label:${head}`], { how: '.sptk.few' });
    }
    this.#looping = false;
    emitter.label(behind);
    if (random.chance(40)) this.#put(random.pick(['clrrrb', 'clrrrb.pr']), [], []);
  }

  #table(labels: readonly string[], entries: 'addresses' | 'distances'): string {
    const { tables, random } = this.#scope;
    const name = `table${tables.length}`;
    tables.push({ name, labels, entries, style: random.chance(50) ? 'list' : 'lines' });
    return name;
  }

  /** An entry of a table, to {@link TEMPORARY}; the table's address, to {@link BASE}. */
  #entry(table: string, entries: number): void {
    const { random, general } = this.#scope;
    if (random.chance(60)) {
      this.#put('ltoff', [BASE], [`ltoff:${table}`]);
      this.#put('ld8', [BASE], [BASE]);
    } else this.#put('movl', [BASE], [`table:${table}`]);
    if (entries === 1) {
      this.#put('ld8', [TEMPORARY], [BASE]);
      return;
    }
    this.#put('and', [INDEX], [8n, random.pick(general)]);
    this.#put('add', [INDEX], [INDEX, BASE]);
    this.#put('ld8', [TEMPORARY], [INDEX]);
  }

  #byTable(): void {
    const { emitter, label, random } = this.#scope;
    const labels = Array.from({ length: 1 + random.below(2) }, label);
    const distances = random.chance(25);
    const join = label();
    this.#entry(this.#table(labels, distances ? 'distances' : 'addresses'), labels.length);
    if (distances) this.#put('add', [TEMPORARY], [TEMPORARY, BASE]);
    this.#jump(this.#maybe(20));
    labels.forEach((name, at) => {
      emitter.label(name);
      this.#some();
      if (at < labels.length - 1) this.#put('br', [], [`label:${join}`], { how: '.sptk.many' });
    });
    emitter.label(join);
  }

  #jump(extra: Extra): void {
    this.#put('to-br', ['b6'], [TEMPORARY]);
    this.#put('br.reg', [], ['b6'], { how: this.#scope.random.pick(['.cond.sptk', '.sptk.many']), ...extra });
  }

  #byMovl(): void {
    const { emitter, label } = this.#scope;
    const behind = label();
    this.#put('movl', [TEMPORARY], [`label:${behind}`]);
    this.#jump(this.#maybe(30));
    this.#some();
    emitter.label(behind);
  }
}
