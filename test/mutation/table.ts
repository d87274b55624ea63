/** The share of planted faults that the lint catches, as docs/figures.md has it. */
import type { Tried } from './campaign.ts';
import { byFault } from './mutant.ts';

/** What docs/figures.md says: the table, and what is missed and why. */
export function summary(tried: readonly Tried[]): string {
  const missed = tried.filter((each) => each.caughtBy === null);
  const reasons = [...byFault(missed)].map(
    ([fault, of]) => `- ${fault}, ${of.length}: ${REASONS[fault] ?? 'not explained'}`,
  );
  return [
    'Faults planted one at a time in the macro-ised kernel files (`npm run mutation`), and how many of them `pvasm check` catches',
    'with a finding at the planted place, of a rule that is about such a fault:',
    '',
    table(tried),
    ...(reasons.length === 0 ? [] : ['', 'What is missed:', '', ...reasons]),
  ].join('\n');
}

/** Why faults of a class can be missed: of each class that has misses, or the summary says that nobody knows. */
const REASONS: Readonly<Record<string, string>> = {
  'wrong direction':
    'the register holds a value before and is read behind, so that reading and writing both make sense to a machine',
  'operand and scratch exchanged':
    'the scratch register, too, holds a value from before; nothing says that it was not the one that was meant',
  'restore on one path only': 'what only a nested miss destroys may be given back where there was one',
  'register destroyed against a convention':
    'code of this file that the routine comes back to reads the register, so that it counts as one that may have been saved',
  'local that nobody wrote':
    'it has another value from before, or the routine is not global, so that nothing says who enters it',
  'operands swapped':
    '`ptc.l` and `itr.d` take two values in two registers; which is the address, only their meaning tells',
};

export function table(tried: readonly Tried[]): string {
  const rows = ['| planted fault | planted | caught | share | by |', '|---|---:|---:|---:|---|'];
  for (const [fault, of] of byFault(tried)) rows.push(row(fault, of));
  rows.push(row('**all**', tried));
  return rows.join('\n');
}

function row(fault: string, tried: readonly Tried[]): string {
  const caught = tried.filter((each) => each.caughtBy !== null);
  const names = fault === '**all**' ? '' : byRule(caught);
  return `| ${fault} | ${tried.length} | ${caught.length} | ${percent(caught.length, tried.length)} | ${names} |`;
}

/** `PV003 12, PV015 4`; without numbers where there is one rule. */
function byRule(caught: readonly Tried[]): string {
  const counts = new Map<string, number>();
  for (const { caughtBy } of caught) counts.set(caughtBy!, (counts.get(caughtBy!) ?? 0) + 1);
  const rules = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return rules.map(([rule, count]) => (rules.length === 1 ? rule : `${rule} ${count}`)).join(', ');
}

/** Never rounded up to 100. */
function percent(part: number, whole: number): string {
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
