/** grammar/operations.tsv: what a site can do, as the table has it. The columns are described in its head. */
import operationsText from '../../grammar/operations.tsv';
import { cellWords, tableRows } from '../machine/tsv.ts';

/** How an operand slot is filled: a general register, an `ar.kN`, or an immediate. */
export type SlotKind = 'register' | 'kernelRegister' | 'immediate';

export interface Slot {
  readonly name: string;
  readonly kind: SlotKind;
}

/** One instruction of an operation's native form. */
export interface PartRow {
  /** Without its predicate, with {slots}. */
  readonly text: string;
  /** Slot name of its qualifying predicate: `pred`, `pred2`. */
  readonly predicate: string;
  /** What separates it from the part before: a stop that must be there, or nothing but a separator. */
  readonly afterStop: boolean;
}

export interface OperationRow {
  readonly name: string;
  /** Its place in the table, from 0: what patch records call it (grammar/patching.tsv). */
  readonly number: number;
  readonly macro: string;
  readonly slots: readonly Slot[];
  readonly parts: readonly PartRow[];
  /** The native form as text with {slots}. */
  readonly native: string;
  readonly predicable: boolean;
  readonly predicates: readonly string[];
  readonly sensitive: boolean;
  /** `yes`: always a site. `audit`: only where a configured target has a body for it. */
  readonly rewrite: 'yes' | 'audit';
}

/** Every operation, in the order of the table. */
export const operationRows: readonly OperationRow[] = tableRows(operationsText).map(readRow);

function readRow(row: readonly string[], number: number): OperationRow {
  const [name, native, macro, operandNames, predicable, kind, rewrite] = row as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const parts = readParts(native);
  const predicates = parts
    .map((part) => part.predicate)
    .filter((slot, index) => native.includes(`({${slot}})`) || (index === 0 && predicable === 'yes'));
  return {
    name,
    number,
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

/** What fills a slot of that name. */
export function slotKind(slot: string): SlotKind {
  if (slot === 'n') return 'kernelRegister';
  return slot.startsWith('mask') ? 'immediate' : 'register';
}

function readParts(native: string): PartRow[] {
  const pieces = native.split(/ (;;?) /);
  const parts: PartRow[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const predicate = /^\(\{(\w+)\}\) /.exec(pieces[at]!)?.[1] ?? 'pred';
    parts.push({ text: pieces[at]!.replace(/^\(\{\w+\}\) /, ''), predicate, afterStop: pieces[at - 1] === ';;' });
  }
  return parts;
}
