/** Instructions that run with psr.ic, or on a register bank, as they must not. Requires: the graph. */

import type { Conventions } from '../../config/conventions.ts';
import { registerFor } from '../../machine/purposes.ts';
import { registerNamed } from '../../machine/register-numbers.ts';
import { NOTHING, serializedBy } from '../../machine/serialization.ts';
import type { Program, ProgramInstruction } from '../program/program.ts';
import { onEveryPath } from './every-path.ts';
import { type Flow, NOWHERE } from './flow.ts';
import { knownFrames } from './frames.ts';
import type { Graph, Node } from './graph.ts';
import {
  changesPsrIc,
  clearsTranslation,
  isEngineOn,
  needsStoppedEngine,
  psrIcSetBy,
  startsEngine,
} from './mode-table.ts';
import { type SomeWay, someWay } from './some-way.ts';

/**
 * call: code out of sight that no convention describes is called with psr.ic off. bank: it is called on bank 0. return: a
 * routine that C calls returns with psr.ic off. bank-return: on bank 0. interrupts: psr.i is set while psr.ic is off. both:
 * with psr.ic at once. untranslated: code out of sight is called with psr.dt off. collecting: what faults unless psr.ic is off
 * runs with it on. masked: a routine returns with psr.i off that it turned off itself. engine: what faults unless the register stack engine is in enforced lazy mode runs in another one.
 */
export type WrongModeKind =
  | 'call'
  | 'bank'
  | 'return'
  | 'bank-return'
  | 'interrupts'
  | 'both'
  | 'untranslated'
  | 'masked'
  | 'collecting'
  | 'engine';

export interface WrongMode {
  readonly instruction: number;
  readonly kind: WrongModeKind;
  /** The routine that is called or returns; of `collecting` and `engine` the mnemonic; else empty. */
  readonly name: string;
  /** The instruction since which it is so, perhaps on one way only; -1: none by itself. */
  readonly since: number;
}

interface Code {
  readonly program: Program;
  readonly flow: Flow;
  readonly graph: Graph;
  readonly conventions: Conventions;
}

const PSR_IC = registerFor('interruption-collection').resource;
const INTERRUPTS = registerFor('interrupts').resource;
const AR_RSC = registerFor('rse-configuration').resource;
const ENGINE_MODE = registerNamed(registerFor('rse-configuration').name);

/** Where every way that leads to the instruction agrees, or where one begins at a place that surely switches the mode. */
export function wrongModes(code: Code): WrongMode[] {
  const found: WrongMode[] = [];
  const entered = routinesOfC(code);
  const runningAt = entriesWithEngineOn(code);
  const goingOn = entriesThatGoOnByRfi(code);
  const collectingSince = someWay(code, collects(code), goingOn);
  const presumedSince = someWay(
    code,
    collects(code),
    code.graph.nodes.filter((node) => startsRoutine(code, node)),
  );
  const offSince = someWay(code, turnsOff(code), []);
  const runningSince = someWay(code, startsEngine, goingOn.filter(runningAt));
  for (const { id, last } of code.flow.blocks) {
    const nodes = [0, 1].flatMap((bank) => code.graph.nodes[code.graph.nodeOf[id * 2 + bank]!] ?? []);
    if (nodes.length === 0) continue;
    nodes[0]!.code.forEach((instruction, position) => {
      const kind = settingInterrupts(instruction, nodes, position);
      if (kind !== null) found.push({ instruction: instruction.index, kind, name: '', since: -1 });
      const { index, statement } = instruction;
      if (statement.kind !== 'instruction') return;
      const name = statement.mnemonic;
      if (needsStoppedEngine(instruction)) {
        const since = sinceOn(runningSince, nodes, position, instruction);
        const presumed = findsEngineOn(code, instruction) ? runningAt : undefined;
        if (since >= 0 || onEveryPath(code, nodes, position, startsEngine, presumed))
          found.push({ instruction: index, kind: 'engine', name, since });
      }
      if (!needsItOff(instruction)) return;
      const since = sinceOn(collectingSince, nodes, position, instruction);
      if (since >= 0) found.push({ instruction: index, kind: 'collecting', name, since });
      else if (
        isAlways(1, nodes, position) &&
        (minds(code, instruction) || onEveryPath(code, nodes, position, setsPsrIc))
      )
        found.push({ instruction: index, kind: 'collecting', name, since: presumedSince(nodes[0]!, position) });
    });
    const end = nodes[0]!.code.length - 1;
    const since = sinceOn(offSince, nodes, end, code.program.instructions[last]!);
    const leaving = atTheEnd(code, nodes, entered, since >= 0);
    if (leaving !== null) found.push({ instruction: last, ...leaving, since: leaving.kind === 'call' ? since : -1 });
  }
  return found.sort((a, b) => a.instruction - b.instruction);
}

