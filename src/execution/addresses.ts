/**
 * The address space of a verification. Sections, and symbols of other files, get addresses by name, the same in every image. Code
 * that only a listing has gets addresses of its own, but labels, vectors and return points of the source have the addresses of the
 * source's image. So values that are addresses can be compared between images.
 */

const SECTIONS = 0xa000000100000000n;
const SECTION_BITS = 24n;
const EXTERNAL_SYMBOLS = 0xa000000200000000n;
/** Added to the offsets of code that only a listing has. */
export const LISTING = 0x800000000n;

/** Whether a value may be the address of code or of a symbol. */
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

  /** The address of a symbol that no source of the call defines. */
  symbol(name: string): bigint {
    let address = this.#symbols.get(name);
    if (address === undefined) {
      address = EXTERNAL_SYMBOLS + (BigInt(this.#symbols.size) << 6n);
      this.#symbols.set(name, address);
      this.#names.set(address, name);
    }
    return address;
  }

  /** The name of the symbol at an address; undefined when there is none. */
  nameOf(address: bigint): string | undefined {
    return this.#names.get(address);
  }
}
