/**
 * The files that listings of alternative C are linked with: for each target its routines and the words of the table that refer to
 * them, and a header with the numbers of the slots.
 */
import { groupTexts } from './listing.ts';
import { slotSymbol, type TableSlot } from './table-calls.ts';

export interface TableFile {
  readonly place: string;
  readonly text: string;
}

/** The symbol of the table that sites load from. */
export const TABLE = 'pv_table';

export function wordsSymbol(target: string): string {
  return `${TABLE}_${identifier(target)}`;
}

/**
 * @param label of the listings: `native+xen:c`
 * @param targets in the order of the slots' routines
 * @param base the target whose words the table holds before it is filled
 */
export function tableFiles(
  label: string,
  targets: readonly string[],
  base: string,
  slots: readonly TableSlot[],
): TableFile[] {
  if (slots.length === 0) return [];
  const all = sortedSlots(slots);
  const made = `/* Made by pvasm build -t ${label}. */\n`;
  const fills = targets.map((target, index) => ({
    place: `${wordsSymbol(target)}.S`,
    text: `${made}${fillText(target, index, target === base, all)}`,
  }));
  return [{ place: `${TABLE}.h`, text: `${made}${headerText(targets, base, all)}` }, ...fills];
}

/** Each slot once: first those that hold addresses, then those that hold distances; both sorted by name. */
export function sortedSlots(slots: readonly TableSlot[]): TableSlot[] {
  const byName = new Map<string, TableSlot>();
  for (const slot of slots) {
    const known = byName.get(slot.name);
    if (known !== undefined && textOf(known) !== textOf(slot)) throw new Error(`two routines are called ${slot.name}`);
    byName.set(slot.name, slot);
  }
  const key = ({ addressing, name }: TableSlot) => `${addressing} ${name}`;
  return [...byName.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function textOf({ routines }: TableSlot): string {
  return routines.map((items) => groupTexts(items).join('\n')).join('\0');
}

function identifier(name: string): string {
  return name.replace(/\W/g, '_');
}

function routineSymbol(target: string, { name }: TableSlot): string {
  return `pv_${identifier(target)}_${name}`;
}

function fillText(target: string, index: number, isBase: boolean, slots: readonly TableSlot[]): string {
  const words = wordsSymbol(target);
  const wordOf = (slot: TableSlot) =>
    `\tdata8 ${routineSymbol(target, slot)}${slot.addressing === 'relative' ? '-.' : ''}\n`;
  const table = slots.flatMap((slot) => {
    const symbol = slotSymbol(slot);
    return [`\t.global ${symbol}\n${symbol}:\n`, wordOf(slot)];
  });
  const routines = slots.map(
    (slot) =>
      `\n\t/* ${slot.operation.name} ${slot.assignment} */\n${routineSymbol(target, slot)}:\n${groupTexts(
        slot.routines[index]!,
      )
        .map((line) => `\t${line}\n`)
        .join('')}`,
  );
  return `${isBase ? dataText(TABLE, '.data', table) : ''}${dataText(words, '.rodata', slots.map(wordOf))}
	.text
	.align 16
${routines.join('')}`;
}

function dataText(symbol: string, section: string, lines: readonly string[]): string {
  return `
	${section === '.data' ? '.data' : `.section ${section}, "a"`}
	.align 8
	.global ${symbol}
	.type ${symbol}, @object
${symbol}:
${lines.join('')}	.size ${symbol}, .-${symbol}
`;
}

function headerText(targets: readonly string[], base: string, slots: readonly TableSlot[]): string {
  const numbers = slots.map((slot, number) => `#define PV_SLOT_${slot.name.toUpperCase()} ${number}\n`);
  const absolute = slots.filter(({ addressing }) => addressing === 'absolute').length;
  const fields = slots.map(
    ({ name, operation, assignment }) => `\tunsigned long ${name};\t/* ${operation.name} ${assignment} */\n`,
  );
  return `#ifndef PV_TABLE_H
#define PV_TABLE_H

/* The words of the table. The first PV_TABLE_ABSOLUTE hold the address of a routine, the others its distance from the word. */
#define PV_TABLE_SLOTS ${slots.length}
#define PV_TABLE_ABSOLUTE ${absolute}
${numbers.join('')}
#ifndef __ASSEMBLER__

/* Addresses are those of code, not of descriptors. */
struct pv_table {
${fields.join('')}};

/* What sites load from; to begin with it holds the words of ${base}. */
extern struct pv_table ${TABLE};

/* The words of each target. */
extern const struct pv_table ${targets.map(wordsSymbol).join(', ')};

/* Makes all sites go to the routines of the target whose words are given: of all processors, one calls it, and none is in a site. */
static inline void pv_table_fill(struct pv_table *table, const struct pv_table *words)
{
	volatile unsigned long *to = (volatile unsigned long *) table;
	const unsigned long *from = (const unsigned long *) words;
	unsigned long at;

	for (at = 0; at < PV_TABLE_SLOTS; at++)
		to[at] = at < PV_TABLE_ABSOLUTE ? from[at] : from[at] + ((unsigned long) words - (unsigned long) table);
}

#endif
#endif
`;
}