/**
 * Does an instruction surely turn psr.ic off, or leave it so? What is called through a register, firmware, gives psr back as it
 * was.
 */
function turnsOff({ conventions }: Code): (instruction: ProgramInstruction, node: Node) => boolean | null {
  return ({ effects, statement, index }, { block }) => {
    if (!effects.known) return false;
    if (effects.writes.includes(PSR_IC))
      return statement.kind === 'instruction' && psrIcSetBy(statement.mnemonic) === 0 && effects.predicate === 0;
    const { kind, symbol } = block.terminator;
    return index === block.last && kind === 'call' && symbol !== null && conventions.symbols.has(symbol) ? false : null;
  };
}

function startsRoutine({ program }: Code, { block, psrIc }: Node): boolean {
  const { routine } = program.instructions[block.first]!;
  return routine >= 0 && program.routines[routine]!.first === block.first && psrIc[0] === 1;
}

/** A predicate may be false on just that way: `(p2) br.cond 1f ;; mov ar.rsc=0 ;; 1: (p3) mov ar.bspstore=r23`. */
function sinceOn(
  since: SomeWay,
  nodes: readonly Node[],
  position: number,
  { effects: { predicate } }: ProgramInstruction,
): number {
  return predicate === 0 ? Math.max(...nodes.map((node) => since(node, position))) : -1;
}

/** Does an instruction surely leave psr.ic on? A C function that is called with it on does: what it touches may miss. */
function collects({ conventions }: Code): (instruction: ProgramInstruction, node: Node) => boolean | null {
  return (instruction, { block, psrIc }) => {
    const { effects, statement, index } = instruction;
    if (!effects.known) return false;
    if (changesPsrIc(instruction))
      return statement.kind === 'instruction' && psrIcSetBy(statement.mnemonic) === 1 && effects.predicate === 0;
    const { kind, target, symbol } = block.terminator;
    if (index !== block.last || kind !== 'call' || target !== NOWHERE) return null;
    if (symbol === null || conventions.symbols.has(symbol)) return false;
    return effects.predicate === 0 && psrIc[psrIc.length - 1] === 1 ? true : null;
  };
}

/** Is psr.ic surely that in front of the instruction at a position of a block? */
function isAlways(value: 0 | 1, nodes: readonly Node[], position: number): boolean {
  return nodes.every(({ psrIc }) => psrIc[position] === value);
}

/** The control registers of interruptions and the inserts take an Illegal Operation fault with psr.ic on. */
function needsItOff({ effects }: ProgramInstruction): boolean {
  return effects.consults?.includes(PSR_IC) === true || effects.branch?.kind === 'rfi';
}

/**
 * Is the instruction in a routine that switches psr.ic itself? Of one that does not, and of code that begins nowhere in sight,
 * it is but a presumption that it is entered with psr.ic on.
 */
function minds(code: Code, { routine }: ProgramInstruction): boolean {
  return instructionsOf(code.program, routine).some(changesPsrIc) || goesOnByRfi(code, routine);
}

/** Who takes arguments and goes on by rfi was called, and no handler is. */
function goesOnByRfi(code: Code, routine: number): boolean {
  const instructions = instructionsOf(code.program, routine);
  return instructions.some(({ effects }) => effects.branch?.kind === 'rfi') && takesInputs(code, instructions);
}

function instructionsOf({ instructions, routines }: Program, routine: number): readonly ProgramInstruction[] {
  const found = routines[routine];
  return found === undefined ? [] : instructions.slice(found.first, found.last + 1);
}

/** Does some `alloc` make inputs, as only who is called by the software conventions has them? */
function takesInputs({ program, flow, graph }: Code, instructions: readonly ProgramInstruction[]): boolean {
  const frames = knownFrames(program, flow, graph);
  return instructions.some(({ index }) => (frames.after(index, null)?.inputs ?? 0) > 0);
}

/**
 * Is the instruction in a routine that surely is entered with the engine on? One that reads ar.rsc itself, or
 * that only ever lets the engine run again, and so thinks to have stopped it. Others may be called with the engine stopped.
 */
