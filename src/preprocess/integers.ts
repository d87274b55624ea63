/** The integers of #if: 64 bits, signed or unsigned (C11 6.10.1). */

export interface Value {
  readonly value: bigint;
  readonly unsigned: boolean;
  /** Whether it depends on a name of unknown value; then `value` is meaningless. */
  readonly open?: true;
}

export const ZERO: Value = { value: 0n, unsigned: false };
export const ONE: Value = { value: 1n, unsigned: false };
export const OPEN: Value = { value: 0n, unsigned: false, open: true };
export function normal(value: bigint, unsigned: boolean): Value {
  return { value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), unsigned };
}

export function truth(value: boolean): Value {
  return value ? ONE : ZERO;
}

/** Where one side of `&&` or `||` is open, the other one may decide. */
export function combineOpen(operator: string, left: Value, right: Value): Value {
  const decides = ({ open, value }: Value, truth: boolean): boolean => !open && (value !== 0n) === truth;
  if (operator === '&&' && (decides(left, false) || decides(right, false))) return ZERO;
  if (operator === '||' && (decides(left, true) || decides(right, true))) return ONE;
  return OPEN;
}

/** Shifts left by `count`, right when it is negative; 64 bits and more shift everything out. */
export function shift({ value, unsigned }: Value, count: bigint): Value {
  if (count >= 64n) return normal(0n, unsigned);
  if (count >= 0n) return normal(value << count, unsigned);
  return normal(value >> (count < -64n ? 64n : -count), unsigned);
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, e: 27, E: 27 };

/** The value of a character constant as gcc has it: chars are signed, several make one int. */
export function characterValue(text: string): bigint {
  const inner = text.replace(/^'|'$/g, '');
  let value = 0;
  let count = 0;
  for (const match of inner.matchAll(/\\([0-7]{1,3}|x[0-9a-fA-F]+|.)|./gs)) {
    const escaped = match[1];
    let code = match[0].charCodeAt(0);
    if (escaped !== undefined) {
      if (/^[0-7]/.test(escaped)) code = Number.parseInt(escaped, 8);
      else if (/^x./.test(escaped)) code = Number.parseInt(escaped.slice(-2).replace('x', ''), 16);
      else code = ESCAPES[escaped] ?? escaped.charCodeAt(0);
    }
    value = (value << 8) | (code & 255);
    count++;
  }
  return BigInt(count === 1 ? (value << 24) >> 24 : value | 0);
}
