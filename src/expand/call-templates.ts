/** The code of calls and of returns from routines (grammar/alternatives.tsv). */
import alternativesTable from '../../grammar/alternatives.tsv';
import type { BodyItem } from './body-item.ts';
import { textItems } from './expansion.ts';

export type Addressing = 'absolute' | 'relative';

/** How a site reaches its routine: by an absolute or a relative address, or by `br.call`. */
export type CallWay = Addressing | 'call';

const templates = new Map(
  alternativesTable
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map(([alternative, addressing, part, text]) => [`${alternative} ${addressing} ${part}`, text!]),
);

/** The code of a site that calls a routine. */
export function callItems(way: CallWay, slots: Readonly<Record<string, string>>): readonly BodyItem[] {
  return textItems(fill(templates.get(`A ${way} site`)!, slots));
}

/** The code of a site that finds its routine in a table. */
export function tableCallItems(addressing: Addressing, slots: Readonly<Record<string, string>>): readonly BodyItem[] {
  return textItems(fill(templates.get(`C ${addressing} site`)!, slots));
}

/** The code at the end of a routine. */
export function returnItems(way: CallWay, branch: string): readonly BodyItem[] {
  return textItems(fill(templates.get(`A ${way} return`)!, { branch }));
}

function fill(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => slots[name]!).replace(/^(\d+:) /, '$1 ; ');
}
