import { dataDirective } from '../../analysis/program/data.ts';
import type { Program } from '../../analysis/program/program.ts';
import type { Label } from '../../analysis/program/symbols.ts';
import type { Unit } from '../../project/units.ts';
import type { Expression, Statement } from '../../syntax/tree.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, SourceRange } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Who keeps the length of code mostly copies it; branches to shared routines behind the file would lead nowhere there. */
export const PV024: Rule = {
  id: 'PV024',
  name: 'copied-code',
  severity: 'note',
  summary: 'The length of code with sites stands in data: if the code is copied, a convention must say so.',
  *check(context) {
    const told = new Set<string>();
    for (const unit of context.project.units) {
      const sites = siteInstructions(context, unit);
      for (const { from, to, at } of lengthsInData(unit.analysis.program)) {
        const place = placeOf(unit.analysis.program, at);
        const key = `${place.file.name}:${place.start} ${from.name} ${to.name}`;
        if (told.has(key) || !sites.some((index) => isBetween(unit.analysis.program, index, from, to))) continue;
        told.add(key);
        yield report(from, to, place);
      }
    }
  },
};

function report(from: Label, to: Label, place: SourceRange): DraftFinding {
  const message = `the length of ${from.name} .. ${to.name}, which has sites, stands in data: if that code is copied and run elsewhere, say so with [[relocated]]`;
  return { ...place, message };
}

/** Sites that are not known to be copied. */
function siteInstructions({ sites }: RuleContext, unit: Unit): readonly number[] {
  return sites.flatMap(({ instances }) =>
    instances.filter((each) => each.unit === unit && !unit.isRelocated(each.first)).map(({ first }) => first),
  );
}

function isBetween({ instructions }: Program, index: number, from: Label, to: Label): boolean {
  const { section, statementIndex } = instructions[index]!;
  return section === from.section && statementIndex > from.statement && statementIndex < to.statement;
}

interface Length {
  readonly from: Label;
  readonly to: Label;
  /** The data's statement. */
  readonly at: number;
}

/**
 * Differences of two labels of one section that hold code, the later one first. Tables of places within a routine look the
 * same: the first label must be a name that others know, or that of a routine.
 */
function lengthsInData(program: Program): readonly Length[] {
  const routines = new Set(program.routines.map(({ name }) => name));
  return program.statements.flatMap((statement, at) =>
    valuesOf(statement).flatMap((value): readonly Length[] => {
      const difference = differenceOf(value);
      if (difference === null) return [];
      const to = program.symbols.named.get(difference.left);
      const from = program.symbols.named.get(difference.right);
      if (from === undefined || to === undefined || from.section !== to.section) return [];
      if (from.statement >= to.statement || !(from.global || routines.has(from.name))) return [];
      return [{ from, to, at }];
    }),
  );
}

function valuesOf(statement: Statement): readonly Expression[] {
  if (statement.kind !== 'directive' && statement.kind !== 'instruction') return [];
  const name = statement.kind === 'directive' ? statement.name : statement.mnemonic;
  const directive = dataDirective(name);
  if (directive === null || !directive.values) return [];
  return statement.kind === 'directive' ? statement.args : statement.inputs;
}

function differenceOf(value: Expression): { readonly left: string; readonly right: string } | null {
  if (value.kind === 'group') return differenceOf(value.inner);
  if (value.kind !== 'binary') return null;
  const { operator, left, right } = value;
  if (operator === '-' && left.kind === 'name' && right.kind === 'name') return { left: left.name, right: right.name };
  // `(end - start) / 8`, `end - start + 15`
  return differenceOf(left);
}

function placeOf({ statements, tokens }: Program, at: number): SourceRange {
  const { file, start, end } = tokens[statements[at]!.first]!;
  return { file, start, end };
}
