/** One site as an entry of a document: its macro, its registers, and what each target, or each way, makes of it. */
import { code, type DocumentEntry, type EntryLine, formatCount } from './document.ts';
import { groupBy } from './group.ts';
import type { Fallback, ScratchReport, SiteKind, SiteReport, SiteTargetReport, SiteWayReport } from './model.ts';
import { placeText } from './places.ts';
import { registerRanges } from './registers.ts';

/** The words for what becomes of a site. */
export const kindWords: Readonly<Record<SiteKind, string>> = {
  native: 'native',
  trap: 'left to trap',
  inPlace: 'in place',
  branch: 'call',
  patched: 'patched in place',
};

/** @param detailed with why a site is no call, or no short one, and with what every way makes of it */
export function siteEntry(site: SiteReport, detailed = false): DocumentEntry {
  const title = `${placeText(site)}  ${code(site.text)}  ${site.operation}, ${site.class}`;
  const lines: EntryLine[] = [{ label: 'macro', text: code(site.macro) }];
  const where = whereText(site);
  if (where !== '') lines.push({ label: 'where', text: where });
  for (const scratch of site.scratch) lines.push({ label: scratch.register, text: scratchText(scratch) });
  for (const [text, targets] of groupBy(site.targets, (each) => outcomeText(each, site.sources.length > 0)))
    lines.push({ label: targets.map(({ target }) => target).join(', '), text });
  if (detailed) lines.push(...whyNotLines(site), ...wayLines(site));
  return { kind: 'entry', title, lines };
}

/** Why a site is not the call that was asked for, or not a short one; where it is told for each way, that is enough. */
function whyNotLines({ targets, ways = [] }: SiteReport): EntryLine[] {
  const told = new Set(ways.flatMap(({ notCalled, longCall }) => [notCalled, longCall]));
  const reasons = targets.flatMap(({ target, ...outcome }) =>
    [outcome.notCalled, outcome.longCall].some((reason) => reason !== null && !told.has(reason))
      ? [{ target, text: whyNotText(outcome) }]
      : [],
  );
  return [...groupBy(reasons, ({ text }) => text)].map(([text, group]) => ({
    label: `${group.map(({ target }) => target).join(', ')}: why`,
    text,
  }));
}

/** Why a site is no call, and what it is instead; or why it is no short one. Empty where there is nothing to say. */
export function whyNotText({
  notCalled,
  fallback,
  longCall,
}: Pick<SiteTargetReport, 'notCalled' | 'fallback' | 'longCall'>): string {
  return [
    ...(notCalled === null ? [] : [`no call: ${notCalled}`]),
    ...(fallback === null ? [] : [`in place of it ${fallbackText(fallback)}`]),
    ...(longCall === null ? [] : [`no br.call: ${longCall}`]),
  ].join('; ');
}

/** What a site is in place of a call, and, where a direct call was tried first, why it is not that either. */
export function fallbackText({ instead, notDirect }: Fallback): string {
  if (notDirect === null) return insteadWords[instead];
  const { reason, held } = notDirect;
  return `${insteadWords[instead]}: ${held === null ? reason : `${reason}: ${held}`}`;
}

/** The words for what is in place of a call. */
export const insteadWords: Readonly<Record<Fallback['instead'], string>> = {
  e: 'a call whose branch is patched',
  d: kindWords.patched,
  t: kindWords.trap,
};

/** What every way makes of a site, alike ones together. */
function wayLines({ ways = [], sources }: SiteReport): EntryLine[] {
  const texts = ways.map((way) => ({ way, text: wayText(way, sources.length > 0) }));
  return [...groupBy(texts, ({ way, text }) => `${way.on}\n${text}`).values()].map((group) => ({
    label: `${group.map(({ way: { way } }) => way).join(', ')}: ${group[0]!.way.on}`,
    text: group[0]!.text,
  }));
}

