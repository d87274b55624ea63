/** Puts instructions one behind the other, with stops where the manual asks for one and now and then where it does not. */
import { position, readsOf, writesOf } from './instructions.ts';
import { ARGUMENT, type Fault, type Instruction, type Item, type Operand, type Register } from './program.ts';
import type { Random } from './random.ts';

export interface Extra {
  readonly under?: Register | undefined;
  readonly how?: string;
  readonly fault?: Fault | undefined;
}

export class Emitter {
  #items: Item[] = [];
  #written = new Set<Register>();
  #open = false;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  put(op: string, to: readonly Register[], from: readonly Operand[], { under, how, fault }: Extra = {}): void {
    const instruction: Instruction = {
      op,
      to,
      from,
      ...(under === undefined ? {} : { under }),
      ...(how === undefined ? {} : { how }),
      ...(fault === undefined ? {} : { fault }),
    };
    const where = position(instruction);
    const writes = writesOf(instruction);
    const touched = [...readsOf(instruction), ...writes];
    const meets =
      touched.some((register) => this.#written.has(register)) ||
      (this.#written.size > 0 && (touched.includes(ARGUMENT) || this.#written.has(ARGUMENT))); // it may be any register
    if (where === 'first' || where === 'alone' || meets) this.stop();
    this.#items.push({ kind: 'instruction', instruction });
    this.#open = true;
    for (const register of writes) this.#written.add(register);
    if (where === 'alone' || where === 'last' || this.#random.chance(45)) this.stop();
  }

  stop(): void {
    if (!this.#open) return;
    this.#items.push({ kind: 'stop' });
    this.#open = false;
    this.#written = new Set();
  }

  label(name: string): void {
    this.stop();
    this.#items.push({ kind: 'label', name });
  }

  /** An item that holds others, or says something to the assembler. */
  item(item: Item): void {
    this.stop();
    this.#items.push(item);
  }

  /** What `fill` puts, apart: the body of a macro or of a condition. It begins and ends an instruction group. */
  body(fill: () => void): readonly Item[] {
    this.stop();
    const outer = this.#items;
    this.#items = [];
    fill();
    this.stop();
    const items = this.#items;
    this.#items = outer;
    return items;
  }
}
