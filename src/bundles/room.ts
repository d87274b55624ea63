/** How many bytes a data directive puts down. */

import type { LayoutDirective } from '../machine/layout-directives.ts';
import type { Expression } from '../syntax/tree.ts';

/** What the layout knows of a directive's operands. */
export interface OperandReader {
  /** The value of an operand; undefined, and reported, when it is not a number yet. */
  constant(expression: Expression | undefined): number | undefined;
  /** An operand as written. */
  spelling(expression: Expression | undefined): string;
  /** Bytes of a file; 0, and reported, when not known. */
  fileSize(name: string): number;
}

export function roomOf(
  { action, size }: LayoutDirective,
  args: readonly Expression[],
  operands: OperandReader,
): number {
  const constant = (at: number, otherwise: number) =>
    args[at] === undefined ? otherwise : (operands.constant(args[at]) ?? 0);
  switch (action) {
    case 'data':
      return args.length * size;
    case 'string':
      return sum(args, (argument) => size * stringLength(operands.spelling(argument)));
    case 'string0':
      return sum(args, (argument) => size * (stringLength(operands.spelling(argument)) + 1));
    case 'space':
      return Math.max(0, constant(0, 0)) * size;
    case 'fill':
      return Math.max(0, constant(0, 0)) * Math.min(MOST_FILL_BYTES, Math.max(0, constant(1, 1)));
    case 'leb128':
    case 'sleb128':
      return sum(args, (argument) => leb128Length(BigInt(operands.constant(argument) ?? 0), action === 'sleb128'));
    case 'incbin':
      return args[2] === undefined
        ? Math.max(0, operands.fileSize(unquoted(operands.spelling(args[0]))) - constant(1, 0))
        : constant(2, 0);
    default:
      return 0;
  }
}

/** gas manual, .fill: a size over 8 is taken as 8. */
const MOST_FILL_BYTES = 8;

function sum(args: readonly Expression[], bytes: (argument: Expression) => number): number {
  return args.reduce((total, argument) => total + bytes(argument), 0);
}

export function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}

/** Characters between quotes, escapes (gas manual, "Strings") counted as one. */
function stringLength(spelled: string): number {
  return unquoted(spelled)
    .replace(/"\s*"/g, '')
    .replace(/\\([0-7]{1,3}|x[0-9a-fA-F]*|.)/gs, '.').length;
}

function leb128Length(value: bigint, signed: boolean): number {
  let length = 1;
  const ends = (rest: bigint) => (signed ? rest >= -64n && rest < 64n : rest < 128n);
  for (let rest = value; !ends(rest); rest >>= 7n) length++;
  return length;
}
