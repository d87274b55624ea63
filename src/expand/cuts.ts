/**
 * The places at which the code of a vector's slot can be divided: before a line of the source itself (not of a macro), at the end of
 * an instruction group, and not within a site, bundle or the like.
 */

import { neverFallsThrough } from '../machine/branches.ts';
import { layoutDirectives } from '../machine/layout-directives.ts';
import { isUnwindDirective } from '../machine/unwind-directives.ts';
import { analyseStructure, type ConditionalBranch } from '../preprocess/structure.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Statement } from '../syntax/tree.ts';
import type { PartedRoutine } from './moved-tail.ts';
import { spelledAt } from './spelled-place.ts';

/** A place before a statement of a unit. */
export interface Cut {
  readonly statement: number;
  /** Offset of its line in the source. */
  readonly start: number;
  /** The instruction before it if that may fall through to it; else -1. */
  readonly from: number;
  readonly routine: PartedRoutine | null;
}

/** Statements of a unit from the `.org` that opens a slot to the one that closes it. */
export interface SlotCode {
  readonly unit: Unit;
  readonly opening: number;
  readonly closing: number;
}

export interface SlotCuts {
  /** In the order of the source. */
  readonly cuts: readonly Cut[];
  /** Offset of the line of the `.org` that closes the slot. */
  readonly end: number;
}

/** The cuts of a slot; or why there are none, in words. */
export function cutsOf(slot: SlotCode, isInsideSite: (statement: number) => boolean): SlotCuts | string {
  const { unit, opening, closing } = slot;
  const end = lineStart(unit, closing);
  if (end === null) return 'the .org behind it does not begin a line of the source itself';
  if (changesSubsections(unit)) return 'the source has subsections of its own, or .previous behind the table';
  const section = sectionAt(unit, opening, closing);
  if (section !== null && unit.runsOut(section))
    return 'the last instruction of its section does not leave it, and control would run on into the tail';
  const around = branchFinder(unit.source);
  const scan = new SlotScan(unit);
  const cuts: (Cut & { readonly open: OpenRoutine | null })[] = [];
  for (let at = opening + 1; at < closing; at++) {
    scan.pass(at - 1);
    if (!scan.parts || isInsideSite(at)) continue;
    const start = lineStart(unit, at);
    if (start === null || around(start) !== around(end)) continue;
    cuts.push({ statement: at, start, from: scan.falls ? scan.last : -1, open: scan.routine, routine: null });
  }
  scan.pass(closing - 1);
  const whole = cuts.flatMap(({ open, ...cut }) => {
    if (open === null) return [cut];
    const { name, end: endp, unwinds } = open;
    return endp === null || unwinds ? [] : [{ ...cut, routine: { name, end: endp } }];
  });
  return { cuts: whole, end };
}

/** The section of a slot's code. */
function sectionAt({ analysis: { program } }: Unit, opening: number, closing: number): string | null {
  for (let at = opening; at < closing; at++)
    if (program.instructionOf[at]! >= 0) return program.instructions[program.instructionOf[at]!]!.section;
  return null;
}

interface OpenRoutine {
  readonly name: string;
  unwinds: boolean;
  end: PartedRoutine['end'] | null;
}

/** The state of a scan of a slot's statements, between two of them. */
class SlotScan {
  /** Whether the code may be divided here. */
  parts = false;
  /** Whether the instruction before may fall through. */
  falls = true;
  /** Index of the last instruction. */
  last = -1;
  routine: OpenRoutine | null = null;
  #bundle = false;
  /** Whether the last statement was a stop. */
  #stopped = false;

  constructor(readonly unit: Unit) {}

