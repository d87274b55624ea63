/** Symbols of an ELF64 little-endian object file: name, section and value. Layout: System V gABI, chapter 4. */

export interface ObjectSymbol {
  readonly name: string;
  readonly section: string;
  /** Byte offset in the section; for a tag the slot is in the low bits. */
  readonly value: number;
}

const SHT_SYMTAB = 2;
const STT_SECTION = 3;
const SHN_LORESERVE = 0xff00;

/** The symbols that are defined in a section of the file, section symbols left out. */
export function readSymbols(file: Buffer): readonly ObjectSymbol[] {
  const start = Number(file.readBigUInt64LE(0x28));
  const count = file.readUInt16LE(0x3c);
  const field = (index: number, at: number) => Number(file.readBigUInt64LE(start + index * 64 + at));
  const text = (at: number) => file.toString('latin1', at, file.indexOf(0, at));
  const names = field(file.readUInt16LE(0x3e), 0x18);
  const sectionName = (index: number) => text(names + file.readUInt32LE(start + index * 64));
  const symbols: ObjectSymbol[] = [];
  for (let index = 0; index < count; index++) {
    if (file.readUInt32LE(start + index * 64 + 4) !== SHT_SYMTAB) continue;
    const strings = field(file.readUInt32LE(start + index * 64 + 0x28), 0x18);
    const table = field(index, 0x18);
    for (let at = table; at < table + field(index, 0x20); at += 24) {
      const section = file.readUInt16LE(at + 6);
      if (section === 0 || section >= SHN_LORESERVE || (file.readUInt8(at + 4) & 0xf) === STT_SECTION) continue;
      symbols.push({
        name: text(strings + file.readUInt32LE(at)),
        section: sectionName(section),
        value: Number(file.readBigUInt64LE(at + 8)),
      });
    }
  }
  return symbols;
}
