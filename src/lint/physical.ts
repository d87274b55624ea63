/**
 * Uses of addresses where code runs in physical mode. There a symbol is at another address than the one it was linked for:
 * the result of `movl r2=symbol` must be turned into a physical address before an access or branch uses it. The conventions
 * say where such code begins, and which macros give addresses that are physical already.
 */

import { resolveTarget, type Symbols } from '../analysis/program/symbols.ts';
import type { Conventions } from '../config/conventions.ts';
import { neverFallsThrough } from '../machine/branches.ts';
import { isOfClass } from '../machine/classes.ts';
import { BR, GR, RESOURCE_COUNT } from '../machine/resources.ts';
import { operandRegister } from '../machine/scope.ts';
import type { Unit } from '../project/units.ts';
import type { MacroUse } from '../syntax/token.ts';
import type { Expression } from '../syntax/tree.ts';

/** An access, or a branch, through an address as it was linked; instructions by index in the unit. */
export interface LinkedUse {
  readonly instruction: number;
  /** The register that it goes through: `r2`, `b6`. */
  readonly register: string;
  /** Where the address was taken. */
  readonly taken: number;
}

/** The general registers that no frame renames, then the branch registers. */
const GENERAL = 32;
const FOLLOWED = GENERAL + 8;
const slotOf = new Int8Array(RESOURCE_COUNT).fill(-1);
for (let number = 1; number < GENERAL; number++) slotOf[GR(number)] = number;
for (let number = 0; number < 8; number++) slotOf[BR(number)] = GENERAL + number;

/** By slot: the instruction that took the linked address which the register holds, plus one; 0: it holds none. */
type Held = Int32Array;

/**
 * Every such use on a path from where physical mode begins: a forward may analysis, in time linear in the code that runs
 * there.
 */
export function linkedUses(unit: Unit, { entries, virtual, converting }: Conventions['physicalMode']): LinkedUse[] {
  const { program, instructions } = unit.analysis;
  const { symbols, next } = program;
  const reached = new Map<number, Held>();
  const pending: number[] = [];
  const found = new Map<string, LinkedUse>();
  for (const name of entries) arrive(symbols.named.get(name)?.instruction ?? -1, new Int32Array(FOLLOWED));
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) pass(at, reached.get(at)!.slice());
  return [...found.values()].sort((a, b) => a.instruction - b.instruction);

  function pass(at: number, held: Held): void {
    for (const use of usesAt(unit, at, held)) found.set(`${at} ${use.register}`, use);
    const { branch, predicate } = instructions[at]!.effects;
    const address = addressTaken(unit, at);
    const isPhysical = address !== null && isFrom(instructions[at]!.use, converting);
    follow(unit, at, held, address !== null && !isPhysical);
    // A label whose physical address is taken is assumed to be branched to.
    if (isPhysical) arrive(labelOf(symbols, address, instructions[at]!.statementIndex), new Int32Array(FOLLOWED));
    const target =
      branch?.target != null ? resolveTarget(symbols, branch.target, instructions[at]!.statementIndex) : null;
    const isCall = branch?.kind === 'call';
    if (isCall) held.fill(0);
    if (target !== null && target.label !== null) arrive(target.label.instruction, held);
    if (isCall && predicate === 0 && virtual.includes(target?.label?.name ?? target?.symbol ?? '')) return;
    if (!neverFallsThrough(instructions[at]!.effects)) arrive(next[at]!, held);
  }

  /** Joins a state in front of an instruction; the instruction is put on the worklist when that changed it. */
  function arrive(at: number, held: Held): void {
    if (at < 0) return;
    const before = reached.get(at);
    if (before === undefined) reached.set(at, held.slice());
    else if (!addTo(before, held)) return;
    pending.push(at);
  }
}

function addTo(known: Held, more: Held): boolean {
  let changed = false;
  for (let slot = 0; slot < FOLLOWED; slot++) {
    if (known[slot] !== 0 || more[slot] === 0) continue;
    known[slot] = more[slot]!;
    changed = true;
  }
  return changed;
}

function usesAt({ analysis, scopeAt }: Unit, at: number, held: Held): LinkedUse[] {
  const scope = scopeAt(at);
  const { effects, statement } = analysis.instructions[at]!;
  if (statement.kind !== 'instruction') return [];
  const use = (register: string, slot: number): LinkedUse[] =>
    held[slot] === 0 ? [] : [{ instruction: at, register, taken: held[slot]! - 1 }];
  const through = effects.branch?.through ?? null;
  if (through !== null) return use(`b${through}`, GENERAL + through);
  return [...statement.outputs, ...statement.inputs].flatMap((operand) => {
    const register = operand.kind === 'memory' ? operandRegister(operand.address, scope) : undefined;
    return register?.class === 'gr' && register.number < GENERAL ? use(register.name, register.number) : [];
  });
}

/** @param takes whether the instruction takes an address as it was linked */
function follow({ analysis }: Unit, at: number, held: Held, takes: boolean): void {
  const { effects, statement } = analysis.instructions[at]!;
  if (statement.kind !== 'instruction' || !effects.known) {
    held.fill(0);
    return;
  }
  const { reads, results, writes } = effects;
  const handsOn = isOfClass(effects.form, 'address-arithmetic'); // any other result is another value
  const source = handsOn ? reads.find((resource) => holds(held, resource)) : undefined;
  const taken = takes ? at + 1 : source === undefined ? 0 : held[slotOf[source]!]!;
  for (const resource of writes) if (slotOf[resource]! >= 0) held[slotOf[resource]!] = 0;
  const slot = results.length === 1 ? slotOf[results[0]!]! : -1;
  if (slot >= 0) held[slot] = taken;
}

/** The label or symbol whose address a `movl` gives; null when the instruction is another. */
function addressTaken({ analysis }: Unit, at: number): Expression | null {
  const { effects, statement } = analysis.instructions[at]!;
  if (!isOfClass(effects.form, 'linked-addresses') || statement.kind !== 'instruction') return null;
  const [input] = statement.inputs;
  return input !== undefined && isAddress(input, analysis.program.symbols) ? input : null;
}

function labelOf(symbols: Symbols, expression: Expression, statement: number): number {
  return resolveTarget(symbols, expression, statement)?.label?.instruction ?? -1;
}

function holds(held: Held, resource: number): boolean {
  return slotOf[resource]! >= 0 && held[slotOf[resource]!] !== 0;
}

/** Whether an expression is the address of a label or symbol, with or without an offset; a difference of two is none. */
function isAddress(expression: Expression, symbols: Symbols): boolean {
  switch (expression.kind) {
    case 'name':
      return !symbols.computed.has(expression.name);
    case 'local':
      return true;
    case 'group':
      return isAddress(expression.inner, symbols);
    case 'binary': {
      const { left, operator, right } = expression;
      return (operator === '+' || operator === '-') && isAddress(left, symbols) && right.kind === 'number';
    }
    default:
      return false;
  }
}

function isFrom(use: MacroUse | null, macros: readonly string[]): boolean {
  for (let at = use; at !== null; at = at.parent) if (macros.includes(at.name)) return true;
  return false;
}
