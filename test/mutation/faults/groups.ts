/** Stops and serializations that are lost. Whether one was needed, the assembler says. */

import { applyEdits } from '../../../src/syntax/edits.ts';
import { blankComments } from '../calls.ts';
import { type Mark, marked } from '../marks.ts';
import type { Mutant } from '../mutant.ts';
import { seeded, shuffled } from '../random.ts';
import { type Assembled, assembled, FILES, listing, macroised, sourceOf } from '../subject.ts';

interface Lost extends Mark {
  readonly text: string;
  readonly fault: string;
  readonly rules: readonly string[];
}

const STOP = { fault: 'dropped stop', text: ';', rules: ['PV009'] };
const SERIALIZATION = { fault: 'dropped serialization', text: '', rules: ['PV010'] };

/** @param sample how many stops of each file are tried */
export function lostStops(sample: number): readonly Mutant[] {
  const places = FILES.flatMap((file) => [...stopsIn(file, sample), ...serializationsIn(file)].sort(byStart));
  const judged = marked(places);
  const needed = places.filter(({ file, text }, number) =>
    isComplaint(judged.judge(sourceOf(file), new Map([[number, text]]))),
  );
  const fused = FILES.flatMap(fusedSerializationsIn).filter((place) => {
    const { file, start, end, text } = place;
    const texts = new Map(macroised).set(file, applyEdits(macroised.get(file)!, [{ start, end, text }]));
    return isComplaint(assembled(listing(sourceOf(file), texts, true)));
  });
  return [...needed, ...fused].map(mutant);
}

function isComplaint({ object, warnings }: Assembled): boolean {
  return object !== null && warnings > 0;
}

function byStart(a: Mark, b: Mark): number {
  return a.start - b.start;
}

function stopsIn(file: string, sample: number): readonly Lost[] {
  const found = placesOf(file, /;;/g).map((place) => ({ ...place, ...STOP }));
  return shuffled(found, seeded(`stops ${file}`)).slice(0, sample);
}

function serializationsIn(file: string): readonly Lost[] {
  return placesOf(file, /\bsrlz\.[di]\b/g).map((place) => ({ ...place, ...SERIALIZATION }));
}

/** `ASM_SSM_PSR_SRLZ_I` for `ASM_SSM_PSR`. */
function fusedSerializationsIn(file: string): readonly Lost[] {
  return placesOf(file, /_SRLZ_[DI](?=\()/g).map((place) => ({ ...place, ...SERIALIZATION }));
}

/** Directives of the preprocessor stay as they are, but not the macros that they define. */
function placesOf(file: string, pattern: RegExp): readonly Mark[] {
  const code = blankComments(macroised.get(file)!).replace(/^[ \t]*#[ \t]*(?!define)\w+.*$/gm, (line) =>
    ' '.repeat(line.length),
  );
  return [...code.matchAll(pattern)].map(({ index, 0: text }) => ({ file, start: index, end: index + text.length }));
}

/** A violation stands between the instructions of the two groups that became one, or behind the lost serialization. */
function mutant({ file, start, end, text, fault, rules }: Lost): Mutant {
  const whole = macroised.get(file)!;
  const isStop = fault === STOP.fault;
  const line = whole.slice(0, start).split('\n').length;
  const [from, to] = isStop ? groupsAround(whole, start, end) : routineAround(whole, start);
  return {
    fault,
    file,
    edits: [{ start, end, text }],
    rules: isStop ? [...rules, 'PV010'] : [...rules, 'PV009'],
    start: from,
    end: to,
    register: null,
    what: `${whole.slice(start, end)} lost in line ${line}: ${whole.split('\n')[line - 1]!.trim()}`,
  };
}

function groupsAround(text: string, start: number, end: number): readonly [number, number] {
  const before = text.lastIndexOf(';;', start - 1);
  const behind = text.indexOf(';;', end);
  return [before === -1 ? 0 : before + 2, behind === -1 ? text.length : behind];
}

/** What must be serialized may stand far in front of what needs it: the routine counts. */
function routineAround(text: string, at: number): readonly [number, number] {
  const end = text.indexOf('END(', at);
  return [Math.max(0, text.lastIndexOf('ENTRY(', at)), end === -1 ? text.length : end];
}
