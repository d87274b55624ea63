/** A linked image whose sites are calls, as if the bodies of the routines that they go to stood there. */
import { openImage } from '../../src/patch/image.ts';
import { readSites } from '../../src/patch/records.ts';
import { type DisassembledInstruction, disassemble } from '../support/assemble.ts';

/**
 * The instructions of the sections of code, without nops, the calls replaced by what is executed in their routines. Addresses
 * are left out: they are others in every image.
 */
export function inlined(linked: Buffer): readonly string[] {
  const all = disassemble(linked).filter(({ mnemonic }) => !/^nop(?:\.|$)/.test(mnemonic));
  const calls = new Set(
    readSites(openImage(linked)).flatMap(({ isBranch, start }) => (isBranch ? [Number(start)] : [])),
  );
  const routines = routinesIn(all);
  const made: string[] = [];
  for (const instruction of all) {
    if (instruction.section.startsWith('.pvasm.')) continue;
    if (!calls.has(instruction.offset)) made.push(textOf(instruction));
    else {
      dropAddress(made);
      made.push(...routines.at(targetOf(instruction)).map((each) => textOf(each, instruction.predicate)));
    }
  }
  return made;
}

/** The instructions of an image without calls, in the same words. */
export function plain(linked: Buffer): readonly string[] {
  return disassemble(linked).flatMap((each) =>
    /^nop(?:\.|$)/.test(each.mnemonic) || each.section.startsWith('.pvasm.') ? [] : [textOf(each)],
  );
}

function dropAddress(made: string[]): void {
  const isMove = (text: string | undefined) => /(?:^|\) )mov b\d=r\d+$/.test(text ?? '');
  if (!isMove(made.pop())) throw new Error('a call without a return address');
  if (!/(?:^|\) )(?:movl|adds)/.test(made.at(-1) ?? '')) throw new Error('a return address from nowhere');
  if (/(?:^|\) )adds/.test(made.pop()!) && !/(?:^|\) )mov r\d+=ip$/.test(made.pop()!))
    throw new Error('a return address that is not relative to ip');
}

function routinesIn(all: readonly DisassembledInstruction[]) {
  const starts = new Map<number, number>();
  all.forEach(({ offset }, at) => {
    if (!starts.has(offset)) starts.set(offset, at);
  });
  return {
    /** Up to the branch back. */
    at(address: number): readonly DisassembledInstruction[] {
      const start = starts.get(address)!;
      const back = all.findIndex(
        ({ mnemonic, operands }, at) => at >= start && mnemonic.startsWith('br') && /^b\d$/.test(operands),
      );
      return all.slice(start, back);
    },
  };
}

function targetOf({ operands }: DisassembledInstruction): number {
  return Number.parseInt(operands.replace(/^0x/, ''), 16);
}

/** @param guard the predicate of a call; its routine has none */
function textOf({ predicate, mnemonic, operands }: DisassembledInstruction, guard = ''): string {
  // relocate_kernel.S has a distance in a word of data among its code.
  if (mnemonic === 'break.m' && predicate !== '' && guard === '') return 'data';
  const own = predicate === '' ? guard : predicate;
  const isAddressed = /^(?:movl|br|chk|adds|addl)/.test(mnemonic) || /^mov\.(?:ret\.)?(?:sptk|dptk)/.test(mnemonic);
  const shown = isAddressed
    ? operands.replace(/(?:0x)?[0-9a-f]+(?: <[^>]*>)?$|-?\d+(?=,r\d+$)|0x[0-9a-f]+/, 'N')
    : operands;
  return `${own === '' ? '' : `(${own}) `}${mnemonic} ${shown}`;
}
