/** The table of alternative C as it is linked: once for all sources of a call, each of its slots once. */
import { layOut, type Program } from '../analysis/program/program.ts';
import { type Plan, targetsOf } from '../expand/plan.ts';
import { tableFiles } from '../expand/table-files.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import { countOf, type JointRoutines, wordsOfTable } from './joint-routines.ts';
import { measureApart } from './measure.ts';

/** `bytes`: of the routines of all targets, as the assembler lays them out. */
export type SharedTable = Pick<JointRoutines, 'bytes' | 'words' | 'counts'>;

/** @param plans of one choice: those of all sources, or of one by itself */
export function sharedTable(plans: readonly Plan[]): SharedTable {
  const [first] = plans;
  const all = plans.flatMap(({ slots }) => [...(slots?.values() ?? [])]);
  if (first === undefined || all.length === 0) return { bytes: 0, words: 0, counts: new Map() };
  const slots = [...new Map(all.map((slot) => [slot.name, slot])).values()];
  const names = targetsOf(first.choice).map(({ name }) => name);
  const files = tableFiles(first.choice.label, names, first.choice.target.name, slots);
  const text = files.flatMap((file) => (file.place.endsWith('.S') ? [file.text] : [])).join('\n');
  return {
    bytes: measureApart(programOf(text)).bytes,
    words: wordsOfTable(slots.length, names.length),
    counts: new Map(names.map((name, target) => [name, countOf(slots.flatMap(({ routines }) => routines[target]!))])),
  };
}

function programOf(text: string): Program {
  const tokens = tokenize(new SourceText('pv_table.S', text));
  return layOut(parseTokens(tokens).statements, tokens);
}
