import type { Program } from '../../analysis/program/program.ts';
import type { Label } from '../../analysis/program/symbols.ts';
import { type CodeEnd, isBetween, keptLengths } from '../../project/kept-lengths.ts';
import type { Unit } from '../../project/units.ts';
import type { RuleContext } from '../context.ts';
import type { DraftFinding, SourceRange } from '../finding.ts';
import type { Rule } from '../rule.ts';

/**
 * Code whose length is computed is mostly copied and run elsewhere; branches of it to shared routines behind the file would
 * not reach them from there.
 */
export const PV024: Rule = {
  id: 'PV024',
  name: 'copied-code',
  severity: 'note',
  summary: 'The length of code with sites is kept: if the code is copied, a convention must say so.',
  *check(context) {
    const reported = new Set<string>();
    for (const unit of context.project.units) {
      const sites = siteInstructions(context, unit);
      for (const length of keptLengths(unit.analysis.program)) {
        const { from, to, at } = length;
        const place = placeOf(unit.analysis.program, at);
        const key = `${place.file.name}:${place.start} ${from.name} ${to.name}`;
        if (reported.has(key) || !sites.some((index) => isBetween(unit.analysis.program, index, length))) continue;
        reported.add(key);
        yield report(from, to, place);
      }
    }
  },
};

function report(from: Label, to: CodeEnd, place: SourceRange): DraftFinding {
  const message = `the length of ${from.name} .. ${to.name}, which has sites, is kept here: sites there branch to no routine, as that code may be copied and run elsewhere; where it is, say so with [[relocated]]`;
  return { ...place, message };
}

/** Sites that are not known to be copied. */
function siteInstructions({ sites }: RuleContext, unit: Unit): readonly number[] {
  return sites.flatMap(({ instances }) =>
    instances.filter((each) => each.unit === unit && !unit.isRelocated(each.first)).map(({ first }) => first),
  );
}

function placeOf({ statements, tokens }: Program, at: number): SourceRange {
  const { file, start, end } = tokens[statements[at]!.first]!;
  return { file, start, end };
}
