/**
 * Bodies that access memory at a constant address, as those do that keep a value in a page shared with the hypervisor: one
 * instruction puts the address into a register, one accesses memory there, and no other instruction names that register. They are
 * told by their form, whatever the target and the operation.
 */
import { constantValue } from '../machine/constants.ts';
import { STAND_IN } from '../machine/purposes.ts';
import { registerByName } from '../machine/register-table.ts';
import { PR } from '../machine/resources.ts';
import { anyFrame } from '../project/operations.ts';
import type { ConstantAccess } from '../rewrite/constant-access.ts';
import type { BodyItem } from './body-item.ts';
import type { Expansion } from './expansion.ts';
import type { Hypercalls } from './hypercalls.ts';
import { type BodyInstruction, bodyInstruction, immediatesFit } from './instructions.ts';

export interface PageAccess extends ConstantAccess {
  /** Index of the item that puts the address into a register, and of the one that accesses memory. */
  readonly addressAt: number;
  readonly accessAt: number;
}

/** Cache, by body: plans of several alternatives have the same bodies. */
const known = new WeakMap<readonly BodyItem[], PageAccess | null>();

/** The access of a body; null where the body is not of that form. */
export function pageAccess(
  { kind, canonical }: Pick<Expansion, 'kind' | 'canonical'>,
  hypercalls: Hypercalls,
): PageAccess | null {
  if (kind !== 'inPlace') return null;
  let access = known.get(canonical);
  if (access === undefined) {
    access = findAccess(canonical, hypercalls);
    known.set(canonical, access);
  }
  return access;
}

function findAccess(canonical: readonly BodyItem[], hypercalls: Hypercalls): PageAccess | null {
  if (canonical.some((item) => item.kind === 'directive')) return null;
  const read = canonical.map((item) => (item.kind === 'instruction' ? bodyInstruction(item.text, hypercalls) : null));
  const accessAt = read.findIndex((each) => each !== null && baseOf(each) !== null);
  const register = accessAt < 0 ? null : baseOf(read[accessAt]!);
  const addressAt = read.findIndex((each) => each !== null && constantIn(each, register) !== null);
  if (register === null || addressAt < 0 || addressAt > accessAt) return null;
  const address = read[addressAt]!;
  const { reads, writes, predicate } = read[accessAt]!.effects;
  const rest = read.filter((each, at) => each !== null && at !== addressAt && at !== accessAt) as BodyInstruction[];
  const named = rest.flatMap(({ effects }) => [...effects.reads, ...effects.writes]);
  if (predicate < 0 || predicate !== address.effects.predicate || named.includes(register)) return null;
  return {
    ...{ addressAt, accessAt, register, predicate, address: constantIn(address, register)! },
    isKept: !writes.includes(register),
    isAlone: isStop(canonical[addressAt + 1]) && isStop(canonical[addressAt - 1]),
    others: new Set([...named, ...[...reads, ...writes].filter((each) => each !== register)]),
    written: new Set([...rest.flatMap(({ effects }) => effects.writes), ...writes]),
    steps: (by) => hasForm(canonical[accessAt]!, by),
  };
}

/** Whether an instruction group ends there: at a stop, or where the body does. */
function isStop(item: BodyItem | undefined): boolean {
  return item === undefined || item.kind === 'stop';
}

/** The register that the address of a memory access is in; null where an instruction has no such operand. */
function baseOf({ instruction: { outputs, inputs } }: BodyInstruction): number | null {
  const operands = [...outputs, ...inputs].flatMap((operand) => (operand.kind === 'memory' ? [operand.address] : []));
  const [address] = operands;
  return operands.length === 1 && address?.kind === 'name' ? (registerByName(address.name)?.resource ?? null) : null;
}

/** The constant that an instruction puts into a register; null where it does anything else. */
function constantIn({ instruction, effects }: BodyInstruction, register: number | null): bigint | null {
  const { outputs, inputs } = instruction;
  const { writes, predicate, reads } = effects;
  if (outputs.length !== 1 || inputs.length !== 1 || writes.length !== 1 || writes[0] !== register) return null;
  if (reads.some((resource) => resource !== PR(predicate))) return null;
  return constantValue(inputs[0]!, anyFrame) ?? null;
}

/** Whether there is an access that also adds this much to its address. */
function hasForm(item: BodyItem, by: bigint): boolean {
  // A load may not step the register that it loads: the address is taken to be in another one.
  const read = bodyInstruction(stepped(withBase(item, STAND_IN.stacked), by).text);
  return read.effects.known && immediatesFit(read);
}

/** An access that also adds to its address. */
export function stepped(item: BodyItem, by: bigint): InstructionItem {
  return { ...asInstruction(item), text: `${asInstruction(item).text},${by}` };
}

/** An access with its address in another register. */
export function withBase(item: BodyItem, register: string): InstructionItem {
  const { text, ...rest } = asInstruction(item);
  return { ...rest, text: text.replace(/\[[^\]]*\]/, `[${register}]`) };
}

/** An instruction with its one result in another register. */
export function withResult(item: BodyItem, register: string): InstructionItem {
  const { text, ...rest } = asInstruction(item);
  return { ...rest, text: text.replace(/[^\s=]+(\s*=)/, `${register}$1`) };
}

type InstructionItem = Extract<BodyItem, { kind: 'instruction' }>;

function asInstruction(item: BodyItem): InstructionItem {
  if (item.kind !== 'instruction') throw new Error(`no instruction: ${item.kind}`);
  return item;
}
