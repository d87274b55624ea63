/**
 * The transfer functions of nodes, for liveness and for values that nobody reads: made once, because a node is passed many
 * times. Requires: the graph.
 */

import type { NestedMiss } from '../../config/conventions.ts';
import { idleCopy } from '../../machine/copies.ts';
import type { Effects } from '../../machine/effects.ts';
import { registerFor } from '../../machine/purposes.ts';
import { isBranch, isGeneral, isPredicate, predicateNumber, registerOf } from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import { complementIn } from '../flow/pairs.ts';

/** A step backward over a part of an instruction, with its operands. */
export const STEP = {
  /** Anything may be read. */
  readAll: 0,
  /** A register is overwritten. */
  kill: 1,
  /** A register is overwritten where a predicate is true: register, predicate, its complement or 0. */
  killUnder: 2,
  /** A predicate is written: the predicate, and the one that is surely true where it is true then, or ALWAYS. */
  widen: 3,
  /** The rotating predicates become others. */
  rotate: 4,
  /** A register is read: register, the predicate under which it is, or ALWAYS. */
  read: 5,
  /** A register is read by external code. */
  hide: 6,
  /** A register is read where what it is copied to will be: register, copy. */
  copy: 7,
} as const;

/** Step and operands of one step. */
export const STEP_LENGTH = 4;

/** Read whatever the predicates are. Predicate numbers lie below. */
export const ALWAYS = 64;

export interface TransferFunction {
  /** By instruction: its steps, from `starts[at]` to `starts[at + 1]`. */
  readonly steps: Int32Array;
  readonly starts: Int32Array;
  /** By instruction: the registers that it surely overwrites, and those of its results that scratch registers could be. */
  readonly overwrites: Lists;
  readonly results: Lists;
}

/** Lists of numbers, one behind the other: the first of list `n` is at `starts[n]`, its end at `starts[n + 1]`. */
export interface Lists {
  readonly values: readonly number[];
  readonly starts: Int32Array;
}

/** By the code of a node, which copies of the node share, and by the convention that it was made for. */
const known = new WeakMap<Node['code'], Map<NestedMiss | null, TransferFunction>>();

export function transferFunctionOf(node: Node, nested: NestedMiss | null): TransferFunction {
  const ofCode = known.get(node.code) ?? new Map<NestedMiss | null, TransferFunction>();
  let transfer = ofCode.get(nested);
  if (transfer === undefined) {
    transfer = compile(node, nested);
    known.set(node.code, ofCode.set(nested, transfer));
  }
  return transfer;
}

const FRAME_MARKER = registerFor('frame-marker').resource;

function compile({ code, bank, pair, nests }: Node, nested: NestedMiss | null): TransferFunction {
  const toRegister = registerOf[bank];
  const steps: number[] = [];
  const starts = new Int32Array(code.length + 1);
  code.forEach(({ effects }, position) => {
    if (!effects.known) steps.push(STEP.readAll, 0, 0, 0);
    else {
      const copy = idleCopy(effects, toRegister);
      if (copy !== null) steps.push(STEP.copy, copy.from, copy.to, 0);
      writeSteps(effects, toRegister, complementIn(pair[position]!), steps);
      readSteps(effects, toRegister, copy?.from ?? -1, steps);
      if (nests[position] === 1 && nested !== null)
        for (const register of nested.reads) steps.push(STEP.hide, register, 0, 0);
    }
    starts[position + 1] = steps.length;
  });
  return {
    steps: Int32Array.from(steps),
    starts,
    overwrites: registerLists(code, surelyWritten, (resource) => toRegister[resource]!),
    results: registerLists(
      code,
      ({ results }) => results,
      (resource) => (isScratch(toRegister[resource]!) ? toRegister[resource]! : -1),
    ),
  };
}

function isScratch(register: number): boolean {
  return isGeneral(register) || isBranch(register) || isPredicate(register);
}

/** By instruction: the registers, where there are any, of some of its resources. */
function registerLists(
  code: Node['code'],
  resourcesOf: (effects: Effects) => readonly number[],
  registerFor: (resource: number) => number,
): Lists {
  const values: number[] = [];
  const starts = new Int32Array(code.length + 1);
  for (let position = 0; position < code.length; position++) {
    const resources = resourcesOf(code[position]!.effects);
    for (let at = 0; at < resources.length; at++) {
      const register = registerFor(resources[at]!);
      if (register >= 0) values.push(register);
    }
    starts[position + 1] = values.length;
  }
  return { values, starts };
}

function writeSteps(effects: Effects, toRegister: Int16Array, complement: number, steps: number[]): void {
  const { predicate, writes } = effects;
  for (let at = 0; at < writes.length; at++) {
    const resource = writes[at]!;
    const register = toRegister[resource]!;
    if (register < 0) {
      if (resource === FRAME_MARKER) steps.push(STEP.rotate, 0, 0, 0);
      continue;
    }
    const unconditional = predicate !== 0 && effects.unconditionalWrites?.includes(resource);
    if (unconditional) steps.push(STEP.kill, register, 0, 0);
    else if (!effects.mayWrites.includes(resource)) {
      if (predicate === 0) steps.push(STEP.kill, register, 0, 0);
      else if (predicate > 0) steps.push(STEP.killUnder, register, predicate, complement);
    }
    // `(p6) cmp.unc p8,p9=...`: p8 and p9 are only true behind it where p6 was true in front of it.
    if (isPredicate(register))
      steps.push(STEP.widen, predicateNumber(register), unconditional && predicate > 0 ? predicate : ALWAYS, 0);
  }
}

/** @param copied a register that it reads for a copy alone; -1: none */
function readSteps({ reads, predicate }: Effects, toRegister: Int16Array, copied: number, steps: number[]): void {
  for (let at = 0; at < reads.length; at++) {
    const register = toRegister[reads[at]!]!;
    if (register < 0 || register === copied) continue;
    // The predicate itself is read whatever it is.
    const always = predicate <= 0 || (isPredicate(register) && predicateNumber(register) === predicate);
    steps.push(STEP.read, register, always ? ALWAYS : predicate, 0);
  }
}

/** Resources that the instruction writes whatever its predicate and operands are. */
export function surelyWritten({
  known,
  writes,
  mayWrites,
  predicate,
  unconditionalWrites,
}: Effects): readonly number[] {
  if (!known) return []; // it may write everything, and to compare all with all takes long
  if (predicate !== 0) return unconditionalWrites ?? [];
  return mayWrites.length === 0 ? writes : writes.filter((resource) => !mayWrites.includes(resource));
}
