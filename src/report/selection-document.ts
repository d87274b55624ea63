/** The answer to a reviewer's question: what is changed at a place, what that clobbers, whether it fits, and what was not done. */

import { sortRegisters } from '../machine/register-runs.ts';
import { code, columns, type DocumentBlock, type EntryLine, formatCount, heading, paragraph } from './document.ts';
import { groupBy } from './group.ts';
import type { Fallback, Report, SiteReport, SiteTargetReport, VectorReport } from './model.ts';
import { placeText } from './places.ts';
import { registerRanges } from './registers.ts';
import { leftEntries, refusedEntry, routineEntry, unproven } from './report-document.ts';
import type { ReportQuery, Selection } from './selection.ts';
import { fallbackText, siteEntry } from './site-entry.ts';

export function selectionDocument({ report, handlers, remark }: Selection, question: ReportQuery): DocumentBlock[] {
  const { sites, refused, left } = report;
  return [
    heading(1, question.refused ? titleOf(question) : `${titleOf(question)}: ${formatCount(sites.length, 'site')}`),
    ...(remark === null ? [] : [paragraph(remark)]),
    ...unproven(report),
    ...(question.refused ? [] : clobbered(report)),
    ...(handlers.length === 0 || question.refused ? [] : fits(report, handlers)),
    ...(question.refused ? [] : report.files.flatMap(({ routines }) => routines.map(routineEntry))),
    ...(question.refused ? notCalled(sites) : sites.map((site) => siteEntry(site, true))),
    ...(refused.length + left.length === 0 ? [] : [heading(2, leftTitle(report, question))]),
    ...refused.map(refusedEntry),
    ...leftEntries(left),
    ...(question.refused && sites.length + refused.length + left.length === 0
      ? [paragraph('Every site is rewritten for every target, in the way that was asked for.')]
      : []),
  ];
}

function titleOf({ at, operation, refused }: ReportQuery): string {
  const parts = [
    ...(refused ? ['not rewritten, or not as asked'] : []),
    ...(operation === null ? [] : [operation.toUpperCase()]),
  ];
  return [...parts, ...(at === null ? [] : [at])].join(', ');
}

function leftTitle({ refused, left }: Report, question: ReportQuery): string {
  if (!question.refused) return 'Left as they are';
  const all = [...refused, ...left.flatMap(({ places }) => places)];
  const places = all.map(({ file, line, column }) => `${file}:${line}:${column}`);
  return `Left as they are: ${formatCount(new Set(places).size, 'place')}`;
}

/** Registers that all of the sites change, target by target, beyond what their instructions do. */
function clobbered({ targets, sites }: Report): DocumentBlock[] {
  if (sites.length === 0) return [];
  const lines = targets.map(({ label }, index) => {
    const own = sites.map((site) => site.targets[index]!);
    const names = registerRanges(sortRegisters(own.flatMap(({ clobbersMore }) => clobbersMore)));
    return { label, text: names === '-' ? 'no register more than native' : names };
  });
  return [entry('clobbers, beyond what the native instructions do', lines)];
}

/** Whether the handlers fit their slots. */
function fits({ targets, files }: Report, handlers: readonly string[]): DocumentBlock[] {
  const vectors = files.flatMap((file) => file.vectors);
  if (vectors.length === 0) return [entry(`${handlers.join(', ')} stands in no slot of a vector table`, [])];
  return vectors.map((vector) =>
    entry(
      `${vector.name} at 0x${vector.offset.toString(16).padStart(4, '0')}: ${vector.room === null ? 'nothing limits it' : `room for ${formatCount(vector.room, 'bundle')}`}`,
      [
        { label: 'source', text: fitText(vector, vector.native) },
        ...targets.map(({ label }, index) => ({ label, text: fitText(vector, vector.used[index]!) })),
      ],
    ),
  );
}

function fitText({ room }: VectorReport, used: number): string {
  const bundles = formatCount(used, 'bundle');
  if (room === null) return bundles;
  return used <= room ? `fits: ${bundles}` : `DOES NOT FIT: ${bundles}, ${used - room} too many`;
}

/** Sites that could not be calls, by the reason: a line for each, by handlers. */
function notCalled(sites: readonly SiteReport[]): DocumentBlock[] {
  const calls = sites.flatMap((site) => site.targets.flatMap((target) => refusedCall(site, target)));
  if (calls.length === 0) return [];
  const count = formatCount(new Set(calls.map(({ site }) => site)).size, 'site');
  return [
    heading(2, `In place (b) where a call (a) was asked for: ${count}`),
    paragraph(
      'What can be a call can always stand in place instead; these are the sites that cannot be calls. `--at FILE:LINE` tells more of one.',
    ),
    ...[...groupBy(calls, ({ reason }) => reason)].flatMap(([reason, group]) => [
      heading(3, `${reason}: ${formatCount(group.length, 'site')}`),
      refusedCalls(group),
    ]),
  ];
}

interface RefusedCall {
  readonly site: SiteReport;
  readonly reason: string;
  readonly held: string;
  /** What is there in place of a call of a joint listing. */
  readonly instead: string;
}

/** The reason without what is different at each site: that is hasReaders beside it. */
function refusedCall(
  site: SiteReport,
  { target, notCalled: reason, notCalledFor, branchesHeld, fallback }: SiteTargetReport,
): RefusedCall[] {
  if (reason === null) return [];
  return [
    {
      site,
      reason: `${target}: ${branchesHeld.length > 0 ? notCalledFor : reason}`,
      held: branchesHeld.map(({ registers, by }) => `${registers} ${by}`).join(', '),
      // Who holds the registers stands beside it.
      instead: fallback === null ? '' : fallbackText(withoutHolders(fallback)),
    },
  ];
}

function withoutHolders({ instead, notDirect }: Fallback): Fallback {
  return { instead, notDirect: notDirect === null ? null : { ...notDirect, held: null } };
}

function refusedCalls(calls: readonly RefusedCall[]): DocumentBlock {
  const hasReaders = calls.some(({ held }) => held !== '');
  const joint = calls.some(({ instead }) => instead !== '');
  return {
    kind: 'table',
    columns: columns(
      ...['site', 'operation', 'instruction'],
      ...(hasReaders ? ['read by'] : []),
      ...(joint ? ['in place of it'] : []),
    ),
    groups: [...groupBy(calls, ({ site }) => site.handler ?? '')].map(([title, group]) => ({
      title,
      rows: group.map(({ site, held, instead }) => [
        ...[placeText(site), site.operation, code(site.text)],
        ...(hasReaders ? [held] : []),
        ...(joint ? [instead] : []),
      ]),
    })),
  };
}

function entry(title: string, lines: readonly EntryLine[]): DocumentBlock {
  return { kind: 'entry', title, lines };
}
