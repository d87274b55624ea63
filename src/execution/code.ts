/** The instructions of an image, each compiled when it is first asked for: a run meets few of those of a whole source. */
import type { ProgramInstruction } from '../analysis/program/program.ts';
import { isAddress } from './addresses.ts';
import { type CompiledInstruction, compileInstruction, type Platform } from './instruction.ts';
import type { OperandScope } from './operands.ts';

export class Code {
  readonly #instructions: readonly ProgramInstruction[];
  readonly #platform: Platform;
  readonly #slots: Uint8Array;
  readonly #scopeOf: (instruction: ProgramInstruction) => OperandScope;
  readonly #compiled: (CompiledInstruction | string)[];
  #constants: readonly bigint[] | undefined;

  /** @param slots by instruction: its slot in its bundle */
  constructor(
    instructions: readonly ProgramInstruction[],
    platform: Platform,
    slots: Uint8Array,
    scopeOf: (instruction: ProgramInstruction) => OperandScope,
  ) {
    this.#instructions = instructions;
    this.#platform = platform;
    this.#slots = slots;
    this.#scopeOf = scopeOf;
    this.#compiled = new Array<CompiledInstruction | string>(instructions.length);
  }

  get length(): number {
    return this.#instructions.length;
  }

  /** An instruction by its index; a text: why it cannot be executed; undefined: there is none. */
  at(index: number): CompiledInstruction | string | undefined {
    return this.#compiled[index] ?? this.#compile(index);
  }

  #compile(index: number): CompiledInstruction | string | undefined {
    const instruction = this.#instructions[index];
    if (instruction === undefined) return undefined;
    const compiled = compileInstruction(instruction, this.#scopeOf(instruction), this.#platform, this.#slots[index]!);
    this.#compiled[index] = compiled;
    return compiled;
  }

  /** The constants of all instructions, as values worth trying: they decide compares and tests. */
  get constants(): readonly bigint[] {
    this.#constants ??= [...this.#findConstants()];
    return this.#constants;
  }

  #findConstants(): Set<bigint> {
    const found = new Set<bigint>();
    for (let index = 0; index < this.length; index++) {
      const instruction = this.at(index)!;
      if (typeof instruction === 'string') continue;
      for (const constant of instruction.constants) if (!isAddress(constant)) found.add(constant);
    }
    return found;
  }
}
