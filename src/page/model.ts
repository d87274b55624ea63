/** The data of the review page: files with their sites, the expansions of each site, and the states of registers. */

import type { Analysis } from '../analysis/analysis.ts';
import { expansionLines, routineLines } from '../expand/listing.ts';
import type { PlannedSite } from '../expand/planned-site.ts';
import { isProgramRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import { isStackedName } from '../machine/scope.ts';
import { makePictures, type Pictures } from '../pictures/all.ts';
import type { Built } from '../pipeline.ts';
import { asGiven } from '../project/units.ts';
import { placesOf } from '../report/handlers.ts';
import type { Report, SiteReport } from '../report/model.ts';
import type { SourceText } from '../syntax/source.ts';

export interface Page {
  readonly report: Report;
  readonly files: readonly PageFile[];
  readonly pictures: Pictures;
}

export interface PageFile {
  readonly name: string;
  /** The lines of the source, without their ends. */
  readonly lines: readonly string[];
  readonly sites: readonly PageSite[];
  /** States of registers in words, by line (counted from 1) and register name. */
  readonly states: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

export interface PageSite {
  readonly report: SiteReport;
  /** Columns (from 0) in its first line at which the site begins and, if it ends in that line, ends. */
  readonly start: number;
  readonly end: number;
  /** By target: the code in its place, one instruction group in each line. */
  readonly expansions: readonly (readonly string[])[];
  /** By target: the routine that the site calls; empty when it is no call. */
  readonly routines: readonly (readonly string[])[];
}

/** The names of registers in a text, with their positions: `r8`, `b6`, also `in0`, `loc0`, `out0`. */
export function registersIn(text: string): RegExpExecArray[] {
  return [...text.matchAll(/[A-Za-z_$](?:[\w$]|\.(?=\w))*/g)].filter(
    ([word]) => isStackedName(word) || isOwnName(word),
  );
}

function isOwnName(word: string): boolean {
  const register = registerByName(word);
  return (
    register !== undefined && register.resource >= 0 && register.name === word && isProgramRegister(register.resource)
  );
}

export function pageModel(built: Built, report: Report): Page {
  const { plans, rewritten } = built;
  const byFile = new Map<SourceText, PageSite[]>();
  for (const [index, { site }] of rewritten.sites.entries()) {
    const planned = plans.map((plan) => plan.planned[index]!);
    const own = byFile.get(site.file) ?? [];
    own.push(pageSite(report.sites[index]!, planned));
    byFile.set(site.file, own);
  }
  const files = [...byFile.keys()];
  for (const input of rewritten.project.inputs) if (!files.some((file) => file.name === input.name)) files.push(input);
  const spoken = statesOf(built, files, byFile);
  return {
    report,
    pictures: makePictures(built, report),
    files: files.map((file) => ({
      name: file.name,
      lines: linesOf(file),
      sites: byFile.get(file) ?? [],
      states: spoken.get(file.name) ?? new Map(),
    })),
  };
}

function linesOf({ text }: SourceText): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function pageSite(report: SiteReport, planned: readonly PlannedSite[]): PageSite {
  const { site } = planned[0]!;
  const { line, column } = site.file.position(site.start);
  const last = site.file.position(site.end);
  return {
    report,
    start: column - 1,
    end: last.line === line ? last.column - 1 : Number.POSITIVE_INFINITY,
    expansions: planned.map(expansionLines),
    routines: planned.map(({ expansion }) => (expansion.routine === null ? [] : routineLines(expansion.routine))),
  };
}

/** The program point whose register states a line shows: after the last instruction that comes from the line. */
interface Point {
  readonly analysis: Analysis;
  readonly instruction: number;
}

type States = Map<number, Map<string, string>>;

/** The states of the registers that each line names in the source, or in a listing. */
function statesOf(
  { rewritten }: Built,
  files: readonly SourceText[],
  byFile: ReadonlyMap<SourceText, readonly PageSite[]>,
): ReadonlyMap<string, States> {
  const names = new Set(files.map(({ name }) => name));
  const points = new Map<string, Map<number, Point>>();
  for (const { analysis, configuration } of rewritten.project.units) {
    if (configuration !== asGiven) continue;
    for (const instruction of analysis.instructions) {
      for (const { file, start } of placesOf(instruction)) {
        if (!names.has(file.name)) continue;
        const own = points.get(file.name) ?? new Map<number, Point>();
        points.set(file.name, own);
        const { line } = file.position(start);
        const known = own.get(line);
        // Of several expansions of a line the first one is shown.
        if (known === undefined || known.instruction === instruction.index - 1)
          own.set(line, { analysis, instruction: instruction.index });
      }
    }
  }
  return new Map(
    files.map((file) => [file.name, fileStates(file, points.get(file.name) ?? new Map(), byFile.get(file) ?? [])]),
  );
}

function fileStates(file: SourceText, points: ReadonlyMap<number, Point>, sites: readonly PageSite[]): States {
  const texts = new Map<number, string[]>();
  for (const { report, expansions } of sites)
    texts.set(report.line, [...(texts.get(report.line) ?? []), ...expansions.flat(), report.macro]);
  const states: States = new Map();
  for (const [line, { analysis, instruction }] of points) {
    const ofLine = new Map<string, string>();
    for (const [name] of registersIn([file.line(line), ...(texts.get(line) ?? [])].join(' ')))
      if (!ofLine.has(name) && analysis.hasRegister(instruction, name))
        ofLine.set(name, stateText(analysis, instruction, name));
    states.set(line, ofLine);
  }
  return states;
}

function stateText(analysis: Analysis, instruction: number, register: string): string {
  const { verdict, text } = analysis.explain(instruction, register);
  if (verdict === 'dead') return text.replace(' is dead: ', ' is free behind this line: ');
  if (verdict === 'touched') return `${text}; nothing behind it reads it`;
  return text;
}
