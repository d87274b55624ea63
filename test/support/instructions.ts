/** What code does, wherever it stands: instructions without nops, and branches by the instruction that they go to. */
import { type DisassembledInstruction, disassemble } from './assemble.ts';

export interface PlainInstruction {
  /** With its predicate. Where a branch goes: the number of the instruction in the section, `#12`. */
  readonly text: string;
  /** An instruction group ends between it and the one behind it. */
  readonly stop: boolean;
}

/** By code section; sections of replacements are left out, and so are those that hold nops alone. */
export function plainInstructions(object: Buffer): ReadonlyMap<string, readonly PlainInstruction[]> {
  const bySection = new Map<string, DisassembledInstruction[]>();
  for (const instruction of disassemble(object)) {
    if (instruction.section.startsWith('.pvasm.')) continue;
    bySection.set(instruction.section, [...(bySection.get(instruction.section) ?? []), instruction]);
  }
  return new Map([...bySection].map(([section, instructions]) => [section, withoutNops(instructions)]));
}

function withoutNops(all: readonly DisassembledInstruction[]): readonly PlainInstruction[] {
  const kept = all.filter((instruction) => !isNop(instruction));
  const numbers = new Map<number, number>();
  // A label stands at the start of a bundle: it means the first instruction from there on that is no nop.
  let next = kept.length;
  for (let at = all.length - 1; at >= 0; at--) {
    if (!isNop(all[at]!)) next--;
    numbers.set(all[at]!.offset, next);
  }
  const plain: { text: string; stop: boolean }[] = [];
  for (const instruction of all) {
    if (!isNop(instruction)) plain.push({ text: textOf(instruction, numbers), stop: instruction.stop });
    else if (instruction.stop && plain.length > 0) plain.at(-1)!.stop = true;
  }
  return plain;
}

function isNop({ mnemonic }: DisassembledInstruction): boolean {
  return mnemonic === 'nop' || mnemonic.startsWith('nop.');
}

function textOf(
  { predicate, mnemonic, operands, offset }: DisassembledInstruction,
  numbers: ReadonlyMap<number, number>,
): string {
  const guard = predicate === '' ? '' : `(${predicate}) `;
  const isBranch = /^(?:brl?|chk|fchkf|mov\.\w+\.?\w*)\b/.test(mnemonic) && !/^mov\.[mi]$/.test(mnemonic);
  const shown = isBranch ? operands.replace(ADDRESS, number(numbers, offset)) : operands;
  return `${guard}${mnemonic} ${shown}`;
}

/** What a branch goes to, in hexadecimal, with the symbol that objdump finds near it. */
const ADDRESS = /\b(?:0x)?([0-9a-f]+) <[^>]*>$|\b0x([0-9a-f]+)$/;

function number(numbers: ReadonlyMap<number, number>, offset: number) {
  return (whole: string, near: string | undefined, address: string | undefined): string => {
    const target = Number.parseInt((near ?? address)!, 16);
    // What the linker fills in stands as a branch to its own bundle.
    if (target === offset) return '#here';
    const found = numbers.get(target);
    return found === undefined ? whole : `#${found}`;
  };
}
