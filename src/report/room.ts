/** What was done in each listing so that every vector fits its slot, and what it costs. */
import type { Plan } from '../expand/plan.ts';
import { fileKey } from '../project/files.ts';
import type { SourceText } from '../syntax/source.ts';
import { code, type DocumentBlock, type EntryLine, formatCount, heading } from './document.ts';
import type { FileReport, RoomReport } from './model.ts';
import { placeOf, placeText } from './places.ts';

export function roomReports(source: SourceText, plans: readonly Plan[]): RoomReport[] {
  const isHere = (file: SourceText) => fileKey(file) === fileKey(source);
  const lineAt = (offset: number) => source.position(offset).line;
  const reports = plans.map(({ choice, planned, fitted, moved, stuck }): RoomReport => {
    const changed = new Set(fitted.filter(({ instances }) => instances.some(({ unit }) => isHere(unit.source))));
    return {
      target: choice.label,
      sites: planned
        .filter(({ site }) => changed.has(site))
        .map(({ site, expansion }) => ({ ...placeOf(site), kind: expansion.kind })),
      moved: moved
        .filter(({ file }) => isHere(file))
        .map(({ vector, start, bundles, falls }) => ({
          ...{ vector, line: lineAt(start), bundles },
          instructions: falls ? 1 : 0,
        })),
      stuck: stuck
        .filter(({ unit }) => isHere(unit.source))
        .map(({ unit, opening, advice }) => {
          const { statements, tokens } = unit.analysis.program;
          return { line: lineAt(tokens[statements[opening]!.first]!.start), advice };
        }),
    };
  });
  return reports.filter(({ sites, moved, stuck }) => sites.length + moved.length + stuck.length > 0);
}

export function roomBlocks({ file, room }: FileReport, kindWords: Readonly<Record<string, string>>): DocumentBlock[] {
  if (room.length === 0) return [];
  const entries = room.map(({ target, sites, moved, stuck }): DocumentBlock => {
    const lines: EntryLine[] = [
      ...sites.map(({ kind, ...place }) => ({ label: placeText(place), text: `${kindWords[kind]}, for the room` })),
      ...moved.map(({ vector, line, bundles, instructions }) => ({
        label: vector,
        text: `${formatCount(bundles, 'bundle')} from line ${line} on out of line, ${instructions === 0 ? 'at no cost: control does not come there from the code before' : `behind a branch: ${formatCount(instructions, 'instruction')} more`}`,
      })),
      ...stuck.map(({ line, advice }) => ({ label: `line ${line}`, text: `DOES NOT FIT: ${advice}` })),
    ];
    return { kind: 'entry', title: code(target), lines };
  });
  return [heading(2, `What was done so that all vectors fit: ${file}`), ...entries];
}
