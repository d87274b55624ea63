/**
 * The macros of one operation in a header: cpp's, which the source calls, and gas's, which expand to the target's body. gas
 * compares macro arguments only as text, so register names are made canonical first (`PVASM_EACH`).
 */

import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { SERIALIZE_DATA } from '../machine/serialization.ts';
import { nativeText } from '../project/native.ts';
import type { Slot } from '../project/operation-table.ts';
import type { Operation } from '../project/operations.ts';
import { type KnownSite, type KnownSites, NEEDS } from './known-sites.ts';
import type { SharedForm } from './shared-forms.ts';
import { DONE, type TargetMacros } from './target-macros.ts';

/** The symbol with the site that has left an address, and what it was before the current site. */
export const ADDRESS_LEFT = '.Lpvasm_link';
const LEFT_BEFORE = '.Lpvasm_linked';
/** The symbol with the needs of the current site. */
const AT = '.Lpvasm_at';
/** The symbol, set by PVASM_EACH, with the number of registers before the first predicate. */
export const GENERAL = '.Lpvasm_general';
/** Names of parameters for scratch registers; no macro call has more. */
const SCRATCH = Array.from({ length: 6 }, (_, index) => `x${index + 1}`);

interface BodyNeeds {
  readonly gr: number;
  readonly pr: number;
}

/** An operation with the needs of the target's body; null needs: the target has no body for it. */
export interface HeaderOperation {
  readonly operation: Operation;
  readonly needs: BodyNeeds | null;
  /** Bits of NEEDS for a site that is not known. */
  readonly unknown: number;
}

/** `#define ASM_READ_IVR(...)`, and the form with predicates. */
export function callingMacros({ macro, predicates, slots }: Operation): string {
  const operands = slots.map(({ name }) => `_${name}`);
  const passed = slots.map(({ name, kind }) => (kind === 'immediate' ? `(_${name})` : `_${name}`));
  const define = (name: string, guards: readonly string[], given: readonly string[]) =>
    `#define ${name}(${[...guards, '_breg', ...operands, '...'].join(', ')}) ${gasName(macro)} ${['__LINE__', ...given, '_breg', ...passed, '__VA_ARGS__'].join(', ')}\n`;
  const plain = define(
    macro,
    [],
    predicates.map(() => TRUE_PREDICATE),
  );
  if (predicates.length === 0) return plain;
  const named = predicates.map((name) => `_${name}`);
  return plain + define(`${macro}_P`, named, named);
}

export function gasMacros(each: HeaderOperation, target: TargetMacros, known: KnownSites): string {
  return `${entryMacro(each)}${doingMacro(each, target, known)}`;
}

function gasName(macro: string): string {
  return macro.replace(/^ASM_/, 'PVASM_');
}

function doingName(macro: string): string {
  return `${gasName(macro)}_DO`;
}

function isRegister({ kind }: Slot): boolean {
  return kind === 'register';
}

/** Orders the arguments: first registers, which are made canonical, then all others. */
function entryMacro({ operation: { macro, predicates, slots } }: HeaderOperation): string {
  const names = slots.map(({ name }) => name);
  const registers = [...slots.filter(isRegister).map(({ name }) => name), ...SCRATCH];
  const fixed = ['line', ...predicates, ...slots.filter((slot) => !isRegister(slot)).map(({ name }) => name)];
  const text = (name: string) => `\\${name}`;
  const call = (list: readonly string[]) =>
    `PVASM_EACH ${[doingName(macro), String(registers.length), ...registers.map(text), ...list].join(', ')}`;
  const kernelRegister = slots.find(({ kind }) => kind === 'kernelRegister')?.name;
  const first = `\t.set ${GENERAL}, 0\n\t.set ${GENERAL}_end, 0\n`;
  const body =
    kernelRegister === undefined
      ? `\t${call(fixed.map(text))}\n`
      : ['ar.k\\number', '\\number']
          .map(
            (spelled) =>
              `\t.irp number, 0, 1, 2, 3, 4, 5, 6, 7\n\t.ifc \\${kernelRegister},${spelled}\n\t${call(
                fixed.map((name) => (name === kernelRegister ? '\\number' : text(name))),
              )}\n\t.endif\n\t.endr\n`,
          )
          .join('');
  return `.macro ${gasName(macro)} ${['line', ...predicates, 'breg', ...names, ...SCRATCH, 'more:vararg'].join(', ')}\n${first}${body}.endm\n`;
}

function doingMacro({ operation, needs, unknown }: HeaderOperation, target: TargetMacros, known: KnownSites): string {
  const { macro, predicates, slots } = operation;
  const fixed = ['line', ...predicates, ...slots.filter((slot) => !isRegister(slot)).map(({ name }) => name)];
  const parameters = [...fixed, ...slots.filter(isRegister).map(({ name }) => name), ...SCRATCH, 'more:vararg'];
  const native = nativeText(operation, nativeOperand(slots), (slot) => `\\${slot}`).replace(
    / ;;? /g,
    (stop) => `${stop.trim() === ';;' ? ' ;;' : ''}\n\t`,
  );
  const forms = formsByText(known.get(operation.name));
  const own = needs === null ? '' : bodyCalls(operation, needs, target);
  const apart = when(NEEDS.apart, ';;');
  const bodies =
    forms.size === 0
      ? own
      : `${[...forms].map((each) => formText(operation, ...each)).join('')}	.if ${DONE} == 0
${apart}${own}${apart}	.endif
`;
  const lines =
    needs === null
      ? `\t${native}\n`
      : `${unknown === 0 ? '' : nothingLeft(known)}${atMacroCall(operation, unknown, known)}	.set ${DONE}, 0
	.if (${AT} & ${NEEDS.native}) == 0
${when(NEEDS.stopBefore, ';;')}${when(NEEDS.serialize, SERIALIZE_DATA)}${bodies}	.endif
	.if ${DONE} == 0
	${native}
	.else
${lastSerialization(operation)}	.endif
${when(NEEDS.stopBehind, ';;')}`;
  return `.macro ${doingName(macro)} ${parameters.join(', ')}\n${lines}.endm\n`;
}

