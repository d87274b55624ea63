/** The entries of a file for external code: vectors and routines. */
import type { Analysis } from '../analysis/analysis.ts';
import type { Program } from '../analysis/program/program.ts';
import type { Image } from '../execution/image.ts';
import { VECTOR_TABLE_SIZE, vectorAt } from '../machine/vector-table.ts';
import type { EntryKind } from './start.ts';

export interface Entry {
  /** `dtlb_miss`; `vector 0x800` for a vector without a label. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Taken from within another handler: there is no state to begin in. */
  readonly nested: boolean;
  /** The instruction of the source. */
  readonly instruction: number;
  /** psr.ic there; null: the source's flow does not say it. */
  readonly psrIc: 0 | 1 | null;
  readonly bank: 0 | 1;
  /** Its address, which the listing's image has too. */
  readonly address: bigint;
}

/** The vectors of a source, in the order of the table, then its routines and global labels with code. */
export function entriesOf(image: Image, analysis: Analysis): Entry[] {
  const { program } = image;
  const vectors = vectorEntries(program, image);
  const known = new Set(vectors.map(({ instruction }) => instruction));
  const routines: Entry[] = [];
  const names = new Set([
    ...program.routines.map(({ name }) => name),
    ...program.symbols.labels.filter((label) => label.global).map(({ name }) => name),
  ]);
  for (const name of names) {
    const label = program.symbols.named.get(name);
    if (label === undefined || label.instruction < 0 || known.has(label.instruction)) continue;
    if (label.section !== program.instructions[label.instruction]!.section) continue;
    known.add(label.instruction);
    routines.push({
      name,
      kind: 'routine',
      nested: false,
      psrIc: analysis.psrIcAt(label.instruction),
      bank: bankAt(analysis, label.instruction),
      instruction: label.instruction,
      address: image.labelAddresses[label.id]!,
    });
  }
  return [...vectors, ...routines];
}

function bankAt(analysis: Analysis, instruction: number): 0 | 1 {
  const banks = analysis.banksAt(instruction);
  return banks.length === 1 ? banks[0]! : 1;
}

function vectorEntries(program: Program, image: Image): Entry[] {
  const starts = new Map<number, number>();
  for (const { base, offset, instruction } of program.origins) {
    if (base === null || offset === null || instruction < 0 || offset >= VECTOR_TABLE_SIZE) continue;
    // The first vector may be directly after the table's label, without an .org of its own.
    const table = program.symbols.named.get(base);
    if (table !== undefined && table.instruction >= 0 && !starts.has(table.instruction))
      starts.set(table.instruction, 0);
    starts.set(instruction, offset);
  }
  const labels = new Map<number, string>();
  for (const { instruction, name, kind } of program.symbols.labels)
    if (kind === 'label' && !/^\d/.test(name)) labels.set(instruction, name);
  return [...starts].map(([instruction, offset]) => ({
    name: labels.get(instruction) ?? `vector 0x${offset.toString(16)}`,
    kind: 'vector' as const,
    nested: vectorAt(offset).nested,
    psrIc: 0 as const,
    bank: 0 as const,
    instruction,
    address: image.addresses[instruction]!,
  }));
}
