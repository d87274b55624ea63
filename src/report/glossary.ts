/**
 * The entries of grammar/ and of the shipped targets about a word: an operation or its macro, a mnemonic, a name of a
 * target.
 */

import { suggestion } from '../config/suggestion.ts';
import { semanticsOf } from '../execution/semantics.ts';
import { type AuditEntry, auditEntries, auditEntry } from '../machine/audit.ts';
import { isOfClass } from '../machine/classes.ts';
import type { Effects } from '../machine/effects.ts';
import { allForms, type FormLine, formsOf } from '../machine/forms.ts';
import type { RegisterClass } from '../machine/register.ts';
import { registerRuns, sortRegisters } from '../machine/register-runs.ts';
import { registers } from '../machine/registers.data.ts';
import { resourceName } from '../machine/resources.ts';
import type { Operation } from '../project/operations.ts';
import { code, type DocumentBlock, type EntryLine, heading } from './document.ts';

export interface GlossarySources {
  readonly operations: readonly Operation[];
  /** Texts of target files by the target's name. */
  readonly targets: Readonly<Record<string, string>>;
}

/** What is known of a word, whatever its capitals; empty when nothing is. */
export function explainWord(word: string, sources: GlossarySources): DocumentBlock[] {
  const operations = operationsOf(word, sources.operations);
  const forms = formsOf(word.toLowerCase());
  const blocks = [
    ...operations.map((operation) => operationEntry(operation, sources.targets)),
    ...forms.map((form) => formEntry(form, word.toLowerCase())),
    ...auditOf(forms),
    ...registerEntries(word, sources.operations),
    ...(operations.length === 0 ? symbolEntries(word, sources.targets) : []),
  ];
  return blocks.length === 0 ? [] : [heading(1, word), ...blocks];
}

/** What is known of one instruction, by its mnemonic and by what it does with the operands that it has. */
export function explainInstruction(mnemonic: string, effects: Effects): DocumentBlock[] {
  const forms = formsOf(mnemonic).filter(({ id }) => id === effects.form?.id);
  const audit = auditEntry(effects);
  return [
    ...forms.map((form) => formEntry(form, mnemonic, effects)),
    ...(audit === undefined ? [] : [auditBlock(audit)]),
  ];
}

/** `; did you mean 'thash'?` among all words that are known. */
export function meantWord(word: string, { operations, targets }: GlossarySources): string {
  const known = [
    ...operations.flatMap(({ name, macro }) => [name, macro]),
    ...allForms().map(({ id }) => id),
    ...Object.values(targets).flatMap((text) => symbolsOf(text).map(({ name }) => name)),
    ...registers.map(({ names: [name] }) => name!),
  ];
  return suggestion(word, known);
}

/** By name, by macro, or by the mnemonic of the first instruction. */
function operationsOf(word: string, operations: readonly Operation[]): Operation[] {
  const upper = word.toUpperCase();
  const named = operations.filter(({ name, macro }) => [name, macro, `${macro}_P`].includes(upper));
  if (named.length > 0) return named;
  const mnemonic = word.toLowerCase();
  // Too many operations are moves for their mnemonic to mean one.
  if (formsOf(mnemonic).some((form) => isOfClass(form, 'moves'))) return [];
  return operations.filter(({ native }) => native.split(/\s/)[0] === mnemonic);
}

function operationEntry(operation: Operation, targets: GlossarySources['targets']): DocumentBlock {
  const { name, native, macro, sensitive } = operation;
  const lines: EntryLine[] = [
    { label: 'native', text: code(native) },
    { label: 'macro', text: code(macro) },
    {
      label: 'class',
      text: sensitive ? 'sensitive: it does not fault and answers wrongly' : 'privileged: it faults at cpl != 0',
    },
    ...Object.entries(targets).map(([target, text]) => ({ label: target, text: bodyOf(macro, text) })),
    { label: 'source', text: 'grammar/operations.tsv' },
  ];
  return { kind: 'entry', title: `operation ${name}`, lines };
}

/** The body of a macro in a target file, line by line. */
function bodyOf(macro: string, text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => new RegExp(`^\\.macro ${macro}\\b`).test(line));
  if (first < 0) return 'no body: it is left to trap';
  const last = lines.findIndex((line, at) => at > first && line.startsWith('.endm'));
  return lines
    .slice(first + 1, last)
    .map((line) => code(line.trim()))
    .join(' ');
}

