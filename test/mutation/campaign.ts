/** Plants the faults one by one, runs the lint on each, and says which it caught. */
import type { Finding } from '../../src/lint/finding.ts';
import { ruleById } from '../../src/lint/registry.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { applyEdits, type Edit } from '../../src/syntax/edits.ts';
import { kernel } from '../support/kernel.ts';
import { wrongArguments } from './faults/arguments.ts';
import { brokenFlow } from './faults/flow.ts';
import { lostStops } from './faults/groups.ts';
import { capturedLabels } from './faults/labels.ts';
import { missedSites } from './faults/missed.ts';
import { liveScratch } from './faults/registers.ts';
import { grownHandlers } from './faults/slots.ts';
import { byFault, type Mutant } from './mutant.ts';
import { seeded, shuffled } from './random.ts';
import { callOf, FILES, findingsIn, macroised } from './subject.ts';

export interface Tried extends Mutant {
  /** The rule that caught it; null: missed. */
  readonly caughtBy: string | null;
  /** Of one that is missed: the rules that said something else, for the list. */
  readonly others: readonly string[];
}

export interface Size {
  /** How many mutants of a class are run; the choice is by seed. */
  readonly perClass: number;
  /** How many stops of a file, and how many vector slots, are tried with the assembler. */
  readonly stops: number;
  readonly slots: number;
}

/** Of every class enough to see a weakness, in the time of a test. */
export const SMALL: Size = { perClass: 28, stops: 20, slots: 8 };
/** All there are. */
export const WHOLE: Size = { perClass: 1_000_000, stops: 1_000_000, slots: 1_000_000 };

/** All mutants of a size, by class in the order of the table. */
export function plant(size: Size): readonly Mutant[] {
  const mutants = [
    ...liveScratch(),
    ...wrongArguments(),
    ...lostStops(size.stops),
    ...missedSites(),
    ...grownHandlers(size.slots),
    ...capturedLabels(),
    ...brokenFlow(),
  ];
  const classes = byFault(mutants);
  return [...classes].flatMap(([fault, all]) => shuffled(all, seeded(fault)).slice(0, size.perClass));
}

/** Runs the lint on every mutant: the rules that are about its fault, and all rules where those miss it. */
export function hunt(mutants: readonly Mutant[]): readonly Tried[] {
  const before = new Map(FILES.map((file) => [file, new Set(findingsIn(callOf(file), macroised).map(identity))]));
  return mutants.map((mutant) => tryOne(mutant, before.get(mutant.file)!));
}

function tryOne(mutant: Mutant, before: ReadonlySet<string>): Tried {
  const text = applyEdits(macroised.get(mutant.file)!, mutant.edits);
  const newFindings = (rules?: readonly Rule[]): readonly Finding[] =>
    findingsIn(callOf(mutant.file), new Map(macroised).set(mutant.file, text), rules).filter(
      (finding) => !before.has(identity(finding)),
    );
  const fitting = newFindings(mutant.rules.map((id) => ruleById(id)!)).filter((finding) =>
    isThere(finding, mutant, text),
  );
  const catching = fitting.sort((a, b) => mutant.rules.indexOf(a.rule) - mutant.rules.indexOf(b.rule))[0];
  if (catching !== undefined) return { ...mutant, caughtBy: catching.rule, others: [] };
  return { ...mutant, caughtBy: null, others: [...new Set(newFindings().map(({ rule }) => rule))] };
}

/** Findings of the sources as they are, if any, must be told from new ones although lines move. */
function identity({ rule, file, message, fingerprint }: Finding): string {
  return `${rule} ${file.name} ${fingerprint} ${message.replace(/\d+/g, '')}`;
}

/** Does a finding, or a place that it refers to, stand in the mutant's lines, or name its register in the same routine? */
function isThere(finding: Finding, mutant: Mutant, text: string): boolean {
  const path = kernel().plain(mutant.file);
  const from = text.lastIndexOf('\n', moved(mutant.start, mutant.edits, false) - 1) + 1;
  const newline = text.indexOf('\n', moved(mutant.end, mutant.edits, true));
  const to = newline === -1 ? text.length : newline;
  const places = [finding, ...finding.related];
  if (places.some(({ file, start, end }) => file.name === path && start <= to && end >= from)) return true;
  if (mutant.register === null || finding.file.name !== path) return false;
  const names = new RegExp(`\\b${mutant.register}\\b`).test(finding.message);
  return names && routineAt(text, finding.start) === routineAt(text, from);
}

/** Where an offset of the text without the fault is in the text with it. */
function moved(offset: number, edits: readonly Edit[], behind: boolean): number {
  let shift = 0;
  for (const { start, end, text } of edits)
    if (behind ? start <= offset : end <= offset) shift += text.length - (end - start);
  return offset + shift;
}

/** The routine around an offset, by the last ENTRY before it. */
function routineAt(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('ENTRY(', offset), text.lastIndexOf('#define', offset));
}
