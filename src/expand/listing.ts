/** Writes listings: the source with every site expanded, followed by the routines that it calls. */

import { createHash } from 'node:crypto';
import { SERIALIZE_DATA } from '../machine/serialization.ts';
import { fileKey } from '../project/files.ts';
import { nativeText } from '../project/native.ts';
import type { SpelledBundle } from '../project/spelled.ts';
import type { Site } from '../rewrite/site.ts';
import { replaceSite } from '../rewrite/spell.ts';
import type { Edit } from '../syntax/edits.ts';
import { lineMarker, presumedPlace } from '../syntax/line-markers.ts';
import type { SourceText } from '../syntax/source.ts';
import type { Tree } from '../syntax/tree.ts';
import type { BodyItem } from './body-item.ts';
import { ROUTINE_SECTION, usedSymbol } from './branching.ts';
import { fitsBundle } from './bundles.ts';
import { itemText, type SharedRoutine } from './expansion.ts';
import { type MovedTail, tailEdits } from './moved-tail.ts';
import type { PlannedSite } from './planned-site.ts';

/** An edit of a listing, with the site it comes from; null for a line marker that belongs to none. */
export interface ListingEdit extends Edit {
  readonly planned: PlannedSite | null;
}

/** Expansions of more instructions than this are written one instruction group a line. */
const longestLine = 4;

/** Makes the line marker of an offset in a file; null: listings get no line markers. */
export type LineMarking = ((file: SourceText, offset: number) => string) | null;

/** Markers with the path under which the file was given. */
export const lineMarks: LineMarking = (file, offset) =>
  lineMarker(presumedPlace(file, offset, fileKey(file)), file.dialect);

/**
 * The edits that make a file's listing.
 * @param head the first line; null: none
 * @param moved the tails of this file's vectors that are moved out of line
 */
export function listingEdits(
  tree: Tree,
  planned: readonly PlannedSite[],
  marks: LineMarking,
  head: string | null,
  moved: readonly MovedTail[] = [],
): ListingEdit[] {
  // Insertions before a line come first: a site may begin that line.
  const edits: ListingEdit[] = moved.flatMap((tail) =>
    tailEdits(tail, marks).map((edit) => ({ ...edit, planned: null })),
  );
  const definitions: string[] = head === null ? [] : [head];
  const opened = new Set<SpelledBundle>();
  for (const site of planned) {
    const { bundle } = site.site.surroundings;
    if (bundle !== null && !opened.has(bundle) && !fitsBundle(site)) {
      opened.add(bundle);
      edits.push(...openBundle(tree, bundle).map((edit) => ({ ...edit, planned: site })));
    }
    const text = siteText(site, marks, definitions);
    if (text !== null)
      edits.push(...replaceSite(site.site, text + linesOf(site.site)).map((edit) => ({ ...edit, planned: site })));
  }
  if (marks !== null) edits.push(...behindLongDefines(tree.file, edits, marks));
  edits.sort((a, b) => a.start - b.start);
  if (edits.length > 0 || head !== null)
    edits.unshift({ start: 0, end: 0, text: header(definitions, tree.file, marks), planned: null });
  return edits;
}

/** As many line ends as the site has: so all later lines keep their numbers. */
function linesOf({ file, start, end }: Site): string {
  return ' \\\n'.repeat(file.text.slice(start, end).split('\n').length - 1);
}

/** A `#define` that has more lines than before would shift all lines behind it. */
function behindLongDefines(
  file: SourceText,
  edits: readonly ListingEdit[],
  marks: NonNullable<LineMarking>,
): ListingEdit[] {
  const starts = new Set<number>();
  for (const { planned, text } of edits) {
    const end = planned?.site.surroundings.define?.end;
    if (end === undefined || !text.includes('\n')) continue;
    const start = file.text.indexOf('\n', end) + 1;
    if (start > 0) starts.add(start);
  }
  return [...starts].map((start) => ({ start, end: start, text: `${marks(file, start)}\n`, planned: null }));
}

/**
 * The text after that of the file: the routines that its sites, and those of its headers, call. Line markers give each routine the
 * line of the first site that calls it.
 */
export function routinesText(file: SourceText, planned: readonly PlannedSite[], marks: LineMarking): string {
  const callers = new Map<string, PlannedSite>();
  for (const site of planned) {
    const label = site.expansion.routine?.label;
    if (label !== undefined && !callers.has(label)) callers.set(label, site);
  }
  if (callers.size === 0) return '';
  const texts = [...callers.values()].map(({ expansion, site }) => {
    const place = marks === null ? null : presumedPlace(site.file, site.start, fileKey(site.file));
    return routineText(expansion.routine!, place === null ? '' : `${lineMarker(place, file.dialect)}\n`);
  });
  return `${file.text.endsWith('\n') ? '' : '\n'}\n\t${ROUTINE_SECTION}\n${texts.join('')}`;
}

/** The start of a listing: definitions, then the line marker that makes messages name the source. */
function header(definitions: readonly string[], file: SourceText, marks: LineMarking): string {
  return [
    ...definitions,
    ...(marks === null ? [] : [lineMarker({ name: fileKey(file), line: 1 }, file.dialect)]),
    '',
  ].join('\n');
}

/** The text that replaces a site; null when the source's text stays. */
function siteText(planned: PlannedSite, marks: LineMarking, definitions: string[]): string | null {
  const { site, expansion } = planned;
  if (expansion.kind === 'native' || expansion.kind === 'trap')
    return site.spelling === 'instruction' ? null : spelledNative(site);
  const items = itemsOf(planned);
  const { place } = site.surroundings;
  if (place === 'argument') return argumentText(items, site, definitions);
  const lines = groupLines(items).map((text) => withoutCapture(text, site, definitions));
  if (expansion.instructions <= longestLine) return joinGroups(lines, ' ');
  if (place === 'define') return joinGroups(lines, '\t\\\n\t');
  return joinGroups(lines, marks === null ? '\n\t' : `\n${marks(site.file, site.start)}\n\t`);
}