  pass(at: number): void {
    const { program, instructions } = this.unit.analysis;
    const statement = program.statements[at]!;
    const instruction = program.instructionOf[at]!;
    const stopped = this.#stopped;
    this.#stopped = statement.kind === 'stop';
    this.parts = this.#stopped || (statement.kind === 'bundleClose' && stopped);
    if (instruction >= 0) {
      this.last = instruction;
      this.falls = !neverFallsThrough(instructions[instruction]!.effects);
      this.parts = !this.falls;
    } else if (statement.kind === 'label') this.falls = true;
    else if (statement.kind === 'bundleOpen') this.#bundle = true;
    else if (statement.kind === 'bundleClose') this.#bundle = false;
    else if (statement.kind === 'directive') this.#passDirective(at, statement);
    if (this.#bundle) this.parts = false;
    if (this.last >= 0 && (this.unit.isRelocated(this.last) || this.unit.mayBeCopied(this.last))) this.parts = false;
  }

  #passDirective(at: number, { name, args }: Extract<Statement, { kind: 'directive' }>): void {
    const action = layoutDirectives().get(name)?.action;
    const [first, ...others] = args;
    if (action === 'proc') {
      // A `.proc` with several names, or an unreadable one, is not divided, as its `.endp` cannot be found.
      const named = first?.kind === 'name' && others.length === 0 ? first.name : '';
      this.routine = { name: named, unwinds: false, end: null };
    } else if (action === 'endp') {
      const { routine } = this;
      if (routine !== null && first?.kind === 'name' && others.length === 0 && first.name === routine.name)
        routine.end = wholeSpelling(this.unit, at);
      this.routine = null;
      this.parts = !this.falls;
    } else if (isUnwindDirective(name) && this.routine !== null) this.routine.unwinds = true;
  }
}

/** Offset of a statement's line; null if something else precedes it on the line, or it is in a macro's body. */
function lineStart({ source, analysis }: Unit, at: number): number | null {
  const { statements, tokens } = analysis.program;
  const place = spelledAt(tokens[statements[at]!.first]!);
  if (place.file !== source) return null;
  const before = at === 0 ? undefined : spelledAt(tokens[statements[at - 1]!.first]!);
  if (before?.file === source && before.start === place.start) return null;
  const start = source.text.lastIndexOf('\n', place.start - 1) + 1;
  return source.text.slice(start, place.start).trim() === '' ? start : null;
}

/** The range of a statement, or of the macro call whose only statement it is; null for other statements of macros. */
function wholeSpelling({ source, analysis }: Unit, at: number): PartedRoutine['end'] | null {
  const { statements, tokens } = analysis.program;
  const { first, last } = statements[at]!;
  const place = spelledAt(tokens[first]!);
  const end = spelledAt(tokens[last]!);
  const shares = (other: number) => {
    const statement = statements[other];
    const spelled = statement === undefined ? undefined : spelledAt(tokens[statement.first]!);
    return spelled?.file === place.file && spelled.start === place.start;
  };
  if (place.file !== source || end.file !== source || shares(at - 1) || shares(at + 1)) return null;
  return { start: place.start, end: end.end };
}

/** The innermost branch of `#if` around an offset. */
function branchFinder(file: SourceText): (offset: number) => ConditionalBranch | null {
  const branches = analyseStructure(file).groups.flatMap((group) => group.branches);
  return (offset) => branches.findLast(({ bodyStart, bodyEnd }) => bodyStart <= offset && offset < bodyEnd) ?? null;
}

/**
 * Whether the unit changes subsections itself, or returns to a previous section, which a change of ours would interfere
 * with.
 */
function changesSubsections({ analysis }: Unit): boolean {
  const { statements } = analysis.program;
  let stale = false;
  for (const statement of statements) {
    if (statement.kind !== 'directive') continue;
    const directive = layoutDirectives().get(statement.name);
    const numbered = (at: number) => statement.args[at] !== undefined && statement.args[at]!.kind !== 'string';
    switch (directive?.action) {
      case 'subsection':
        return true;
      case 'section':
        if (directive.to !== '' && numbered(0)) return true;
        stale = false;
        break;
      case 'push':
        if (numbered(1)) return true;
        break;
      case 'pop':
      case 'org':
        stale = true;
        break;
      case 'previous':
        if (stale) return true;
        break;
      default:
    }
  }
  return false;
}
