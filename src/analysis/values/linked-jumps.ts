/**
 * Jumps that are calls: `movl r28=1f ;; mov b7=r28 ;; br.cond routine`, where the convention of the routine names b7 as its
 * link. Requires: the graph.
 */
import type { SymbolConvention } from '../../config/conventions.ts';
import { copiedRegister } from '../../machine/copies.ts';
import { branch, registerOf } from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import type { Solution } from '../liveness/program-points.ts';

export interface LinkedJump {
  readonly convention: SymbolConvention;
  /** The node that the routine comes back to. */
  readonly back: number;
}

/** The jump at the end of a node; null when there is none, or the content of its link register is unknown. */
export function linkedJump(solution: Solution, node: Node): LinkedJump | null {
  const { conventions, flow, graph } = solution;
  const addresses = flow.taken.get(node.block.id);
  const { kind } = node.block.terminator;
  if (addresses === undefined || (kind !== 'jump' && kind !== 'either')) return null;
  const name = routineAt(solution, node);
  const convention = name === null ? undefined : conventions.symbols.get(name);
  if (convention === undefined) return null;
  const { code, bank } = node;
  const toRegister = registerOf[bank];
  const lastWriter = (register: number, before: number): number => {
    let at = before - 1;
    while (at >= 0 && !code[at]!.effects.writes.some((resource) => toRegister[resource] === register)) at--;
    return at;
  };
  const linking = lastWriter(branch(convention.link), code.length);
  if (linking < 0) return null;
  const from = copiedRegister(code[linking]!.effects, toRegister);
  const taking = from < 0 ? linking : lastWriter(from, linking);
  const address = taking < 0 ? undefined : addresses.find(({ instruction }) => instruction === code[taking]!.index);
  const back = address === undefined ? -1 : graph.nodeOf[address.block * 2 + bank]!;
  return back < 0 ? null : { convention, back };
}

/** The routine, of this file or external, whose first instruction the jump goes to. */
function routineAt({ program, flow }: Solution, { block }: Node): string | null {
  const { target, symbol } = block.terminator;
  if (target < 0) return symbol;
  const { first } = flow.blocks[target]!;
  const routine = program.routines[program.instructions[first]!.routine];
  return routine?.first === first ? routine.name : null;
}
