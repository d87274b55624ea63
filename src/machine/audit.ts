/** grammar/privileged-and-sensitive.tsv: which instructions a hypervisor must see, and why, in words. */
import auditText from '../../grammar/privileged-and-sensitive.tsv';
import type { Effects } from './effects.ts';
import { resourceNamed } from './resources.ts';
import { cellWords, tableRows } from './tsv.ts';

/** One line of the table: an intercept point. The columns are described in its head. */
export interface AuditEntry {
  /** Its place in the table. */
  readonly index: number;
  readonly forms: readonly string[];
  /** Resources of which the instruction must read or write one; empty: any. */
  readonly resources: readonly number[];
  readonly class: 'privileged' | 'sensitive' | 'conditional';
  readonly rewrite: 'yes' | 'audit' | 'no';
  readonly title: string;
  readonly why: string;
  readonly without: string;
  readonly section: string;
}

/** Every line, in the order of the table. */
export const auditEntries: readonly AuditEntry[] = tableRows(auditText).map((row, index) => {
  const [forms, registers, kind, rewrite, title, why, without, section] = row as [string, ...string[]];
  return {
    index,
    forms: cellWords(forms),
    resources: cellWords(registers!).map(resourceNamed),
    class: kind as AuditEntry['class'],
    rewrite: rewrite as AuditEntry['rewrite'],
    title: title!,
    why: why!,
    without: without!,
    section: section!,
  };
});

const byForm = new Map<string, AuditEntry[]>();
for (const entry of auditEntries) {
  for (const form of entry.forms) {
    const list = byForm.get(form);
    if (list === undefined) byForm.set(form, [entry]);
    else list.push(entry);
  }
}

/** What the table says of an instruction; undefined when a hypervisor need not see it. */
export function auditEntry({ form, reads, writes }: Effects): AuditEntry | undefined {
  if (form === null) return undefined;
  return byForm
    .get(form.id)
    ?.find(
      ({ resources }) =>
        resources.length === 0 || resources.some((resource) => reads.includes(resource) || writes.includes(resource)),
    );
}
