/** The data of a handler's pictures: its instructions in order, the registers live after each, and its branches. */

import { posix } from 'node:path';
import { instructionText } from '../analysis/program/spelling.ts';
import { type Label, resolveTarget } from '../analysis/program/symbols.ts';
import type { ChosenSite } from '../expand/planned-site.ts';
import { mayFallThrough } from '../machine/branches.ts';
import type { RegisterClass } from '../machine/register.ts';
import { registerByName } from '../machine/register-table.ts';
import { resourceName } from '../machine/resources.ts';
import { asGiven, type Unit } from '../project/units.ts';
import { handlerAt } from '../report/handlers.ts';
import { scratchNames } from '../rewrite/spell.ts';

export interface RoutineRow {
  readonly text: string;
  /** Line in the source of the instruction, or of the outermost macro call that it comes from. */
  readonly line: number;
  /** Where the instruction itself is spelled, `minstate.h:83`, if a macro brings it; else null. */
  readonly spelled: string | null;
  readonly bank: 0 | 1 | null;
  readonly live: ReadonlySet<string>;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly calls: boolean;
  /** Registers chosen as scratch for a site that begins here. */
  readonly scratch: readonly string[];
  /** The operation of that site; null when no site begins here. */
  readonly operation: string | null;
  /** Labels directly before the instruction. */
  readonly labels: readonly string[];
  /** Indices of the rows that its branch may lead to. */
  readonly jumps: readonly number[];
  /** Destinations of its branch outside the handler, in words: `page_fault`, `rfi`, `b6`. */
  readonly leaves: readonly string[];
  /** Whether control may fall through to the next row. */
  readonly falls: boolean;
}

export interface RoutinePicture {
  readonly name: string;
  readonly file: string;
  readonly rows: readonly RoutineRow[];
}

/** The handlers of a source that have sites, in the configuration as given. */
export function handlersDrawn(unit: Unit, sites: readonly ChosenSite[]): RoutinePicture[] {
  if (unit.configuration !== asGiven) return [];
  const { analysis, source } = unit;
  const chosen = new Map(
    sites.flatMap((each) =>
      each.site.instances
        .filter((instance) => instance.unit === unit)
        .map((instance) => [instance.first, each] as const),
    ),
  );
  const handlers = new Map<string, number[]>();
  for (const { index } of analysis.instructions) {
    const name = handlerAt(unit, index);
    if (name === null) continue;
    const own = handlers.get(name);
    if (own === undefined) handlers.set(name, [index]);
    else own.push(index);
  }
  const labels = labelsByInstruction(analysis.program.symbols.labels);
  return [...handlers]
    .filter(([, own]) => own.some((index) => chosen.has(index)))
    .map(([name, own]) => {
      const rowOf = new Map(own.map((index, row) => [index, row]));
      return {
        name,
        file: source.name,
        rows: own.map((index) => rowOfInstruction(unit, index, rowOf, chosen, labels)),
      };
    });
}

function labelsByInstruction(labels: readonly Label[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { name, kind, instruction } of labels) {
    if (kind !== 'label' || instruction < 0) continue;
    const own = found.get(instruction);
    if (own === undefined) found.set(instruction, [name]);
    else own.push(name);
  }
  return found;
}

function rowOfInstruction(
  unit: Unit,
  index: number,
  rowOf: ReadonlyMap<number, number>,
  chosen: ReadonlyMap<number, ChosenSite>,
  labels: ReadonlyMap<number, readonly string[]>,
): RoutineRow {
  const { analysis, source } = unit;
  const instruction = analysis.instructions[index]!;
  const banks = analysis.banksAt(index);
  let place: { file: { position(offset: number): { line: number } }; start: number } = instruction;
  for (let use = instruction.use; use !== null; use = use.parent) place = use;
  const site = chosen.get(index);
  const { effects } = instruction;
  const names = (resources: readonly number[]) => resources.map(resourceName).filter(isShown);
  return {
    text: instructionText(instruction),
    line: (place.file === source ? place : instruction).file.position(place.start).line,
    spelled:
      place === instruction
        ? null
        : `${posix.basename(instruction.file.name)}:${instruction.file.position(instruction.start).line}`,
    bank: new Set(banks).size === 1 ? banks[0]! : null,
    live: new Set(analysis.liveBehind(index)),
    reads: names(effects.reads),
    writes: names(effects.writes),
    calls: effects.branch?.kind === 'call',
    scratch: site === undefined ? [] : scratchNames(site.scratch),
    operation: site?.site.operation.name ?? null,
    labels: labels.get(index) ?? [],
    ...control(unit, index, rowOf),
  };
}

const SHOWN: ReadonlySet<RegisterClass> = new Set(['gr', 'br', 'pr']);

/** Whether pictures have a column for a register: for general, branch and predicate registers. */
export function isShown(name: string): boolean {
  const register = registerByName(name);
  return register !== undefined && SHOWN.has(register.class) && register.role !== 'constant';
}

function control(
  { analysis }: Unit,
  index: number,
  rowOf: ReadonlyMap<number, number>,
): Pick<RoutineRow, 'jumps' | 'leaves' | 'falls'> {
  const { effects, statementIndex } = analysis.instructions[index]!;
  const { branch } = effects;
  if (branch === null) return { jumps: [], leaves: [], falls: true };
  const falls = mayFallThrough(effects);
  const target = resolveTarget(analysis.program.symbols, branch.target, statementIndex);
  const row = target?.label === null || target === null ? undefined : rowOf.get(target.label.instruction);
  if (row !== undefined) return { jumps: [row], leaves: [], falls };
  const name = target?.label?.name ?? target?.symbol ?? (branch.through === null ? branch.kind : `b${branch.through}`);
  return { jumps: [], leaves: [name], falls };
}
