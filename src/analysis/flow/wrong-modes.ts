/** Instructions that run with psr.ic off or on bank 0 and need it otherwise. Requires: the graph. */
import type { Conventions } from '../../config/conventions.ts';
import { resourceNamed } from '../../machine/resources.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { type Flow, NOWHERE } from './flow.ts';
import type { Graph, Node } from './graph.ts';
import { psrIcSetBy } from './mode-table.ts';

/**
 * call: code out of sight that no convention describes is called with psr.ic off. bank: it is called on bank 0. return: a
 * routine that C calls returns with psr.ic off. interrupts: psr.i is set while psr.ic is off. both: with psr.ic at once.
 */
export type WrongModeKind = 'call' | 'bank' | 'return' | 'interrupts' | 'both';

export interface WrongMode {
  readonly instruction: number;
  readonly kind: WrongModeKind;
  /** The routine that is called or returns; else empty. */
  readonly name: string;
}

interface Code {
  readonly program: Program;
  readonly flow: Flow;
  readonly graph: Graph;
  readonly conventions: Conventions;
}

const PSR_IC = resourceNamed('psr.ic');
const INTERRUPTS = resourceNamed('psr.i');

/** Only where every way that leads to the instruction agrees. */
export function wrongModes(code: Code): WrongMode[] {
  const found: WrongMode[] = [];
  const entered = routinesOfC(code);
  for (const { id, last } of code.flow.blocks) {
    const nodes = [0, 1].flatMap((bank) => code.graph.nodes[code.graph.nodeOf[id * 2 + bank]!] ?? []);
    if (nodes.length === 0) continue;
    nodes[0]!.code.forEach((instruction, position) => {
      const kind = settingInterrupts(instruction, isOff(nodes, position));
      if (kind !== null) found.push({ instruction: instruction.index, kind, name: '' });
    });
    const leaving = atTheEnd(code, nodes, entered);
    if (leaving !== null) found.push({ instruction: last, ...leaving });
  }
  return found.sort((a, b) => a.instruction - b.instruction);
}

function isOff(nodes: readonly Node[], position: number): boolean {
  return nodes.every(({ psrIc }) => psrIc[position] === 0);
}

function settingInterrupts({ statement, effects: { writes } }: ProgramInstruction, off: boolean): WrongModeKind | null {
  if (statement.kind !== 'instruction' || !writes.includes(INTERRUPTS)) return null;
  if (psrIcSetBy(statement.mnemonic) !== 1) return null;
  if (writes.includes(PSR_IC)) return 'both';
  return off ? 'interrupts' : null;
}

function atTheEnd(
  { program, conventions }: Code,
  nodes: readonly Node[],
  entered: ReadonlySet<string>,
): Pick<WrongMode, 'kind' | 'name'> | null {
  const { block, code } = nodes[0]!;
  const { kind, symbol, target } = block.terminator;
  const off = isOff(nodes, code.length - 1);
  if (kind === 'call' && target === NOWHERE && symbol !== null && !conventions.symbols.has(symbol)) {
    if (off) return { kind: 'call', name: symbol };
    return nodes.every(({ bank }) => bank === 0) ? { kind: 'bank', name: symbol } : null;
  }
  if (kind !== 'return' || !off) return null;
  const { routine } = program.instructions[block.last]!;
  const name = routine < 0 ? '' : program.routines[routine]!.name;
  return entered.has(name) ? { kind: 'return', name } : null;
}

/** Routines that code by the software conventions enters, with psr.ic on. */
function routinesOfC({ program, flow, graph, conventions }: Code): ReadonlySet<string> {
  const names = new Set(program.routines.map(({ name }) => name));
  const entered = flow.globals.filter(({ block, symbol }) => {
    const node = graph.nodes[graph.nodeOf[block * 2 + 1]!];
    return names.has(symbol) && !conventions.symbols.has(symbol) && node?.psrIc[0] === 1;
  });
  return new Set(entered.map(({ symbol }) => symbol));
}
