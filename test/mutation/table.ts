/** The share of planted faults that the lint catches, as the README has it. */
import type { Tried } from './campaign.ts';
import { byFault } from './mutant.ts';

export function table(tried: readonly Tried[]): string {
  const rows = ['| planted fault | planted | caught | share | rules |', '|---|---:|---:|---:|---|'];
  for (const [fault, of] of byFault(tried)) rows.push(row(fault, of));
  rows.push(row('**all**', tried));
  return rows.join('\n');
}

function row(fault: string, tried: readonly Tried[]): string {
  const caught = tried.filter((each) => each.caughtBy !== null);
  const rules = [...new Set(caught.map((each) => each.caughtBy!))].sort();
  const names = fault === '**all**' ? '' : rules.join(', ');
  return `| ${fault} | ${tried.length} | ${caught.length} | ${percent(caught.length, tried.length)} | ${names} |`;
}

/** Never rounded up to 100. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '-';
  return `${Math.floor((part / whole) * 1000) / 10} %`;
}

/** One line for each fault that was missed. */
export function misses(tried: readonly Tried[]): readonly string[] {
  return tried
    .filter((each) => each.caughtBy === null)
    .map(
      ({ fault, file, what, others }) =>
        `${fault}: ${file}: ${what.replace(/\s+/g, ' ')}${others.length === 0 ? '' : ` (only ${others.join(', ')})`}`,
    );
}
