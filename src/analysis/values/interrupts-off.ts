/**
 * Routines that turn external interrupts off and return so on some way, though they set them again on another, or have put psr
 * away to put it back. Requires: the graph.
 */
import { registerFor } from '../../machine/purposes.ts';
import { isPredicate, isStacked, predicateNumber, registerOf } from '../../machine/register-numbers.ts';
import type { Node } from '../flow/graph.ts';
import { interruptsSetBy } from '../flow/mode-table.ts';
import type { WrongMode } from '../flow/wrong-modes.ts';
import type { Solution } from '../liveness/program-points.ts';
import type { ProgramInstruction } from '../program/program.ts';
import { edgesOf } from './entry-values.ts';

const INTERRUPTS = registerFor('interrupts').resource;

/** Still off in front of an instruction of a node; `unless`: but where that predicate is true, 0: everywhere. */
interface Point {
  readonly node: Node;
  readonly position: number;
  readonly unless: number;
}

export function interruptsLeftOff(solution: Solution): WrongMode[] {
  const { graph, program } = solution;
  const found = new Map<number, WrongMode>();
  for (const node of graph.nodes) {
    node.code.forEach((instruction, position) => {
      if (!turnsOff(instruction) || instruction.routine < 0) return;
      const { returns, restored } = follow(solution, instruction.routine, { node, position: position + 1, unless: 0 });
      if (!restored && !putsAway(solution, instruction)) return;
      const { name } = program.routines[instruction.routine]!;
      for (const at of returns) found.set(at, { instruction: at, kind: 'masked', name, since: instruction.index });
    });
  }
  return [...found.values()];
}

/** Goes on from where interrupts were turned off: the returns that it comes to with them off, and whether some way sets them. */
function follow(solution: Solution, routine: number, from: Point): { returns: readonly number[]; restored: boolean } {
  const returns: number[] = [];
  let restored = false;
  const seen = new Set<string>();
  const pending = [from];
  for (let point = pending.pop(); point !== undefined; point = pending.pop()) {
    const { node } = point;
    const through = passNode(point);
    restored ||= through.restored;
    if (through.unless === null) continue;
    const { kind } = node.block.terminator;
    if (kind === 'return' && node.code.at(-1)!.routine === routine && through.unless === 0)
      returns.push(node.block.last);
    if (mayChange(node)) continue;
    for (const { to, under } of edgesOf(solution, node)) {
      const unless = under !== 0 && under === -through.unless ? 0 : through.unless;
      if (unless !== 0 && under === unless) continue;
      const key = `${to} ${unless}`;
      if (seen.has(key)) continue;
      seen.add(key);
      pending.push({ node: solution.graph.nodes[to]!, position: 0, unless });
    }
  }
  return { returns, restored };
}

/** The predicate under which they are on again at the end of a node; null: they are, or nothing is known. */
function passNode({ node: { code, bank }, position, unless: before }: Point): {
  unless: number | null;
  restored: boolean;
} {
  let unless = before;
  let restored = false;
  for (const { effects, statement } of code.slice(position)) {
    if (!effects.known) return { unless: null, restored };
    if (effects.writes.includes(INTERRUPTS)) {
      const value = statement.kind === 'instruction' ? interruptsSetBy(statement.mnemonic) : null;
      if (value === 0) unless = effects.predicate === 0 ? 0 : unless;
      else if (effects.predicate <= 0 || unless !== 0) return { unless: null, restored: true };
      else {
        restored = true;
        unless = effects.predicate;
      }
    } else if (unless !== 0 && writesPredicate(effects.writes, unless, bank)) return { unless: null, restored };
  }
  return { unless, restored };
}

function writesPredicate(writes: readonly number[], predicate: number, bank: 0 | 1): boolean {
  return writes.some((resource) => {
    const register = registerOf[bank][resource]!;
    return register >= 0 && isPredicate(register) && predicateNumber(register) === predicate;
  });
}

/** A routine that a call names may set them; what is called through a register, firmware, gives psr back as it was. */
function mayChange({ block: { terminator } }: Node): boolean {
  const { kind, target, next, symbol } = terminator;
  return kind === 'call' && (symbol !== null || (target >= 0 && target !== next));
}

/** One under a predicate is what puts them back as they were: `(p6) ssm psr.i` and `(p7) rsm psr.i`. */
function turnsOff({ effects, statement }: ProgramInstruction): boolean {
  if (statement.kind !== 'instruction' || effects.predicate !== 0) return false;
  return effects.writes.includes(INTERRUPTS) && interruptsSetBy(statement.mnemonic) === 0;
}

/** `mov loc3=psr` in the routine: a copy that only the routine itself can put back. */
function putsAway({ program }: Solution, { routine }: ProgramInstruction): boolean {
  const { first, last } = program.routines[routine]!;
  return program.instructions.slice(first, last + 1).some(({ effects }) => {
    if (!effects.known || !effects.reads.includes(INTERRUPTS)) return false;
    return effects.results.some((resource) => isStacked(registerOf[1][resource]!));
  });
}
