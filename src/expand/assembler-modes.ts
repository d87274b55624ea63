/** Sites at places where the assembler would ignore an expansion or its stops. */
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Plan } from './plan.ts';

/** The statement (by index) at which the assembler stops reading, and the ranges in which it chooses stops itself. */
interface Modes {
  /** Index of the `.end`; -1: there is none. */
  readonly end: number;
  /** From `.auto` up to `.explicit` or `.default`. */
  readonly automatic: readonly (readonly [from: number, to: number])[];
}

/**
 * Sites behind `.end`, routines that would stand behind it, and sites under `.auto`, where the assembler ignores stops (gas,
 * "IA-64 Dependent Features" and ".end"). One error for each place.
 */
export function unassembled(modes: ReadonlyMap<Unit, Modes>, { planned, choice }: Plan): Diagnostic[] {
  const errors: Diagnostic[] = [];
  for (const { site, expansion } of planned) {
    if (expansion.kind === 'native' || expansion.kind === 'trap') continue;
    for (const { unit, first } of site.instances) {
      const { end, automatic } = modes.get(unit)!;
      const at = unit.analysis.instructions[first]!.statementIndex;
      const { file, start, end: until } = unit.analysis.instructions[first]!;
      const fail = (message: string) => errors.push({ severity: 'error', message, file, start, end: until });
      if (end >= 0 && at > end) fail('this stands behind .end, where the assembler reads nothing');
      else if (end >= 0 && expansion.kind === 'branch')
        fail(`the routine that ${choice.label} calls here would stand behind .end, where the assembler reads nothing`);
      else if (end >= 0 && expansion.kind === 'patched')
        fail(`what ${choice.label} puts here would stand behind .end, where the assembler reads nothing`);
      else if (automatic.some(([from, to]) => from < at && at < to))
        fail(`the stops of what ${choice.label} puts here would be ignored under .auto: put .explicit before it`);
    }
  }
  return errors;
}

export function assemblerModes({ units }: Project): ReadonlyMap<Unit, Modes> {
  return new Map(units.map((unit) => [unit, modesOf(unit)]));
}

function modesOf({ analysis }: Unit): Modes {
  const { statements } = analysis.program;
  const automatic: [number, number][] = [];
  let from = -1;
  let end = -1;
  statements.forEach((statement, index) => {
    if (statement.kind !== 'directive') return;
    if (statement.name === '.end' && end < 0) end = index;
    if (statement.name === '.auto' && from < 0) from = index;
    if ((statement.name === '.explicit' || statement.name === '.default') && from >= 0) {
      automatic.push([from, index]);
      from = -1;
    }
  });
  if (from >= 0) automatic.push([from, statements.length]);
  return { end, automatic };
}