function wayText(way: SiteWayReport, met: boolean): string {
  const { kind, possible, reason, notCalled, inPlaceOfCall } = way;
  if (kind === 'native') return 'nothing to do: the instruction itself does it';
  const instead = inPlaceOfCall === undefined ? null : `in place of it ${byLettersText(inPlaceOfCall)}`;
  const why = [
    ...(instead === null ? [] : [instead]),
    ...nonEmpty(whyNotText({ ...way, notCalled: null, fallback: instead === null ? way.fallback : null })),
  ];
  const more = why.map((each) => `; ${each}`).join('');
  if (possible) return `yes, ${outcomeText(way, met)}${more}`;
  return kind === 'trap' && notCalled === null
    ? `no: ${reason}`
    : `no: ${notCalled ?? reason ?? kindWords[kind]}${more}`;
}

function byLettersText(instead: NonNullable<SiteWayReport['inPlaceOfCall']>): string {
  return (['c', 'ce', 'ct'] as const)
    .map((letters) => {
      const kind = instead[letters];
      return `with ${letters} ${kind === null ? 'a call' : insteadWords[kind]}`;
    })
    .join(', ');
}

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}

/** In words, where the site is not plain code that stands in the listing once. */
export function whereText({
  place,
  conditions,
  expanded,
  builtFor,
}: Pick<SiteReport, 'place' | 'conditions' | 'expanded' | 'builtFor'>): string {
  const parts: string[] = [];
  if (builtFor !== undefined) parts.push(`as built for ${builtFor.join(', ')}`);
  if (place.kind === 'define') parts.push(`in the body of ${code(`#define ${place.macro}`)}`);
  if (place.kind === 'argument')
    parts.push(
      place.macro === null
        ? 'in an argument of a macro'
        : `in an argument of a macro, in ${code(`#define ${place.macro}`)}`,
    );
  if (conditions.length > 0) parts.push(conditions.map(code).join(' '));
  if (expanded === 0) parts.push('not reached in the configuration as given');
  else if (expanded > 1) parts.push(`expanded ${expanded} times`);
  return parts.join('; ');
}

export function scratchText({ register, free, reason, places }: ScratchReport): string {
  const text = reason.startsWith(`${register} is dead: `)
    ? `free: ${reason.slice(register.length + 10)}`
    : `${free ? 'free' : 'NOT FREE'}: ${reason}`;
  return places > 1 ? `${text} (and so in ${formatCount(places - 1, 'other place')})` : text;
}

/** `met`: some configuration reaches the site, so that the registers it changes are known. */
export function outcomeText(outcome: SiteTargetReport, met: boolean): string {
  const { kind, instructions, stops, slots, stopBefore, stopBehind, reason } = outcome;
  if (kind === 'native') return 'native';
  if (kind === 'trap') return `left as it is: ${reason}`;
  const around = [...(stopBefore ? ['one before'] : []), ...(stopBehind ? ['one behind'] : [])];
  const stopsText = [formatCount(stops, 'stop'), ...around].join(' and ');
  const size = `${kindWords[kind]}: ${formatCount(instructions, 'instruction')}, ${formatCount(slots, 'slot')}, ${stopsText}`;
  const whole = `${size}${sharingText(outcome)}`;
  return met ? `${whole}; changes ${changesText(outcome)}` : whole;
}

function sharingText({ shared }: SiteTargetReport): string {
  if (shared === null) return '';
  const { from, to, address, saved } = shared;
  return [
    ...(address.found === null ? [] : [`finds its address in ${address.found}, from ${placeText(from!)}`]),
    ...(saved.length === 0 ? [] : [`finds ${saved.join(', ')} saved, from ${placeText(from!)}`]),
    ...(address.left === null ? [] : [`leaves that of ${placeText(to!)} in ${address.left}`]),
  ]
    .map((text) => `; ${text}`)
    .join('');
}

function changesText({ clobbers, clobbersMore }: SiteTargetReport): string {
  if (clobbers.length === 0) return 'no register';
  const more = clobbersMore.length > 0 ? `, beyond native ${registerRanges(clobbersMore)}` : '';
  return `${registerRanges(clobbers)}${more}`;
}
