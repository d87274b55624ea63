/** Reads what native identity needs from an ELF64 little-endian object file. Layout: System V gABI, chapter 4. */

export interface Section {
  readonly name: string;
  /** False for .bss-like sections, which have a size but no bytes. */
  readonly bytes: Buffer;
  readonly size: number;
  readonly alignment: number;
  readonly executable: boolean;
  readonly allocated: boolean;
  /** 0 in what is not linked. */
  readonly address: number;
  /** `offset type symbol+addend`, in the order of the file; the symbol by name, or `section` for a section's own. */
  readonly relocations: readonly string[];
}

const SHT_SYMTAB = 2;
const SHT_RELA = 4;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;
const STT_SECTION = 3;

interface Header {
  readonly name: number;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
}

/** The sections of an object file, in its order, relocation and symbol sections folded into what they describe. */
export function readSections(file: Buffer): readonly Section[] {
  const headers = sectionHeaders(file);
  const names = headers[file.readUInt16LE(0x3e)]!;
  const nameOf = (header: Header) => stringAt(file, names.offset + header.name);
  const symbols = symbolNames(file, headers, nameOf);
  const relocations = new Map<number, string[]>();
  for (const header of headers) {
    if (header.type !== SHT_RELA) continue;
    const list = relocations.get(header.info) ?? [];
    relocations.set(header.info, list);
    for (let at = header.offset; at < header.offset + header.size; at += 24) {
      const symbol = symbols[file.readUInt32LE(at + 12)];
      list.push(
        `${file.readBigUInt64LE(at).toString(16)} ${file.readUInt32LE(at + 8).toString(16)} ` +
          `${symbol}+${file.readBigInt64LE(at + 16)}`,
      );
    }
  }
  return headers.map((header, index) => ({
    name: nameOf(header),
    bytes: header.type === SHT_NOBITS ? Buffer.alloc(0) : file.subarray(header.offset, header.offset + header.size),
    size: header.size,
    alignment: header.alignment,
    executable: (header.flags & SHF_EXECINSTR) !== 0,
    address: header.address,
    allocated: (header.flags & SHF_ALLOC) !== 0,
    relocations: relocations.get(index) ?? [],
  }));
}

function sectionHeaders(file: Buffer): readonly Header[] {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    throw new Error('not a little-endian ELF64 file');
  const start = Number(file.readBigUInt64LE(0x28));
  const count = file.readUInt16LE(0x3c);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 64;
    return {
      name: file.readUInt32LE(at),
      type: file.readUInt32LE(at + 4),
      flags: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      info: file.readUInt32LE(at + 44),
      alignment: Number(file.readBigUInt64LE(at + 48)),
    };
  });
}

function symbolNames(file: Buffer, headers: readonly Header[], nameOf: (header: Header) => string): readonly string[] {
  const table = headers.find((header) => header.type === SHT_SYMTAB);
  if (table === undefined) return [];
  const strings = headers[table.link]!;
  return Array.from({ length: table.size / 24 }, (_, index) => {
    const at = table.offset + index * 24;
    const isSection = (file.readUInt8(at + 4) & 0xf) === STT_SECTION;
    if (isSection) return nameOf(headers[file.readUInt16LE(at + 6)]!);
    return stringAt(file, strings.offset + file.readUInt32LE(at));
  });
}

export interface ObjectSymbol {
  readonly name: string;
  /** Bytes from the start of its section. */
  readonly value: number;
  readonly size: number;
}

/** The named symbols of an object file, those from elsewhere left out. */
export function symbolsOf(file: Buffer): readonly ObjectSymbol[] {
  const headers = sectionHeaders(file);
  const table = headers.find((header) => header.type === SHT_SYMTAB);
  if (table === undefined) return [];
  const strings = headers[table.link]!;
  return Array.from({ length: table.size / 24 }, (_, index) => table.offset + index * 24)
    .filter((at) => file.readUInt16LE(at + 6) !== 0 && file.readUInt32LE(at) !== 0)
    .map((at) => ({
      name: stringAt(file, strings.offset + file.readUInt32LE(at)),
      value: Number(file.readBigUInt64LE(at + 8)),
      size: Number(file.readBigUInt64LE(at + 16)),
    }));
}

function stringAt(file: Buffer, start: number): string {
  return file.toString('latin1', start, file.indexOf(0, start));
}
