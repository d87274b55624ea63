/** Character constants of conditions. */

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
