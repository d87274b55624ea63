/** A linked image whose sites are calls, as if the bodies of the routines that they go to stood there. */
import { openImage } from '../../src/patch/image.ts';
import { readSites } from '../../src/patch/records.ts';
import { type DisassembledInstruction, disassemble } from '../support/assemble.ts';
import { readSections, symbolsOf } from '../support/elf.ts';

/**
 * The instructions of the sections of code, without nops, the calls replaced by what is executed in their routines. Addresses
 * are left out: they are others in every image.
 */
export function inlined(linked: Buffer, table: LinkedTable = NO_TABLE): readonly string[] {
  const all = disassemble(linked).filter(({ mnemonic }) => !/^nop(?:\.|$)/.test(mnemonic));
  const sites = hasRecords(linked) ? readSites(openImage(linked)) : [];
  const calls = new Set(sites.flatMap(({ isBranch, start }) => (isBranch ? [Number(start)] : [])));
  const routines = routinesIn(all);
  const made: string[] = [];
  const own = all.filter(({ section, offset }) => !section.startsWith('.pvasm.') && !isIn(table, section, offset));
  for (const [at, instruction] of own.entries()) {
    const loaded = instruction.operands.startsWith('b') ? tableCall(own.slice(0, at)) : null;
    if (loaded !== null) {
      made.length -= loaded.length;
      const routine = table.routines.get(loaded.slot);
      if (routine === undefined) throw new Error(`a call through ${loaded.slot}, which is no slot`);
      made.push(...routines.at(routine).map((each) => textOf(each, instruction.predicate)));
    } else if (!calls.has(instruction.offset)) made.push(textOf(instruction));
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

/**
 * Instructions as if no body shared anything with its neighbour, which a routine does not: with the address itself in every access to
 * Xen's page, and without what puts it into a register; without saves of what is in the same register already.
 */
export function unshared(texts: readonly string[]): readonly string[] {
  const addresses = new Map<string, number>();
  let copies: { guard: string; registers: readonly string[] }[] = [];
  return texts.flatMap((text) => {
    const [, guard = '', to = '', from = ''] = /^(\(p\d+\) )?mov (r\d+)=(-?\w+)$/.exec(text) ?? [];
    if (copies.some((copy) => copy.guard === guard && [to, from].every((each) => copy.registers.includes(each))))
      return [];
    const written = / (r\d+)=/.exec(text)?.[1] ?? '';
    const changed = / ?break/.test(text) ? ['r8', 'r9', 'r10', 'r11'] : [written];
    copies = copies.filter(({ registers }) => !registers.some((each) => changed.includes(each)));
    if (/^r\d+$/.test(from)) copies.push({ guard, registers: [to, from] });
    if (to !== '' && isInPage(Number(from))) {
      addresses.set(to, Number(from));
      return [];
    }
    const [, base, step] = /\[(r\d+)\](?:=r\d+)?(?:,(-?\d+))?$/.exec(text) ?? [];
    const address = base === undefined ? undefined : addresses.get(base);
    if (address !== undefined && step !== undefined) addresses.set(base!, address + Number(step));
    addresses.delete(written);
    return [address === undefined ? text : text.replace(`[${base}]`, `[${address}]`).replace(/,-?\d+$/, '')];
  });
}

/** struct mapped_regs at XSI_BASE+0x4000 (grammar/targets/xen.S). */
function isInPage(value: number): boolean {
  return value >= -0xfc000 && value < -0xfb000;
}

export function hasRecords(linked: Buffer): boolean {
  return readSections(linked).some(({ name }) => name === '.pvasm.sites');
}

/** What a table that is linked with the image holds, by the addresses of its slots. */
export interface LinkedTable {
  readonly routines: ReadonlyMap<number, number>;
  /** Where in .text the routines begin: behind all else. */
  readonly first: number;
}

const NO_TABLE: LinkedTable = { routines: new Map(), first: Number.POSITIVE_INFINITY };

/** The table as `pv_table_fill` leaves it for a target: addresses, then distances. */
export function filledTable(linked: Buffer, target: string, absolute: number): LinkedTable {
  const symbols = new Map(symbolsOf(linked).map((symbol) => [symbol.name, symbol]));
  const { value: at, size } = symbols.get('pv_table')!;
  const words = symbols.get(`pv_table_${target}`)!.value;
  const data = readSections(linked).find(({ name }) => name === '.data')!;
  const wordAt = (address: number) => data.bytes.readBigUInt64LE(address - data.address);
  const routines = new Map<number, number>();
  for (let slot = 0; slot < size / 8; slot++) {
    const [to, from] = [at + 8 * slot, words + 8 * slot];
    const filled = slot < absolute ? wordAt(from) : wordAt(from) + BigInt(words - at) + BigInt(to);
    routines.set(to, Number(BigInt.asUintN(64, filled)));
  }
  const starts = [...symbols].flatMap(([name, { value }]) => (/^pv_(?:native|xen)_/.test(name) ? [value] : []));
  return { routines, first: Math.min(...starts) };
}

function isIn({ first }: LinkedTable, section: string, offset: number): boolean {
  return section === '.text' && offset >= first;
}

/** The slot that a branch goes through, and how many instructions in front of it belong to the call; null: it is no such call. */
function tableCall(before: readonly DisassembledInstruction[]): { slot: number; length: number } | null {
  const texts = (count: number) =>
    before
      .slice(-count)
      .map(({ mnemonic, operands }) => `${mnemonic} ${operands}`.replace(/ <[^>]*>/, ''))
      .join('; ');
  const absolute = /^movl (r\d+)=0x(\w+); ld8 \1=\[\1\]; mov b\d=\1; movl \1=0x\w+; mov b\d=\1$/.exec(texts(5));
  if (absolute !== null) return { slot: Number.parseInt(absolute[2]!, 16), length: 5 };
  const relative =
    /^mov (r\d+)=ip; adds (r\d+)=\d+,\1; mov b\d=\2; movl \2=0x(\w+); add \1=\1,\2; ld8 \2=\[\1\]; add \1=\1,\2; mov b\d=\1$/.exec(
      texts(8),
    );
  if (relative === null) return null;
  const distance = BigInt.asIntN(64, BigInt(`0x${relative[3]!}`));
  return { slot: before.at(-8)!.offset + Number(distance), length: 8 };
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

const SSM_I = '0x7';

/** @param guard the predicate of a call; its routine has none */
function textOf({ predicate, mnemonic, operands }: DisassembledInstruction, guard = ''): string {
  // relocate_kernel.S has a distance in a word of data among its code. Xen's only hypercall under a predicate is SSM_I.
  if (mnemonic === 'break.m' && predicate !== '' && guard === '' && operands !== SSM_I) return 'data';
  const own = predicate === '' ? guard : predicate;
  const isAddressed = /^(?:movl|br|chk|adds|addl)/.test(mnemonic) || /^mov\.(?:ret\.)?(?:sptk|dptk)/.test(mnemonic);
  const shown = isAddressed
    ? operands.replace(/(?:0x)?[0-9a-f]+(?: <[^>]*>)?$|-?\d+(?=,r\d+$)|0x[0-9a-f]+/, 'N')
    : operands;
  return `${own === '' ? '' : `(${own}) `}${mnemonic} ${shown}`;
}
