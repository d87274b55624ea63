/**
 * What a register may hold, as far as addresses of code go: the abstract values of the interpretation, with their join.
 */

/**
 * What a register holds: a block number + 1 is the address of that block; RETURNS + an entry block, the return address that
 * some call of this file of the subroutine at that block has left; other symbols count down from EXTERNAL.
 */
export const ANYTHING = -1;
/** The address of some code of this file; which, depends on the path. */
export const SOME_BLOCK = -2;
/** Perhaps computed from an address of this file (`mov r2=ip`, `adds r2=1f-f,r2`). */
export const DERIVED = -3;
/** Loaded from memory, or computed from such a value: an entry of some table of this file, or anything. */
export const LOADED = -4;
/** The return address of some call of this file, or a value that code outside has passed. */
export const RETURN_OR_GIVEN = -5;
const EXTERNAL = -6;
const RETURNS = 2 ** 30;

/** The return address that a call of the subroutine at a block has left. */
export function returnOf(entry: number): number {
  return RETURNS + entry;
}

/** The entry of the subroutine whose return address a value is; -1 if it is no return address. */
export function returnsFrom(value: number): number {
  return value >= RETURNS ? value - RETURNS : -1;
}

/** The block whose address a value is; -1 if it is no address of a block, or of an unknown one. */
export function blockAt(value: number): number {
  return value > 0 && value < RETURNS ? value - 1 : -1;
}

/** Is a value surely the address of a symbol of another file? */
export function isExternal(value: number): boolean {
  return value <= EXTERNAL;
}

/** The most precise value that covers both. */
export function joinValues(a: number, b: number): number {
  if (a === b) return a;
  if (isLocal(a) && isLocal(b)) return SOME_BLOCK;
  if (isReturnOrGiven(a) && isReturnOrGiven(b) && (mayBeHere(a) || mayBeHere(b))) return RETURN_OR_GIVEN;
  if (mayBeHere(a) || mayBeHere(b)) return DERIVED;
  return a === LOADED || b === LOADED ? LOADED : ANYTHING;
}

function isReturnOrGiven(value: number): boolean {
  return value === ANYTHING || value === RETURN_OR_GIVEN || isExternal(value) || returnsFrom(value) >= 0;
}

function isLocal(value: number): boolean {
  return value > 0 || value === SOME_BLOCK;
}

/** May the value lead to code of this file? */
export function mayBeHere(value: number): boolean {
  return isLocal(value) || value === DERIVED || value === RETURN_OR_GIVEN;
}

/** The value of a symbol from elsewhere. @param known those that have one, to be filled */
export function externalValue(known: Map<string, number>, symbol: string): number {
  let value = known.get(symbol);
  if (value === undefined) {
    value = EXTERNAL - known.size;
    known.set(symbol, value);
  }
  return value;
}
