/** Parts of a report: what a reviewer asks for at a place, of an operation, or of what was not done. */
import { suggestion } from '../config/suggestion.ts';
import type { Report, SiteReport } from './model.ts';

/** What is asked for; all of it must hold of what is shown. */
export interface ReportQuery {
  /** A handler, routine or macro by its name, or `FILE:LINE`. */
  readonly at: string | null;
  /** An operation by its name, in capitals or not. */
  readonly operation: string | null;
  /** Only what was not rewritten, or not in the way that was asked for. */
  readonly refused: boolean;
}

export interface Selection {
  /** The report with nothing in it but what was asked for; its costs are those of the whole. */
  readonly report: Report;
  /** The handlers that were asked for by name, or by a line of theirs. */
  readonly handlers: readonly string[];
  /** What is to be said before it: a line without a site. */
  readonly remark: string | null;
}

/** A question that a report cannot answer, in words. */
export class NoAnswer extends Error {}

/**
 * @param handlersOf the handlers whose code a line is part of
 * @throws NoAnswer for a place or an operation that there is none of
 */
export function select(
  report: Report,
  question: ReportQuery,
  handlersOf: (file: string, line: number) => readonly string[],
): Selection {
  const place = question.at === null ? EVERYWHERE : placeAsked(report, question.at, handlersOf);
  const operation = question.operation === null ? null : operationAsked(report, question.operation);
  const wanted = (name: string) => operation === null || name === operation;
  return {
    handlers: place.handlers,
    remark: place.remark,
    report: {
      ...report,
      files: report.files.map((file) => ({
        ...file,
        routines: file.routines.filter(({ name }) => place.handlers.includes(name)),
        vectors: file.vectors.filter(({ name }) => name !== null && place.handlers.includes(name)),
      })),
      sites: report.sites.filter(
        (site) => place.holds(site) && wanted(site.operation) && (!question.refused || isRefused(site)),
      ),
      refused: report.refused.filter((each) => place.holdsPlace(each) && wanted(each.operation)),
      left: report.left
        .filter(({ what }) => wanted(what))
        .map((each) => ({ ...each, places: each.places.filter(place.holdsPlace) }))
        .filter(({ places }) => places.length > 0),
    },
  };
}

/** Left to trap by some target, or not the call that was asked for. */
function isRefused({ targets }: SiteReport): boolean {
  return targets.some(({ kind, notCalled }) => kind === 'trap' || notCalled !== null);
}

interface Line {
  readonly file: string;
  readonly line: number;
}

interface Place {
  readonly handlers: readonly string[];
  readonly remark: string | null;
  readonly holds: (site: SiteReport) => boolean;
  readonly holdsPlace: (place: Line) => boolean;
}

const EVERYWHERE: Place = { handlers: [], remark: null, holds: () => true, holdsPlace: () => true };

function placeAsked(report: Report, at: string, handlersOf: (file: string, line: number) => readonly string[]): Place {
  const match = /^(.+):(\d+)$/.exec(at);
  if (match === null) return handlerPlace(report, [at], null, handlersOf);
  const line: Line = { file: match[1]!, line: Number(match[2]) };
  const isAt = (each: Line) => each.file === line.file && each.line === line.line;
  const holds = (site: SiteReport) =>
    (site.file === line.file && site.line <= line.line && line.line <= site.endLine) || site.calls.some(isAt);
  if (report.sites.some(holds) || report.refused.some(isAt) || report.left.some(({ places }) => places.some(isAt)))
    return { handlers: [], remark: null, holds, holdsPlace: isAt };
  const handlers = handlersOf(line.file, line.line);
  if (handlers.length === 0) throw new NoAnswer(`${at}: no configuration has an instruction of this line`);
  return handlerPlace(report, handlers, `${at} changes nothing; it stands in ${handlers.join(', ')}`, handlersOf);
}

function handlerPlace(
  report: Report,
  names: readonly string[],
  remark: string | null,
  handlersOf: (file: string, line: number) => readonly string[],
): Place {
  const isNamed = (name: string | null) => name !== null && names.includes(name);
  const holds = ({ handler, within }: SiteReport) => isNamed(handler) || within.some(isNamed);
  const holdsPlace = ({ file, line }: Line) => handlersOf(file, line).some(isNamed);
  const known = handlerNames(report);
  const [name] = names;
  if (!names.some((each) => known.has(each)) && !report.left.some(({ places }) => places.some(holdsPlace)))
    throw new NoAnswer(
      `there is no handler, routine or macro with sites called '${name}'${suggestion(name!, [...known])}`,
    );
  return { handlers: names, remark, holds, holdsPlace };
}

function handlerNames(report: Report): ReadonlySet<string> {
  return new Set([
    ...report.sites.flatMap(({ handler, within }) => [...(handler === null ? [] : [handler]), ...within]),
    ...report.files.flatMap(({ routines, vectors }) => [
      ...routines.map(({ name }) => name),
      ...vectors.flatMap(({ name }) => name ?? []),
    ]),
    ...report.refused.flatMap(({ handler }) => handler ?? []),
  ]);
}

function operationAsked(report: Report, asked: string): string {
  const known = new Set([
    ...report.sites.map(({ operation }) => operation),
    ...report.refused.map(({ operation }) => operation),
  ]);
  const name = asked.toUpperCase();
  if (known.has(name)) return name;
  throw new NoAnswer(`no site does '${asked}'${suggestion(asked, [...known])}`);
}
