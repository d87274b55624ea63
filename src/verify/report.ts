/** What `pvasm verify` prints. */
import { Unexecutable } from '../execution/signals.ts';
import type { BodyEffort, BodyJudgement } from './bodies.ts';
import type { CoverageResult } from './coverage.ts';
import type { Entry } from './entries.ts';
import type { Effort, EntryResult, HandlersResult, SubjectResult } from './handlers.ts';
import type { Source } from './subjects.ts';

/** Most differences reported for one state, and most one-sided branches for one file. */
const REASONS = 5;
const BRANCHES = 10;

export function bodyLines(target: string, results: readonly BodyJudgement[], { states, seed }: BodyEffort): string[] {
  const wrong = results.filter(({ failures }) => failures.length > 0);
  const bodies = sum(results, (result) => result.bodies);
  const compared = sum(results, (result) => result.states - result.skipped);
  const failureLines = wrong.flatMap(({ operation, failures }) => [
    `  ${operation.name} differs from its instruction, from --seed ${failures[0]!.seed} on:`,
    ...failures[0]!.reasons.slice(0, REASONS).map((reason) => `    ${reason}`),
    `    the instruction: ${oneLine(failures[0]!.native)}`,
    `    the body:        ${oneLine(failures[0]!.body)}`,
  ]);
  const verdict = wrong.length === 0 ? 'equal' : `${wrong.length} operations differ`;
  return [
    `${target}: ${results.length} operations, ${bodies} bodies, ${states} states each from seed ${seed}, ${compared} comparisons: ${verdict}`,
    ...failureLines,
  ];
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '' && line !== 'entry:' && !line.includes('__behind'))
    .join(' ')
    .replace(/ ;;$/, '');
}

export function handlerLines(
  file: string,
  { label, entries }: SubjectResult,
  { states, seed }: Effort,
  trace: (entry: Entry, seed: number) => readonly string[],
): string[] {
  const wrong = entries.filter(({ failures }) => failures.length > 0);
  const compared = sum(entries, ({ equal }) => equal);
  const refused = entries.filter(({ refusal, failures }) => refusal !== null && failures.length === 0);
  const verdicts = [
    ...(wrong.length === 0 ? [] : [`${entryCount(wrong)} ${wrong.length === 1 ? 'differs' : 'differ'}`]),
    ...(refused.length === 0 ? [] : [`${refused.length} could not be executed`]),
  ];
  const verdict = verdicts.length === 0 ? 'equal' : verdicts.join(', ');
  return [
    `${file} for ${label}: ${entryCount(entries)}, ${states} states each from seed ${seed}, ${compared} equal: ${verdict}`,
    ...wrong.flatMap((result) => differing(result, trace)),
    ...refused.map(({ entry, refusal }) => `  ${entry.name} was not compared: ${refusal!.message}`),
    ...entries
      .filter(({ equal, failures, refusal }) => equal === 0 && failures.length === 0 && refusal === null)
      .map(untried),
  ];
}

function entryCount({ length }: { readonly length: number }): string {
  return `${length} ${length === 1 ? 'entry' : 'entries'}`;
}

function differing(
  { entry, failures }: EntryResult,
  trace: (entry: Entry, seed: number) => readonly string[],
): string[] {
  const { seed, exit, reasons } = failures[0]!;
  return [
    `  ${entry.name} differs: --entry ${entry.name} --seed ${seed} --states 1, where the source ${exit}`,
    ...reasons.slice(0, REASONS).map((reason) => `    ${reason}`),
    ...trace(entry, seed).map((line) => `  ${line}`),
  ];
}

function untried({ entry, reason }: EntryResult): string {
  return `  ${entry.name} was not compared: from no state does the source mean anything (${reason})`;
}

export function coverageLines(
  file: string,
  { image }: Source,
  { reachable, covered, missed }: CoverageResult,
): string[] {
  const share = reachable === 0 ? 100 : Math.floor((100 * covered) / reachable);
  const branchLines = missed.slice(0, BRANCHES).map(({ instruction, way }) => {
    const { file: source, start } = image.program.instructions[instruction]!;
    return `  ${source.name}:${source.position(start).line}: never ${way}`;
  });
  return [`${file}: ${covered} of ${reachable} outcomes of conditional branches met (${share} %)`, ...branchLines];
}

/**
 * The entries of a file that were not executed to their end: because of instructions without semantics, or the limit of
 * steps.
 */
export function unexecuted({ image }: Source, { subjects }: HandlersResult, steps: number): Unexecutable[] {
  const found = new Map<string, Unexecutable>();
  for (const { entry, endless, equal, failures, refusal } of subjects.flatMap(({ entries }) => entries)) {
    if (refusal !== null) found.set(refusal.message, refusal);
    if (endless === 0 || equal > 0 || failures.length > 0) continue;
    const message = `${entry.name} does not end within ${steps} instructions (--steps gives more)`;
    found.set(message, new Unexecutable(message, image.program.instructions[entry.instruction]!));
  }
  return [...found.values()];
}

function sum<T>(list: readonly T[], count: (one: T) => number): number {
  return list.reduce((total, one) => total + count(one), 0);
}
