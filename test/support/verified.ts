/** The handlers that `pvasm verify` compares, and the lines of docs/figures.md for them. */
import { type Configuration, kernel } from './kernel.ts';

/** Files, and states for each of their entries. */
export const VERIFIED: readonly (readonly [file: string, states: number])[] = [
  ['ivt.S', 60],
  ['entry.S', 60],
  ['fsys.S', 300],
  ['pal.S', 60],
];

export const VERIFIED_TARGETS: readonly string[] = ['xen:a', 'xen:b', 'xen'];

export const VERIFIED_HEADING = [
  "Linux 6.1's handlers beside their listings for `xen:a`, `xen:b` and `xen`: all equal. Entries are vectors and routines; compared",
  'are states from which the source means something, over the three listings; outcomes are those of the conditional branches that',
  'control can come to:',
  '',
  '| file | configuration | states | entries | compared | outcomes met |',
  '|---|---|---:|---:|---:|---:|',
].join('\n');

export function verifyArguments(
  file: string,
  configuration: Configuration,
  states: number,
  targets: readonly string[] = VERIFIED_TARGETS,
): string[] {
  const options = targets.flatMap((target) => ['-t', target]);
  return ['verify', kernel().plain(file), ...options, ...kernel().flags(configuration), '--states', String(states)];
}

/** @param told what `pvasm verify` has printed of one file */
export function verifiedRow(file: string, configuration: Configuration, states: number, told: string): string {
  const entries = /(\d+) entr(?:y|ies), /.exec(told)?.[1] ?? 'no';
  const equal = [...told.matchAll(/, (\d+) equal: equal$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  const [, met, all] = /(\d+) of (\d+) outcomes/.exec(told) ?? [];
  return `| ${file} | ${configuration.toUpperCase()} | ${states} | ${entries} | ${equal} | ${met} of ${all} |`;
}
