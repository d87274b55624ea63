/** How a body reaches memory at a fixed address: which instruction loads the address, which one accesses, through what register. */
import { evaluateNumber } from '../syntax/evaluate.ts';
import type { BodyItem } from './body-item.ts';
import type { Expansion } from './expansion.ts';
import { type BodyInstruction, bodyInstruction } from './instructions.ts';

export interface AddressUse {
  /** Index, in the items, of the instruction that loads the address: it is in the first group. */
  readonly load: number;
  readonly register: string;
  readonly address: bigint;
  /** As the target file spells the address; may be empty. */
  readonly symbol: string;
  /**
   * Index of the one access through the register, when there is no other, nothing of it has a predicate, and it can leave
   * the register at another address; -1: no such access.
   */
  readonly access: number;
}

/** Null where a body does not begin with a fixed address. */
export function addressUse({ canonical, items }: Expansion): AddressUse | null {
  for (let load = 0; load < canonical.length; load++) {
    const item = canonical[load]!;
    if (item.kind === 'stop') return null;
    const loaded = constantLoad(item);
    if (loaded === null || !canonical.some((other) => isAccess(other, loaded.register))) continue;
    const access = onlyAccess(canonical, items, load, loaded.register);
    return { load, ...loaded, symbol: item.kind === 'instruction' ? item.comment : '', access };
  }
  return null;
}

function constantLoad(item: BodyItem): { register: string; address: bigint } | null {
  if (item.kind !== 'instruction') return null;
  const { instruction, complete } = bodyInstruction(item.text);
  const [output, ...others] = instruction.outputs;
  const [input, ...more] = instruction.inputs;
  if (!complete || output?.kind !== 'name' || !GENERAL.test(output.name) || others.length + more.length > 0)
    return null;
  const address = input === undefined ? undefined : evaluateNumber(input);
  return address === undefined ? null : { register: output.name, address: BigInt.asIntN(64, address) };
}

function isAccess(item: BodyItem, register: string): boolean {
  return item.kind === 'instruction' && item.text.includes(`[${register}]`);
}

/** Static registers that can be scratch: their names mean the same everywhere. */
const GENERAL = /^r(?:[1-9]|[12]\d|3[01])$/;

/** The one access behind a load of the address, if all that it takes holds. */
function onlyAccess(
  canonical: readonly BodyItem[],
  items: readonly BodyItem[],
  load: number,
  register: string,
): number {
  const uses = canonical.flatMap((item, at) =>
    at > load && item.kind === 'instruction' && mentions(item.text, register) ? [at] : [],
  );
  const [access, ...others] = uses;
  if (access === undefined || others.length > 0) return -1;
  const [first, second] = [canonical[load]!, canonical[access]!];
  if (first.kind !== 'instruction' || second.kind !== 'instruction') return -1;
  const one = bodyInstruction(second.text);
  if (one.instruction.predicate !== null || bodyInstruction(first.text).instruction.predicate !== null) return -1;
  const plain = [items[load]!, items[access]!].every((item, at) => sameText(item, [first, second][at]!));
  return plain && movedOn(second.text, register, register === 'r2' ? 'r3' : 'r2', 8n) !== null ? access : -1;
}

function sameText(a: BodyItem, b: BodyItem): boolean {
  return a.kind === 'instruction' && b.kind === 'instruction' && a.text === b.text;
}

function mentions(text: string, register: string): boolean {
  return new RegExp(`\\b${register}\\b`).test(text);
}

/** An access through another register, which it leaves a distance further; null where it cannot. */
export function movedOn(text: string, register: string, other: string, distance: bigint | null): string | null {
  const place = `[${register}]`;
  if (!text.includes(place)) return null;
  const by = distance === null ? '' : `,${distance}`;
  // Nothing stands behind the place but, in a store, what is stored.
  const moved = text.endsWith(place)
    ? `${text.slice(0, -place.length)}[${other}]${by}`
    : `${text.replace(place, `[${other}]`)}${by}`;
  const { effects, complete }: BodyInstruction = bodyInstruction(moved);
  const accesses = effects.readsMemory || effects.writesMemory;
  return complete && effects.form !== null && accesses && fits(distance) ? moved : null;
}

/** The immediate of a load or store that moves its address on: 9 bits (SDM vol. 3 ch. 2, ld and st). */
function fits(distance: bigint | null): boolean {
  return distance === null || (distance >= -256n && distance < 256n);
}
