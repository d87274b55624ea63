/** The operations of grammar/operations.tsv, their native forms parsed. */
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Expression, Instruction } from '../syntax/tree.ts';
import { operationRows, type PartRow } from './operation-table.ts';
import { anyFrame, type NativePart, type Operation, operationShapeOf, slotPrefix } from './operations.ts';

/** Every operation, in the order of the table. */
export const operations: readonly Operation[] = operationRows.map((row) => ({
  ...row,
  parts: row.parts.map(parsedPart),
}));

function parsedPart(part: PartRow): NativePart {
  const text = part.text.replace('ar.k{n}', '{n}').replace(/\{(\w+)\}/g, `${slotPrefix}$1`);
  const instruction = parseTokens(tokenize(new SourceText('<operations>', text))).statements[0] as Instruction;
  return {
    ...part,
    shape: operationShapeOf(instruction, anyFrame),
    operands: [...instruction.outputs, ...instruction.inputs].map(slotOf),
  };
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