/** By the text of the code of a form: the lines that it stands on. */
function formsByText(sites: ReadonlyMap<number, KnownSite> | undefined): ReadonlyMap<string, FormLines> {
  const found = new Map<string, FormLines>();
  for (const [line, { forms }] of sites ?? [])
    for (const form of forms) {
      const key = JSON.stringify(form);
      const { lines } = found.get(key) ?? { lines: [] };
      found.set(key, { form, lines: [...new Set([...lines, line])].sort((a, b) => a - b) });
    }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface FormLines {
  readonly form: SharedForm;
  readonly lines: readonly number[];
}

/** A body that shares an address, where its neighbour has left it and the arguments are those that it was made for. */
function formText({ number }: Operation, _: string, { form, lines }: FormLines): string {
  const { items, conditions, from, leaves } = form;
  const isHere = lines.map((line) => `\\line == ${line}`).join(' || ');
  const tests = [
    `.if (${DONE} == 0) && (${isHere})`,
    ...(from === null ? [] : [`.if ${LEFT_BEFORE} == ${linkOf(from.operation, from.lines)}`]),
    ...conditions.map(([parameter, text]) => `.ifc \\${parameter},${text}`),
  ];
  const code = items.map((item) => (item === ';;' ? item : `.set ${DONE}, 1; ${item}`));
  const link = leaves ? [`.set ${ADDRESS_LEFT}, ${linkOf(number, 0)}`] : [];
  return [...tests, ...code, ...link, ...tests.map(() => '.endif')].map((line) => `\t${line}\n`).join('');
}

/** A number for an operation some lines before a macro call. */
function linkOf(operation: number, lines: number): string {
  return `(\\line - ${lines}) * ${OPERATIONS} + ${operation + 1}`;
}

/** More than there are operations. */
const OPERATIONS = 1024;

/** Where bodies share addresses: what an earlier site has left is only for the next one that is not native. */
function nothingLeft(known: KnownSites): string {
  const isShared = [...known.values()].some((lines) => [...lines.values()].some(({ forms }) => forms.length > 0));
  return isShared ? `\t.set ${LEFT_BEFORE}, ${ADDRESS_LEFT}\n\t.set ${ADDRESS_LEFT}, 0\n` : '';
}

function nativeOperand(slots: readonly Slot[]) {
  return (slot: string) =>
    slots.find(({ name }) => name === slot)?.kind === 'kernelRegister' ? `ar.k\\${slot}` : `\\${slot}`;
}

function when(need: number, text: string): string {
  return `\t.if ${AT} & ${need}\n\t${text}\n\t.endif\n`;
}

/** The serialization at the end of a fused run, which is emitted when the body has none and an earlier change needs it. */
function lastSerialization({ parts }: Operation): string {
  const last = parts.at(-1)!;
  return parts.length > 1 && last.afterStop && !last.text.includes('{')
    ? `\t.if ${AT} & ${NEEDS.serialization}\n\t;;\n\t${last.text}\n\t.endif\n`
    : '';
}

/** Text that sets the symbol of the needs for the current line. */
function atMacroCall({ name }: Operation, unknown: number, known: KnownSites): string {
  const byNeeds = new Map<number, number[]>();
  for (const [line, { needs }] of known.get(name) ?? []) byNeeds.set(needs, [...(byNeeds.get(needs) ?? []), line]);
  const cases = [...byNeeds]
    .filter(([needs]) => needs !== unknown)
    .sort(([a], [b]) => a - b)
    .map(([needs, lines]) => {
      const isHere = lines.sort((a, b) => a - b).map((line) => `\\line == ${line}`);
      return `\t.if ${isHere.join(' || ')}\n\t.set ${AT}, ${needs}\n\t.endif\n`;
    });
  return `\t.set ${AT}, ${unknown}\n${cases.join('')}`;
}

/** One call for each number of general registers among the scratch registers. */
function bodyCalls({ macro, slots }: Operation, { gr, pr }: BodyNeeds, target: TargetMacros): string {
  const operands = slots.filter(isRegister).length;
  const calls = new Map<string, number[]>();
  for (let general = 0; general <= SCRATCH.length; general++) {
    const value = (parameter: string): string => {
      const [, kind, number] = /^([st])([1-9])$/.exec(parameter) ?? [];
      if (kind === undefined) return parameter === 'breg' ? '' : `\\${parameter}`;
      const at = Number(number) - 1 + (kind === 't' ? general : 0);
      const isGiven = kind === 's' ? at < Math.min(general, gr) : Number(number) <= pr;
      return isGiven && at < SCRATCH.length ? `\\${SCRATCH[at]}` : '';
    };
    const call = `${target.nameOf(macro)} ${target.parametersOf(macro).map(value).join(', ')}`.trim();
    calls.set(call, [...(calls.get(call) ?? []), general + operands]);
  }
  return [...calls]
    .map(([call, counts]) => {
      const last = `${GENERAL} >= ${counts[0]}`;
      const isHere = counts.includes(SCRATCH.length + operands)
        ? last
        : counts.map((count) => `${GENERAL} == ${count}`).join(' || ');
      return `\t.if ${isHere}\n\t${call}\n\t.endif\n`;
    })
    .join('');
}
