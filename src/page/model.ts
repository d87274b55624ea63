/** What the review page shows: the files of a call with their sites, each with its expansions, and the state of registers. */

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
  /** What is said of registers: by line (counted from 1) and name. */
  readonly states: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

export interface PageSite {
  readonly report: SiteReport;
  /** The characters of its first line that it begins with, and ends before if it ends there: columns from 0. */
  readonly start: number;
  readonly end: number;
  /** For each target: what stands there, one instruction group a line. */
  readonly expansions: readonly (readonly string[])[];
  /** For each target: the routine that a call goes to; empty where there is none. */
  readonly routines: readonly (readonly string[])[];
}

/** The registers that text spells, with their places: those of programs by their own names, and `in0` and its kind. */
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

/** Where a line's registers are asked about: behind the last instruction that the line spells or brings. */
interface Point {
  readonly analysis: Analysis;
  readonly instruction: number;
}

type States = Map<number, Map<string, string>>;

/** What is said of each register that a line of a file names, or that what stands there in a listing names. */
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
        // Of a line that several expansions have, the first one speaks.
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
