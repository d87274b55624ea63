/** Stores that the next store to the same address overwrites. Requires: the graph. */
import type { Effects } from '../../machine/effects.ts';
import { type Bank, registerName, registerOf } from '../../machine/register-numbers.ts';
import { PR, resourceNamed } from '../../machine/resources.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';

export interface StoreOverwritten {
  readonly first: number;
  readonly second: number;
  /** The register that both are addressed by. */
  readonly base: string;
}

interface Store {
  readonly instruction: ProgramInstruction;
  readonly base: number;
}

/**
 * Within one block and under one predicate. Ordered stores (`.rel`) and stores with a fence, a call or another
 * access to memory between them may be meant so: a device's register, another processor that looks.
 */
export function overwrittenStores({ graph }: Solution): StoreOverwritten[] {
  const found = new Map<number, StoreOverwritten>();
  for (const node of graph.nodes) for (const each of inNode(node)) found.set(each.first, each);
  return [...found.values()].sort((a, b) => a.first - b.first);
}

function* inNode({ code, bank }: Node): Iterable<StoreOverwritten> {
  let open: Store | null = null;
  for (const instruction of code) {
    const { effects, index } = instruction;
    const store = storeOf(instruction, bank);
    if (store !== null && open !== null && overwrites(store, open))
      yield { first: open.instruction.index, second: index, base: registerName(store.base) };
    if (store !== null) open = effects.writes.includes(resourceOf(store)) ? null : store;
    else if (open !== null && ends(open, instruction, bank)) open = null;
  }
}

function storeOf(instruction: ProgramInstruction, bank: Bank): Store | null {
  const { statement, effects } = instruction;
  if (statement.kind !== 'instruction' || effects.form === null || !effects.writesMemory || effects.readsMemory)
    return null;
  const [target] = statement.outputs;
  if (target?.kind !== 'memory' || !PLAIN_STORE.test(statement.mnemonic)) return null;
  // The address is read first, then the value.
  const registers = effects.reads
    .map((resource) => registerOf[bank][resource]!)
    .filter((register) => register >= 0 && register !== registerOf[bank][PR(effects.predicate)]);
  const [base] = registers;
  return base === undefined ? null : { instruction, base };
}

const PLAIN_STORE = /^st(?:[1248]|8\.spill|f[sde8]|f\.spill)(\.nta)?$/;

function resourceOf({ base }: Store): number {
  return resourceNamed(registerName(base));
}

function overwrites(later: Store, earlier: Store): boolean {
  const { predicate } = later.instruction.effects;
  return (
    later.base === earlier.base &&
    covers(later, earlier) &&
    (predicate === 0 || predicate === earlier.instruction.effects.predicate)
  );
}

/** `st8` covers `st4`; a store of a floating-point register covers one of its kind. */
function covers(later: Store, earlier: Store): boolean {
  const [kind, before] = [later, earlier].map(kindOf) as [string, string];
  return kind === before || Number(kind) > Number(before);
}

/** `4` of `st4`, `fd` of `stfd`. */
function kindOf({ instruction: { statement } }: Store): string {
  return statement.kind === 'instruction' ? (/^st([^.]+)/.exec(statement.mnemonic)?.[1] ?? '') : '';
}

function ends({ base, instruction: { effects: store } }: Store, { effects }: ProgramInstruction, bank: Bank): boolean {
  if (!effects.known || effects.readsMemory || effects.writesMemory || effects.branch !== null) return true;
  const predicate = store.predicate > 0 ? PR(store.predicate) : -1;
  if (isFence(effects)) return true;
  return effects.writes.some((resource) => resource === predicate || registerOf[bank][resource] === base);
}

/** Fences and serialization have no operands: what they order is in no table of registers. */
function isFence({ form, reads, writes }: Effects): boolean {
  return form?.unit === 'M' && reads.length === 0 && writes.length === 0;
}
