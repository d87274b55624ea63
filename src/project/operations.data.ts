/** grammar/operations.tsv: what a site can do. The columns are described in its head. */
import operationsText from '../../grammar/operations.tsv';
import { cellWords, tableRows } from '../machine/tsv.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import { anyFrame, type NativePart, type Operation, operationShapeOf, slotKind, slotPrefix } from './operations.ts';

/** Every operation, in the order of the table. */
export const operations: readonly Operation[] = tableRows(operationsText).map(readRow);

function readRow(row: readonly string[]): Operation {
  const [name, native, macro, operandNames, predicable, kind, rewrite] = row as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const parts = readNative(native);
  const predicates = parts
    .map((part) => part.predicate)
    .filter((slot, index) => native.includes(`({${slot}})`) || (index === 0 && predicable === 'yes'));
  return {
    name,
    macro,
    slots: cellWords(operandNames).map((slot) => ({ name: slot, kind: slotKind(slot) })),
    parts,
    native,
    predicable: predicable === 'yes',
    predicates,
    sensitive: kind === 'sensitive',
    rewrite: rewrite === 'audit' ? 'audit' : 'yes',
  };
}

function readNative(native: string): NativePart[] {
  const pieces = native.split(/ (;;?) /);
  const parts: NativePart[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const predicate = /^\(\{(\w+)\}\) /.exec(pieces[at]!)?.[1] ?? 'pred';
    const text = pieces[at]!.replace(/^\(\{\w+\}\) /, '')
      .replace('ar.k{n}', '{n}')
      .replace(/\{(\w+)\}/g, `${slotPrefix}$1`);
    const instruction = parseTokens(tokenize(new SourceText('<operations>', text))).statements[0] as Instruction;
    parts.push({
      shape: operationShapeOf(instruction, anyFrame),
      operands: [...instruction.outputs, ...instruction.inputs].map(slotOf),
      predicate,
      afterStop: pieces[at - 1] === ';;',
    });
  }
  return parts;
}

function slotOf(operand: Expression): string | null {
  const name =
    operand.kind === 'name'
      ? operand.name
      : operand.kind === 'indexed' && operand.index.kind === 'name'
        ? operand.index.name
        : '';
  return name.startsWith(slotPrefix) ? name.slice(slotPrefix.length) : null;
}
