/** Numbers as the assembler reads them. */
import type { Expression } from './tree.ts';

const ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, a: 7 };

/**
 * The value of an integer as gas spells it (`10`, `0x1f`, `017`, `0b101`, `'a'`, with C's suffixes as cpp leaves
 * them), or null when the text is no integer: a floating point constant, `1f`, garbage.
 */
export function numberValue(text: string): bigint | null {
  const first = text.charCodeAt(0);
  if (first === 39) return characterValue(text);
  if (first < 48 || first > 57) return null;
  if (text.length === 1) return BigInt(first - 48);
  const body = text.replace(/[uUlL]+$/, '');
  if (first === 48) {
    if (/^0[xX][0-9a-fA-F]+$/.test(body) || /^0[bB][01]+$/.test(body)) return BigInt(body.toLowerCase());
    return /^0[0-7]*$/.test(body) ? BigInt(body === '0' ? '0' : `0o${body.slice(1)}`) : null;
  }
  return /^[0-9]+$/.test(body) ? BigInt(body) : null;
}

function characterValue(text: string): bigint {
  const code = text.charCodeAt(1);
  if (code !== 92) return BigInt(code);
  const letter = text[2]!;
  if (letter >= '0' && letter <= '7') return BigInt(Number.parseInt(/^[0-7]{1,3}/.exec(text.slice(2))![0], 8) & 255);
  if (letter === 'x' || letter === 'X')
    return BigInt(Number.parseInt(/^[0-9a-fA-F]*/.exec(text.slice(3))![0] || '0', 16) & 255);
  return BigInt(ESCAPES[letter] ?? letter.charCodeAt(0));
}

/** `1f` or `23b`: the next or the last local label of that number. */
export function localReference(text: string): { label: string; direction: 'f' | 'b' } | null {
  const direction = text[text.length - 1];
  if (direction !== 'f' && direction !== 'b') return null;
  for (let at = text.length - 2; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return null;
  }
  return text.length > 1 ? { label: text.slice(0, -1), direction } : null;
}

/** `10`, `1f`, `'a'` as an expression; a floating point constant is opaque. */
export function numberExpression(text: string, first: number, last: number): Expression {
  const value = numberValue(text);
  if (value !== null) return { kind: 'number', text, value, first, last };
  const local = localReference(text);
  return local === null ? { kind: 'opaque', first, last } : { kind: 'local', ...local, first, last };
}
