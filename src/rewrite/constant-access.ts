/** Memory that a body accesses at a constant address, and what can carry that address from one site to its neighbour. */
import { FIRST_STACKED } from '../machine/purposes.ts';
import { registerByName } from '../machine/register-table.ts';
import { PR } from '../machine/resources.ts';
import type { Neighbour } from './neighbours.ts';

export interface ConstantAccess {
  readonly address: bigint;
  /** The register that the body puts the address into, as a resource. */
  readonly register: number;
  /** Whether that register still has the address behind the body: a load may go to it. */
  readonly isKept: boolean;
  /** Whether nothing but the address is in its instruction group, so that the group goes with it. */
  readonly isAlone: boolean;
  /** The qualifying predicate of the instructions for the address and for the access. */
  readonly predicate: number;
  /** The resources that the body names otherwise, and those that it writes. */
  readonly others: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  /** Whether a form of the access also adds this to its address. */
  readonly steps: (by: bigint) => boolean;
}

/** Whether an address could go from one body to that of its neighbour, if a register could carry it. */
export function areLinkable(first: ConstantAccess, next: ConstantAccess, { written }: Neighbour): boolean {
  const by = next.address - first.address;
  if (!next.isAlone || !(by === 0n || first.steps(by))) return false;
  if (first.predicate === 0) return true;
  const isSame = [first.written, written].every((each) => !each.has(PR(first.predicate)));
  return first.predicate === next.predicate && isSame;
}

/** Whether a register that is free behind the first site, and an argument of its macro, can carry the address. */
export function canCarry(name: string, first: ConstantAccess, next: ConstantAccess, between: Neighbour): boolean {
  const { resource, number } = registerByName(name) ?? { resource: -1, number: FIRST_STACKED };
  if (number >= FIRST_STACKED || between.read.has(resource) || between.written.has(resource)) return false;
  const isLeft = resource === first.register ? first.isKept : !first.others.has(resource);
  return isLeft && (resource === next.register || !next.others.has(resource));
}
