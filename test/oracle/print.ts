/** Programs as text for cpp and gas. */
import { spell } from './instructions.ts';
import type { Alias, Elsewhere, Fault, Instruction, Item, Macro, Program, Register, Table } from './program.ts';

export interface Printed {
  readonly text: string;
  /** The line of each instruction of the tree, from 1; none for one that stands with others on a line. */
  readonly lines: ReadonlyMap<Instruction, number>;
}

export function print(program: Program): Printed {
  const printer = new Printer();
  for (const { label, name } of program.entries) {
    printer.line(`\t.global ${name ?? label}`);
    if (name !== undefined) printer.line(`\t.set ${name}, ${label}`);
  }
  // The attributes that all pairs go by: .xdata gives none.
  if (program.kinds.includes('faults')) printer.line('\t.section __ex_table, "a"');
  for (const macro of program.macros) printer.macro(macro);
  printer.section(program.entries.some((entry) => entry.as === 'vector') ? '\t.section .text.ivt,"ax"' : '\t.text');
  if (program.entries[0]?.as === 'vector') for (const line of ['\t.align 32768', 'table:']) printer.line(line);
  program.entries.forEach(({ as }) => {
    if (as === 'vector') printer.line('\t.org table+0x400');
  });
  printer.items(program.items);
  for (const table of program.tables) printer.table(table);
  return { text: `${printer.text.join('\n')}\n`, lines: printer.lines };
}

/** `.previous` would not do: a table in between has a section of its own. */
const ELSEWHERE: Readonly<Record<Elsewhere, readonly [string, string | null]>> = {
  section: ['\t.section .text.apart, "ax"', null],
  subsection: ['\t.subsection 1', '\t.subsection 0'],
  pushed: ['\t.pushsection .text.pushed, "ax"', '\t.popsection'],
};

class Printer {
  readonly text: string[] = [];
  readonly lines = new Map<Instruction, number>();
  /** By register: what may be written for it at this place of the text. */
  readonly #aliases = new Map<Register, string>();
  #uses = 0;
  /** The directive that leads to the section of the code. */
  #section = '';

  line(text: string): void {
    this.text.push(text);
  }

  section(directive: string): void {
    this.#section = directive;
    this.line(directive);
  }

  #name = (register: Register): string => {
    const alias = this.#aliases.get(register);
    // Both spellings occur: every fifth use is by the register's own name.
    return alias === undefined || this.#uses++ % 5 === 4 ? register : alias;
  };

  items(items: readonly Item[]): void {
    for (const item of items) this.#item(item);
  }

  #item(item: Item): void {
    if (item.kind === 'instruction') this.#instruction(item.instruction);
    else if (item.kind === 'label') this.line(`${item.name}:`);
    else if (item.kind === 'stop') this.line('\t;;');
    else if (item.kind === 'alias') this.#alias(item.alias);
    else if (item.kind === 'define') this.line(`#define ${item.name} 1`);
    else if (item.kind === 'undef') this.line(`#undef ${item.name}`);
    else if (item.kind === 'same-label') this.#sameLabel(item);
    else if (item.kind === 'elsewhere') this.#elsewhere(item);
    else if (item.kind === 'macro') this.line(callOf(item.macro, this.#name(item.argument)));
    else if (item.kind === 'rept') this.#block(`\t.rept ${item.times}`, item.body, '\t.endr');
    else if (item.kind === 'irp') this.#block(`\t.irp reg, ${item.registers.join(', ')}`, item.body, '\t.endr');
    else this.#condition(item);
  }

  #instruction(instruction: Instruction): void {
    if (instruction.fault !== undefined) this.#fault(instruction.fault);
    this.line(
      `${instruction.fault === undefined ? '' : `${instruction.fault.at}:`}\t${spell(instruction, this.#name)}`,
    );
    this.lines.set(instruction, this.text.length);
  }

  #fault({ at, goesOn, style }: Fault): void {
    if (style === 'xdata') {
      this.line(`\t.xdata4 "__ex_table", @gprel(${at}), @gprel(${goesOn})`);
      return;
    }
    this.line('\t.section __ex_table, "a"');
    if (style === 'list') this.line(`\tdata4 @gprel(${at}), @gprel(${goesOn})`);
    else for (const label of [at, goesOn]) this.line(`\tdata4 @gprel(${label})`);
    this.line('\t.previous');
  }

  #sameLabel({ name, as, how }: Extract<Item, { kind: 'same-label' }>): void {
    this.line(how === '.set' ? `\t.set ${name}, ${as}` : `\t${name} ${how} ${as}`);
  }

  #elsewhere({ where, body }: Extract<Item, { kind: 'elsewhere' }>): void {
    const [into, back] = ELSEWHERE[where];
    this.line(into);
    this.items(body);
    this.line(back ?? this.#section);
  }

  #block(head: string, body: readonly Item[], end: string): void {
    this.line(head);
    this.items(body);
    this.line(end);
  }

  #condition({ condition, yes, no }: Extract<Item, { kind: 'if' }>): void {
    this.line(`#if ${condition.text}`);
    this.items(yes);
    if (no.length > 0) this.line('#else');
    this.items(no);
    this.line('#endif');
  }

  #alias({ name, register, how }: Alias): void {
    if (how === '#define') this.line(`#define ${name} ${register}`);
    else if (how === '=' || how === '==') this.line(`\t${name} ${how} ${register}`);
    else this.line(`\t${how} ${name}, ${register}`);
    for (const [other, old] of this.#aliases) if (old === name) this.#aliases.delete(other);
    this.#aliases.set(register, name);
  }

  macro(macro: Macro): void {
    if (macro.language === 'gas') {
      this.#block(`\t.macro ${macro.name} reg`, macro.body, '\t.endm');
      return;
    }
    const parts = macro.body.map((item) => {
      if (item.kind !== 'instruction') return ';;';
      this.lines.set(item.instruction, this.text.length + 1);
      return spell(item.instruction, (register) => (register === '\\reg' ? 'reg' : register));
    });
    this.line(`#define ${macro.name}(reg) ${parts.join(' ; ').replaceAll('; ;; ;', ';;')}`);
  }

  table({ name, labels, entries, style }: Table): void {
    const values = labels.map((label) => (entries === 'addresses' ? label : `${label}-${name}`));
    this.line('\t.section .rodata');
    this.line('\t.align 8');
    this.line(`${name}:`);
    if (style === 'list') this.line(`\tdata8 ${values.join(', ')}`);
    else for (const value of values) this.line(`\tdata8 ${value}`);
  }
}

const callOf = ({ name, language }: Macro, argument: string): string =>
  language === 'gas' ? `\t${name} ${argument}` : `\t${name}(${argument})`;
