/** What `pvasm verify` prints. */
import type { BodyEffort, BodyJudgement } from './bodies.ts';
import type { Entry } from './entries.ts';
import type { CoverageResult, Effort, EntryResult, HandlersResult, Source, SubjectResult } from './handlers.ts';

/** Differences told of one state, and one-sided branches told of one file. */
const REASONS = 5;
const BRANCHES = 10;

export function bodyLines(target: string, results: readonly BodyJudgement[], { states, seed }: BodyEffort): string[] {
  const wrong = results.filter(({ failures }) => failures.length > 0);
  const bodies = sum(results, (result) => result.bodies);
  const compared = sum(results, (result) => result.states - result.skipped);
  const told = wrong.flatMap(({ operation, failures }) => [
    `  ${operation.name} differs from its instruction, from --seed ${failures[0]!.seed} on:`,
    ...failures[0]!.reasons.slice(0, REASONS).map((reason) => `    ${reason}`),
    `    the instruction: ${oneLine(failures[0]!.native)}`,
    `    the body:        ${oneLine(failures[0]!.body)}`,
  ]);
  const verdict = wrong.length === 0 ? 'equal' : `${wrong.length} operations differ`;
  return [
    `${target}: ${results.length} operations, ${bodies} bodies, ${states} states each from seed ${seed}, ${compared} comparisons: ${verdict}`,
    ...told,
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
  const verdict = wrong.length === 0 ? 'equal' : `${wrong.length} entries differ`;
  return [
    `${file} for ${label}: ${entries.length} entries, ${states} states each from seed ${seed}, ${compared} equal: ${verdict}`,
    ...wrong.flatMap((result) => differing(result, trace)),
    ...entries.filter(({ equal, failures }) => equal === 0 && failures.length === 0).map(untried),
  ];
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
  const told = missed.slice(0, BRANCHES).map(({ instruction, way }) => {
    const { file: source, start } = image.program.instructions[instruction]!;
    return `  ${source.name}:${source.position(start).line}: never ${way}`;
  });
  return [`${file}: ${covered} of ${reachable} outcomes of conditional branches met (${share} %)`, ...told];
}

/** An entry from which the source ran longer than it may, whatever the state. */
export function endlessEntry({ subjects }: HandlersResult): Entry | null {
  for (const { entries } of subjects)
    for (const { entry, endless, equal, failures } of entries)
      if (endless > 0 && equal === 0 && failures.length === 0) return entry;
  return null;
}

function sum<T>(list: readonly T[], count: (one: T) => number): number {
  return list.reduce((total, one) => total + count(one), 0);
}
