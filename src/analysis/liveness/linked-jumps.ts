/**
 * Jumps that are calls, because a link register holds the address of a label of this file: `movl r28=1f ;; mov b7=r28 ;;
 * br.cond routine`, where the convention of the routine names b7 as its link; `mov b0=r8 ;; br.cond b7`, where the software
 * conventions do. Requires: the graph.
 */
import type { RegisterSet } from '../../config/convention-reader.ts';
import type { Conventions } from '../../config/conventions.ts';
import { copiedRegister, isStep } from '../../machine/copies.ts';
import { registerFor } from '../../machine/purposes.ts';
import { branch, isGeneral, registerNamed, registerOf } from '../../machine/register-numbers.ts';
import { NOWHERE } from '../flow/flow.ts';
import type { Node } from '../flow/graph.ts';
import { predecessorsOf } from '../flow/predecessors.ts';
import type { ProgramInstruction } from '../program/program.ts';
import type { Solution } from './program-points.ts';

/** What the code that is jumped to reads, destroys and returns, by bank. */
interface Agreement extends Readonly<Conventions['call']> {
  readonly returns: RegisterSet | null;
}

export interface LinkedJump {
  readonly agreement: Agreement;
  /** The node that the routine comes back to. */
  readonly back: number;
}

const known = new WeakMap<Solution, Map<Node, LinkedJump | null>>();

/** The jump at the end of a node; null when there is none, or the content of its link register is unknown. */
export function linkedJump(solution: Solution, node: Node): LinkedJump | null {
  const { kind } = node.block.terminator;
  if (kind !== 'jump' && kind !== 'either' && kind !== 'indirect') return null;
  let jumps = known.get(solution);
  if (jumps === undefined) {
    jumps = new Map();
    known.set(solution, jumps);
  }
  let jump = jumps.get(node);
  if (jump === undefined) {
    jump = findJump(solution, node);
    jumps.set(node, jump);
  }
  return jump;
}

function findJump(solution: Solution, node: Node): LinkedJump | null {
  const link = linkOf(solution, node);
  if (link === null) return null;
  const block = addressIn(solution, node, link.register);
  const back = block < 0 ? -1 : solution.graph.nodeOf[block * 2 + node.bank]!;
  return back < 0 ? null : { agreement: link.agreement, back };
}

const LINK = registerNamed(registerFor('return-link').name);

/** Where the code that a node jumps to finds the way back, and by which agreement. */
function linkOf(solution: Solution, node: Node): { register: number; agreement: Agreement } | null {
  const { conventions } = solution;
  const { kind, through } = node.block.terminator;
  // Through an address that is surely in this file control goes on in sight.
  if (kind === 'indirect') {
    if (through === null || branch(through) === LINK || (!node.exit.unsure && node.exit.taken.length === 1))
      return null;
    return { register: LINK, agreement: { ...conventions.call, returns: conventions.return.reads } };
  }
  const name = routineAt(solution, node);
  const convention = name === null ? undefined : conventions.symbols.get(name);
  return convention === undefined ? null : { register: branch(convention.link), agreement: convention };
}

/** Ways to a jump are short, and a ring of blocks has no end. */
const MOST_NODES = 16;

/** The block whose address a register surely holds at the end of a node; NOWHERE when that cannot be told. */
function addressIn(solution: Solution, end: Node, register: number): number {
  const { flow, graph } = solution;
  let sought = register;
  let node = end;
  for (let steps = 0; steps < MOST_NODES; steps++) {
    const toRegister = registerOf[node.bank];
    for (let at = node.code.length - 1; at >= 0; at--) {
      const { effects, index } = node.code[at]!;
      if (!effects.known) return NOWHERE;
      if (!effects.writes.some((resource) => toRegister[resource] === sought)) continue;
      const address = flow.taken.get(node.block.id)?.find(({ instruction }) => instruction === index);
      if (address !== undefined) return effects.predicate === 0 ? address.block : NOWHERE;
      sought = madeFrom(node.code[at]!, toRegister);
      if (sought < 0) return NOWHERE;
    }
    const [before, other] = predecessorsOf(graph).of(node);
    if (before === undefined || other !== undefined || before.exit.clobbers.includes(sought)) return NOWHERE;
    node = before;
  }
  return NOWHERE;
}

/** The register that an instruction copies, or whose address it converts: `tpa r8=r8`; -1 when it does neither. */
function madeFrom({ effects }: ProgramInstruction, toRegister: Int16Array): number {
  if (effects.predicate !== 0) return -1;
  const copied = copiedRegister(effects, toRegister);
  if (copied >= 0) return copied;
  const read = effects.reads.map((resource) => toRegister[resource]!).filter((register) => register >= 0);
  return read.length === 1 && isGeneral(read[0]!) && !effects.readsMemory && !isStep(effects) ? read[0]! : -1;
}

/** The routine, of this file or external, whose first instruction the jump goes to. */
function routineAt({ program, flow }: Solution, { block }: Node): string | null {
  const { target, symbol } = block.terminator;
  if (target < 0) return symbol;
  const { first } = flow.blocks[target]!;
  const routine = program.routines[program.instructions[first]!.routine];
  return routine?.first === first ? routine.name : null;
}