function findsEngineOn(code: Code, { routine }: ProgramInstruction): boolean {
  const instructions = instructionsOf(code.program, routine);
  const writes = instructions.filter(({ effects }) => effects.known && effects.writes.includes(AR_RSC));
  if (writes.length > 0 && writes.every((each) => startsEngine(each) === true)) return true;
  const reads = ({ effects }: ProgramInstruction): boolean =>
    effects.known && effects.reads.includes(AR_RSC) && effects.results.length > 0;
  return instructions.some(reads);
}

/** Has the last of these instructions that changes psr.ic set it, with no serialization behind? */
function isUnserialized(code: readonly ProgramInstruction[]): boolean {
  for (let at = code.length - 1; at >= 0; at--) {
    const { effects, statement } = code[at]!;
    if (!effects.known || serializedBy(effects) !== NOTHING) return false;
    if (effects.writes.includes(PSR_IC))
      return statement.kind === 'instruction' && psrIcSetBy(statement.mnemonic) === 1 && effects.predicate === 0;
  }
  return false;
}

/** An instruction that changes psr.ic: that was known to set it, where it is known to be 1. */
function setsPsrIc(instruction: ProgramInstruction): boolean | null {
  return changesPsrIc(instruction) ? true : null;
}

function settingInterrupts(
  { statement, effects: { writes } }: ProgramInstruction,
  nodes: readonly Node[],
  position: number,
): WrongModeKind | null {
  if (statement.kind !== 'instruction' || psrIcSetBy(statement.mnemonic) !== 1) return null;
  if (!writes.includes(INTERRUPTS)) return null;
  if (writes.includes(PSR_IC)) return 'both';
  if (isAlways(0, nodes, position)) return 'interrupts';
  return isUnserialized(nodes[0]!.code.slice(0, position)) ? 'both' : null;
}

function atTheEnd(
  code: Code,
  nodes: readonly Node[],
  entered: ReadonlySet<string>,
  isOffOnSomeWay: boolean,
): Pick<WrongMode, 'kind' | 'name'> | null {
  const { program, conventions } = code;
  const { block } = nodes[0]!;
  const { kind, symbol, target } = block.terminator;
  const last = nodes[0]!.code.length - 1;
  const off = isAlways(0, nodes, last);
  const onBank0 = nodes.every(({ bank }) => bank === 0);
  if (kind === 'call' && target === NOWHERE && symbol !== null && !conventions.symbols.has(symbol)) {
    if (off || isOffOnSomeWay) return { kind: 'call', name: symbol };
    if (onBank0) return { kind: 'bank', name: symbol };
    return onEveryPath(code, nodes, last, clearsTranslation) ? { kind: 'untranslated', name: symbol } : null;
  }
  if (kind !== 'return' || (!off && !onBank0)) return null;
  const { routine } = program.instructions[block.last]!;
  const name = routine < 0 ? '' : program.routines[routine]!.name;
  return entered.has(name) ? { kind: off ? 'return' : 'bank-return', name } : null;
}

/** Where routines begin that are entered with ar.rsc as all ordinary code has it, with the engine on. */
function entriesWithEngineOn(code: Code): (node: Node) => boolean {
  const { constants, physicalMode } = code.conventions;
  const rsc = constants.find(({ registers }) => registers[1].includes(ENGINE_MODE));
  if (rsc === undefined || !isEngineOn(BigInt(rsc.value))) return () => false;
  const entries = code.flow.globals.filter(({ symbol }) => !physicalMode.entries.includes(symbol));
  const nodes = new Set(entries.map(({ block }) => code.graph.nodes[code.graph.nodeOf[block * 2 + 1]!]));
  return (node) => nodes.has(node);
}

/** Where routines begin that take arguments and go on by rfi: C has called them, in the modes that it runs in. */
function entriesThatGoOnByRfi(code: Code): readonly Node[] {
  const { program, flow, graph, conventions } = code;
  const entered = flow.globals.filter(
    ({ symbol }) => !conventions.symbols.has(symbol) && !conventions.physicalMode.entries.includes(symbol),
  );
  return entered.flatMap(({ block }) => {
    const node = graph.nodes[graph.nodeOf[block * 2 + 1]!];
    if (node === undefined || node.psrIc[0] !== 1) return [];
    return goesOnByRfi(code, program.instructions[flow.blocks[block]!.first]!.routine) ? [node] : [];
  });
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
