/**
 * The section headers of an ELF64 file for IA-64, little-endian, and their contents. Layout: System V gABI, chapter 4;
 * numbers of IA-64: "Intel Itanium Processor-specific Application Binary Interface", chapter 4.
 */
import { InvalidRecords } from './damage.ts';

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly allocated: boolean;
  readonly executable: boolean;
  readonly address: bigint;
  /** Offset of its contents in the file, and their size in bytes. */
  readonly offset: number;
  readonly size: number;
  /** For a relocation section: the index of the symbol table, and of the section that it applies to. */
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
}

export interface ElfFile {
  readonly bytes: Buffer;
  /** Whether the file is not linked yet: its sections have no addresses, and references are relocations. */
  readonly relocatable: boolean;
  readonly sections: readonly ElfSection[];
}

export interface Relocation {
  readonly offset: number;
  readonly type: number;
  /** The section index and value of its symbol; null for a symbol that is not defined in the file. */
  readonly symbol: { readonly section: number; readonly value: bigint } | null;
  readonly addend: bigint;
}

const ELF_MAGIC = 0x7f454c46;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const MACHINE_IA64 = 50;
const HEADER = 64;
const SECTION_HEADER = 64;
const RELA_ENTRY = 24;
const SYMBOL_ENTRY = 24;
const ET_REL = 1;
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2n;
const SHF_EXECINSTR = 4n;
/** Section indices from here on are reserved (gABI, chapter 4). */
const SHN_LORESERVE = 0xff00;
const LARGEST_FILE = BigInt(Number.MAX_SAFE_INTEGER);

/** Reads the headers. @throws InvalidRecords for any other kind of file, and for a section outside the file */
export function readElf(bytes: Buffer): ElfFile {
  if (bytes.length < HEADER || bytes.readUInt32BE(0) !== ELF_MAGIC) throw new InvalidRecords('this is no ELF file');
  if (bytes[4] !== CLASS_64) throw new InvalidRecords('this is no 64-bit ELF file');
  if (bytes[5] !== LITTLE_ENDIAN) throw new InvalidRecords('this ELF file is not little-endian');
  const machine = bytes.readUInt16LE(18);
  if (machine !== MACHINE_IA64)
    throw new InvalidRecords(`this ELF file is for machine ${machine}, not for IA-64 (${MACHINE_IA64})`);
  const start = bytes.readBigUInt64LE(40);
  const count = bytes.readUInt16LE(60);
  if (count === 0) throw new InvalidRecords('this ELF file has no section headers');
  if (bytes.readUInt16LE(58) !== SECTION_HEADER || start + BigInt(count * SECTION_HEADER) > BigInt(bytes.length))
    throw new InvalidRecords('the section headers reach beyond the end of the file');
  const headers = Array.from({ length: count }, (_, index) =>
    readHeader(bytes, Number(start) + index * SECTION_HEADER),
  );
  const names = headers[bytes.readUInt16LE(62)];
  const sections = headers.map(({ nameOffset, ...section }): ElfSection => {
    if (section.type !== SHT_NOBITS && section.offset + section.size > bytes.length)
      throw new InvalidRecords('a section reaches beyond the end of the file');
    return { ...section, name: names === undefined ? '' : stringAt(bytes, names, nameOffset) };
  });
  return { bytes, relocatable: bytes.readUInt16LE(16) === ET_REL, sections };
}

/** The contents of a section, as a view of the file's bytes; empty for a section without contents. */
export function contents({ bytes }: ElfFile, { type, offset, size }: ElfSection): Buffer {
  return type === SHT_NOBITS ? bytes.subarray(0, 0) : bytes.subarray(offset, offset + size);
}

/** The relocations of a section. @throws InvalidRecords when they cannot be read */
export function relocationsOf(file: ElfFile, section: ElfSection): Relocation[] {
  const index = file.sections.indexOf(section);
  return file.sections
    .filter(({ type, info }) => type === SHT_RELA && info === index)
    .flatMap((table) => {
      const symbols = file.sections[table.link];
      if (symbols === undefined || table.size % RELA_ENTRY !== 0)
        throw new InvalidRecords(`the relocations of ${section.name} cannot be read`);
      const data = contents(file, table);
      return Array.from({ length: table.size / RELA_ENTRY }, (_, at) =>
        readRelocation(data, at * RELA_ENTRY, contents(file, symbols), section),
      );
    });
}

function readRelocation(data: Buffer, at: number, symbols: Buffer, { name }: ElfSection): Relocation {
  const symbol = data.readUInt32LE(at + 12) * SYMBOL_ENTRY;
  if (symbol + SYMBOL_ENTRY > symbols.length)
    throw new InvalidRecords(`a relocation of ${name} names a symbol that is not there`);
  const section = symbols.readUInt16LE(symbol + 6);
  return {
    offset: Number(data.readBigUInt64LE(at)),
    type: data.readUInt32LE(at + 8),
    symbol: section === 0 || section >= SHN_LORESERVE ? null : { section, value: symbols.readBigUInt64LE(symbol + 8) },
    addend: data.readBigInt64LE(at + 16),
  };
}

function readHeader(bytes: Buffer, at: number): Omit<ElfSection, 'name'> & { nameOffset: number } {
  const flags = bytes.readBigUInt64LE(at + 8);
  const [offset, size] = [bytes.readBigUInt64LE(at + 24), bytes.readBigUInt64LE(at + 32)];
  if (offset > LARGEST_FILE || size > LARGEST_FILE)
    throw new InvalidRecords('a section reaches beyond the end of the file');
  return {
    nameOffset: bytes.readUInt32LE(at),
    type: bytes.readUInt32LE(at + 4),
    allocated: (flags & SHF_ALLOC) !== 0n,
    executable: (flags & SHF_EXECINSTR) !== 0n,
    address: bytes.readBigUInt64LE(at + 16),
    offset: Number(offset),
    size: Number(size),
    link: bytes.readUInt32LE(at + 40),
    info: bytes.readUInt32LE(at + 44),
    alignment: Math.max(1, Number(bytes.readBigUInt64LE(at + 48))),
  };
}

function stringAt(bytes: Buffer, { offset, size }: { offset: number; size: number }, start: number): string {
  if (start >= size) return '';
  const end = bytes.indexOf(0, offset + start);
  return bytes.toString('latin1', offset + start, end < 0 ? offset + size : Math.min(end, offset + size));
}