function formEntry(form: FormLine, mnemonic: string, effects: Effects | null = null): DocumentBlock {
  const { outputs, inputs, unit, privileged, sensitive, formats } = form;
  const { reads, writes } = effects === null ? form : namesOf(effects);
  const operands = [outputs, inputs]
    .map((list) => list.map(({ word }) => word).join(', '))
    .filter((list) => list !== '');
  const does = semanticsOf(form, mnemonic);
  const list = (names: readonly string[]) => (names.length === 0 ? '-' : names.join(' '));
  const lines: EntryLine[] = [
    { label: 'unit', text: unit },
    { label: 'reads', text: list(reads) },
    { label: 'writes', text: list(writes) },
    ...(does === null ? [] : [{ label: 'does', text: code(does) }]),
    ...(privileged || sensitive ? [{ label: 'class', text: privileged ? 'privileged' : 'sensitive' }] : []),
    { label: 'format', text: `${list(formats)} (SDM vol. 3, chapter 4)` },
  ];
  return { kind: 'entry', title: `instruction ${code(`${mnemonic} ${operands.join(' = ')}`.trim())}`, lines };
}

/** What an instruction reads and writes, general registers and the like first. */
function namesOf({ reads, writes }: Effects): { readonly reads: string[]; readonly writes: string[] } {
  const names = (resources: readonly number[]) => sortRegisters(resources.map(resourceName));
  return { reads: registerRuns(names(reads)), writes: registerRuns(names(writes)) };
}

const CLASSES: Readonly<Partial<Record<RegisterClass, string>>> = {
  gr: 'general register',
  fr: 'floating-point register',
  pr: 'predicate register',
  br: 'branch register',
  ar: 'application register',
  cr: 'control register',
  psr: 'bit of the processor status register',
  file: 'register file',
  operand: 'operand',
};

/** What the table of registers says, and which operations are about it. */
function registerEntries(word: string, operations: readonly Operation[]): DocumentBlock[] {
  const name = word.toLowerCase();
  return registers
    .filter(({ names, register }) => CLASSES[register.class] !== undefined && names.includes(name))
    .map(({ register: { class: kind, number, role, consults }, names, note }): DocumentBlock => {
      const about = operations.filter(({ native }) => names.some((each) => native.split(/[^\w.]/).includes(each)));
      const lines: EntryLine[] = [
        ...(names.length > 1 ? [{ label: 'names', text: names.join(', ') }] : []),
        { label: 'class', text: number < 0 ? CLASSES[kind]! : `${CLASSES[kind]!}, number ${number}` },
        ...(role === null ? [] : [{ label: 'role', text: role }]),
        ...(note === '' ? [] : [{ label: 'what', text: note }]),
        ...(consults.length === 0 ? [] : [{ label: 'depends on', text: consults.map(resourceName).join(' ') }]),
        ...(about.length === 0 ? [] : [{ label: 'operations', text: about.map((each) => each.name).join(', ') }]),
      ];
      return { kind: 'entry', title: `register ${code(names[0]!)}`, lines };
    });
}

/** Why a hypervisor must see instructions of these forms. */
function auditOf(forms: readonly FormLine[]): DocumentBlock[] {
  const ids = new Set(forms.map(({ id }) => id));
  return auditEntries.filter((entry) => entry.forms.some((form) => ids.has(form))).map(auditBlock);
}

function auditBlock({ title, class: kind, why, without, section }: AuditEntry): DocumentBlock {
  return {
    kind: 'entry',
    title: `${title}: ${kind}`,
    lines: [
      { label: 'why', text: why },
      { label: 'without', text: without },
      { label: 'source', text: section },
    ],
  };
}

interface TargetSymbol {
  readonly name: string;
  readonly value: string;
  readonly remark: string;
}

function symbolsOf(text: string): TargetSymbol[] {
  return [...text.matchAll(/^(\w+)[ \t]*=[ \t]*(.*?)[ \t]*(?:\/\*[ \t]*(.*?)[ \t]*\*\/)?$/gm)].map(
    ([, name, value, remark = '']) => ({ name: name!, value: value!, remark }),
  );
}

/** A name that a target file gives a value, and the macros of it that use it. */
function symbolEntries(word: string, targets: GlossarySources['targets']): DocumentBlock[] {
  return Object.entries(targets).flatMap(([target, text]) => {
    const symbol = symbolsOf(text).find(({ name }) => name.toLowerCase() === word.toLowerCase());
    if (symbol === undefined) return [];
    const users = macrosUsing(symbol.name, text);
    const lines: EntryLine[] = [
      { label: 'value', text: code(symbol.value) },
      ...(symbol.remark === '' ? [] : [{ label: 'what', text: symbol.remark }]),
      { label: 'used by', text: users.length === 0 ? '-' : users.join(', ') },
      { label: 'source', text: `grammar/targets/${target}.S` },
    ];
    return [{ kind: 'entry', title: `${symbol.name} of target ${target}`, lines }];
  });
}

function macrosUsing(name: string, text: string): string[] {
  const users = new Set<string>();
  let macro: string | null = null;
  for (const line of text.split('\n')) {
    const opened = /^\.macro (\w+)/.exec(line);
    if (opened !== null) macro = opened[1]!;
    else if (line.startsWith('.endm')) macro = null;
    else if (macro !== null && new RegExp(`\\b${name}\\b`).test(line)) users.add(macro);
  }
  return [...users];
}
