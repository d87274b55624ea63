/**
 * An object file as it is loaded into memory: sections with addresses. For a file that is not linked yet, sections get consecutive
 * addresses, and the references in its records are resolved with these.
 */
import { SITES_SECTION, targetOfSection } from '../machine/patch-format.ts';
import { InvalidRecords } from './damage.ts';
import { contents, type ElfFile, type ElfSection, type Relocation, readElf, relocationsOf } from './elf.ts';

export interface ImageSection {
  readonly name: string;
  readonly executable: boolean;
  readonly address: bigint;
  /** A copy of its contents, with references resolved. */
  readonly bytes: Buffer;
  /** Offset of its contents in the file. */
  readonly offset: number;
  /** Offsets of relocations that only the linker can resolve; the two lowest bits are the slot. */
  readonly unresolved: readonly number[];
}

export interface LoadedObject {
  readonly file: ElfFile;
  /** The sections that are loaded and have contents. */
  readonly sections: readonly ImageSection[];
}

/** The relocation type that patch records use (IA-64 psABI, table 4-10). */
const R_IA64_PCREL32LSB = 0x4d;

/** Reads an object file. @throws InvalidRecords for any other kind of file, and for records that cannot be read */
export function openImage(bytes: Buffer): LoadedObject {
  const file = readElf(bytes);
  const addresses = file.relocatable ? spread(file.sections) : file.sections.map(({ address }) => address);
  const sections = file.sections.flatMap((section, index): ImageSection[] => {
    const own = Buffer.from(contents(file, section));
    if (!section.allocated || own.length === 0) return [];
    const relocations = file.relocatable ? relocationsOf(file, section) : [];
    const isRecord = section.name === SITES_SECTION || targetOfSection(section.name) !== null;
    const unresolved = relocations.filter((one) => !isRecord || !resolve(own, one, section, index, addresses));
    const { name, executable, offset } = section;
    return [
      {
        name,
        executable,
        address: addresses[index]!,
        bytes: own,
        offset,
        unresolved: unresolved.map((one) => one.offset),
      },
    ];
  });
  return { file, sections };
}

/** Resolves one reference of a record; false for a relocation of another type. */
function resolve(
  bytes: Buffer,
  { offset, type, symbol, addend }: Relocation,
  { name }: ElfSection,
  index: number,
  addresses: readonly bigint[],
): boolean {
  if (type !== R_IA64_PCREL32LSB) return false;
  if (symbol === null || offset + 4 > bytes.length || symbol.section >= addresses.length)
    throw new InvalidRecords(`a reference of ${name} leads out of the file`);
  const value = addresses[symbol.section]! + symbol.value + addend - (addresses[index]! + BigInt(offset));
  bytes.writeInt32LE(Number(BigInt.asIntN(32, value)), offset);
  return true;
}

function spread(sections: readonly ElfSection[]): bigint[] {
  let next = 0x10000;
  return sections.map(({ allocated, size, alignment }) => {
    if (!allocated) return 0n;
    const start = Math.ceil(next / alignment) * alignment;
    next = start + size;
    return BigInt(start);
  });
}

/** The section that contains a whole range of addresses; undefined when none does. */
export function sectionAt({ sections }: LoadedObject, start: bigint, end: bigint): ImageSection | undefined {
  return sections.find(
    ({ address, bytes }) => start >= address && end <= address + BigInt(bytes.length) && start <= end,
  );
}