/** An expansion with the stops around it. */
function itemsOf({ expansion, stops }: PlannedSite): BodyItem[] {
  const stop: BodyItem = { kind: 'stop' };
  const serialized: BodyItem = { kind: 'directive', text: SERIALIZE_DATA };
  return [
    ...(stops.before ? [stop] : []),
    ...(stops.serialize ? [serialized] : []),
    ...expansion.items,
    ...(stops.behind ? [stop] : []),
  ];
}

/** The code of a site for a reader: one instruction group in each line. */
export function expansionLines(planned: PlannedSite): string[] {
  if (planned.expansion.kind === 'native' || planned.expansion.kind === 'trap') return [spelledNative(planned.site)];
  return groupTexts(itemsOf(planned));
}

/** A shared routine, in the form of {@link expansionLines}. */
export function routineLines({ label, items }: SharedRoutine): string[] {
  return [`${label}:`, ...groupTexts(items)];
}

/** Items in the form of {@link expansionLines}. */
export function groupTexts(items: readonly BodyItem[]): string[] {
  const lines = groupLines(items);
  return lines.map((line, at) => (at < lines.length - 1 ? `${line} ;;`.trim() : line)).filter((line) => line !== '');
}

/** Joins lines by stops. An empty last line stands for a stop at the end, which needs no `toNext`. */
function joinGroups(lines: readonly string[], toNext: string): string {
  const text = lines.map((line, index) => (index < lines.length - 1 ? `${line} ;;` : line));
  if (text.length > 1 && text.at(-1) === '') text.pop();
  return text.join(toNext).trim();
}

function spelledNative(site: Site): string {
  const operand = (slot: string) =>
    site.operands[site.operation.slots.findIndex((candidate) => candidate.name === slot)]!;
  return nativeText(
    site.operation,
    operand,
    (slot) => site.predicates[site.operation.predicates.indexOf(slot)] ?? null,
  );
}

/** The text of a site in a macro argument, which a comma would end: a text with commas is defined as a macro of its own. */
function argumentText(items: readonly BodyItem[], site: Site, definitions: string[]): string {
  const text = withoutCapture(groupLines(items).join(' ;; ').trim(), site, definitions);
  if (!text.includes(',')) return text;
  const parameters = (site.surroundings.define?.parameters ?? []).filter((name) => hasWord(text, name));
  const list = parameters.length === 0 ? '' : `(${parameters.join(', ')})`;
  // The name has a hash of the text, as a header and its source may both define such macros.
  const name = `PVASM_SITE_${createHash('sha256').update(`${list} ${text}`, 'latin1').digest('hex').slice(0, 8)}`;
  const definition = `#define ${name}${list} ${text}`;
  if (!definitions.includes(definition)) definitions.push(definition);
  return `${name}${list}`;
}

/** Protects words from parameters of the `#define` around a site: `i` would replace the completer of `break.i`. */
function withoutCapture(text: string, { surroundings }: Site, definitions: string[]): string {
  let safe = text;
  for (const parameter of surroundings.define?.parameters ?? []) {
    const completer = new RegExp(`\\.${parameter}(?!\\w)`, 'g');
    if (!completer.test(text)) continue;
    const name = `PVASM_COMPLETER_${parameter}`;
    const definition = `#define ${name} ${parameter}`;
    if (!definitions.includes(definition)) definitions.push(definition);
    safe = safe.replace(completer, `.${name}`);
  }
  return safe;
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text);
}

/** One text for each instruction group; an empty text at either end stands for a stop there. */
function groupLines(items: readonly BodyItem[]): string[] {
  const lines: string[] = [''];
  for (const item of items) {
    if (item.kind === 'stop') lines.push('');
    else {
      const comment = item.kind === 'instruction' && item.comment !== '' ? ` /* ${item.comment} */` : '';
      const before = lines[lines.length - 1]!;
      lines[lines.length - 1] = `${before}${before === '' ? '' : separator(before)}${itemText(item)}${comment}`;
    }
  }
  return lines;
}

/** The separator after an item: none after a label. */
function separator(before: string): string {
  return /:$/.test(before) ? ' ' : '; ';
}

/** Removes the braces and the template of an explicit bundle, so that the assembler packs the instructions itself. */
function openBundle(tree: Tree, { open, close }: SpelledBundle): Edit[] {
  return [open, close].map((node) => ({
    start: tree.tokens[node.first]!.start,
    end: tree.tokens[node.last]!.end,
    text: '',
  }));
}

/** @param marker a line before each line of the routine; may be empty */
function routineText(routine: SharedRoutine, marker: string): string {
  const body = groupLines(routine.items).map((line) => `${marker}\t${line} ;;\n`);
  return `\t.ifdef ${usedSymbol(routine)}\n${routine.label}:\n${body.join('').replace(/ ;;\n$/, '\n')}\t.endif\n`;
}

/** The routines that these sites call, each once, in order. */
export function routinesOf(planned: readonly PlannedSite[]): SharedRoutine[] {
  const routines = new Map<string, SharedRoutine>();
  for (const { expansion } of planned)
    if (expansion.routine !== null) routines.set(expansion.routine.label, expansion.routine);
  return [...routines.values()];
}

/** Sites of a file. */
export function sitesOf(file: SourceText, planned: readonly PlannedSite[]): PlannedSite[] {
  return planned.filter(({ site }) => site.file.name === file.name);
}
