/**
 * Where things stand in the address space of a verification. Sections and symbols of other files get addresses by name, the
 * same for every image; a listing's code has its own addresses, but what the source names (labels, vectors, the places
 * behind calls) stands where it stands in the source's image. So a value that is an address is the same in all of them.
 */

const SECTIONS = 0xa000000100000000n;
const SECTION_BITS = 24n;
const EXTERNAL_SYMBOLS = 0xa000000200000000n;
/** What code of a listing adds to its own offsets. */
export const LISTING = 0x800000000n;

/** May a value be the address of code or of a symbol? */
export function isAddress(value: bigint): boolean {
  return value >> 40n === SECTIONS >> 40n;
}

export class AddressSpace {
  readonly #sections = new Map<string, bigint>();
  readonly #symbols = new Map<string, bigint>();
  readonly #names = new Map<bigint, string>();

  section(name: string): bigint {
    let base = this.#sections.get(name);
    if (base === undefined) {
      base = SECTIONS + (BigInt(this.#sections.size) << SECTION_BITS);
      this.#sections.set(name, base);
    }
    return base;
  }

  /** A symbol that no code of the call defines. */
  symbol(name: string): bigint {
    let address = this.#symbols.get(name);
    if (address === undefined) {
      address = EXTERNAL_SYMBOLS + (BigInt(this.#symbols.size) << 6n);
      this.#symbols.set(name, address);
      this.#names.set(address, name);
    }
    return address;
  }

  /** The symbol at an address; undefined when there is none. */
  nameOf(address: bigint): string | undefined {
    return this.#names.get(address);
  }
}
