/** Macros with the wrong name or the wrong arguments. */
import { readFileSync } from 'node:fs';
import { OPERATIONS } from '../../lint/project.ts';
import type { Argument, Call } from '../calls.ts';
import type { Mutant } from '../mutant.ts';
import { calls, metCalls, placeOf, textOf } from './registers.ts';

/** Calls that SMP compiles: of the others the assembler sees nothing, and no register is live. */
function compiled(): readonly Call[] {
  return calls.filter((_, number) => metCalls().has(number));
}

export function wrongArguments(): readonly Mutant[] {
  return compiled().flatMap((call) => [
    ...wrongDirection(call),
    ...swappedOperands(call),
    ...exchanged(call),
    ...sharedRegisters(call),
    ...missingRegisters(call),
  ]);
}

const MACROS = new Set(OPERATIONS.all.map((operation) => operation.macro));

/** MOV_FROM for MOV_TO: a frequent fault of trees with hand macros. */
function wrongDirection(call: Call): readonly Mutant[] {
  const { name } = call.operation;
  const other = name.startsWith('READ_') ? name.replace('READ_', 'WRITE_') : name.replace('WRITE_', 'READ_');
  if (other === name || !MACROS.has(`ASM_${other}`)) return [];
  const end = call.nameEnd;
  const edits = [{ start: call.start, end, text: `ASM_${other}${call.predicated ? '_P' : ''}` }];
  // ar.k: the number stands behind the register, or before it.
  if (name.endsWith('_KR')) edits.push(...exchange(call.operands[0]!, call.operands[1]!));
  const operand = call.operands.find(({ text }) => isRegister(text))!;
  return [
    {
      ...placeOf(call),
      fault: 'wrong direction',
      edits,
      // A list of scratch registers that does not fit (PV013) gives the wrong macro away, too.
      rules: ['PV002', 'PV003', 'PV015', 'PV013'],
      register: operand.text,
      what: `${other} for ${textOf(call)}`,
    },
  ];
}

function swappedOperands(call: Call): readonly Mutant[] {
  const [first, second] = call.operands;
  if (first === undefined || second === undefined || call.operation.name.endsWith('_KR')) return [];
  if (first.text === second.text) return [];
  const what = `operands swapped in ${textOf(call)}`;
  const rules = ['PV002', 'PV003', 'PV005', 'PV015', 'PV022'];
  return [{ ...placeOf(call), fault: 'operands swapped', edits: exchange(first, second), rules, register: null, what }];
}

/** The operand where the scratch register belongs, and the other way round. */
function exchanged(call: Call): readonly Mutant[] {
  const operand = call.operands.find(({ text }) => isRegister(text));
  const [scratch] = call.generals;
  if (operand === undefined || scratch === undefined) return [];
  const rules = ['PV002', 'PV003', 'PV005', 'PV015'];
  const what = `operand and scratch exchanged in ${textOf(call)}`;
  const edits = exchange(operand, scratch);
  return [{ ...placeOf(call), fault: 'operand and scratch exchanged', edits, rules, register: operand.text, what }];
}

function sharedRegisters(call: Call): readonly Mutant[] {
  const [first, second] = call.generals;
  const operand = call.operands.find(({ text }) => isRegister(text));
  const mutants: Mutant[] = [];
  const add = (fault: string, rule: string, from: Argument, to: Argument): void => {
    const what = `${from.text} for ${to.text} in ${textOf(call)}`;
    const edits = [{ start: to.start, end: to.end, text: from.text }];
    mutants.push({ ...placeOf(call), fault, edits, rules: [rule], register: null, what });
  };
  if (first !== undefined && operand !== undefined) add('scratch is an operand', 'PV005', operand, first);
  if (first !== undefined && second !== undefined) add('one scratch register twice', 'PV005', first, second);
  const [predicate] = call.scratchPredicates;
  const [qualifying] = call.predicates;
  if (predicate !== undefined && qualifying !== undefined)
    add('scratch predicate is the qualifying one', 'PV007', qualifying, predicate);
  return mutants;
}

/** `-` for a register without which the Xen body cannot be. */
function missingRegisters(call: Call): readonly Mutant[] {
  const needed = call.generals.filter((_, index) => !isOptional(call.operation.name, index + 1));
  return [...needed, ...call.scratchPredicates].map(({ start, end, text }) => ({
    ...placeOf(call),
    fault: 'no scratch where one is needed',
    edits: [{ start, end, text: '-' }],
    rules: ['PV013'],
    register: null,
    what: `- for ${text} in ${textOf(call)}`,
  }));
}

const XEN = readFileSync('grammar/targets/xen.S', 'latin1');

/**
 * Has a body, or a macro that it calls, another way when its scratch register of that number is not there (`.ifb`)? One that the
 * body does not name at all is there for a neighbour to share its address.
 */
function isOptional(operation: string, number: number): boolean {
  const body = macroBody(`ASM_${operation}`);
  if (body !== '' && !new RegExp(`\\bs${number}\\b`).test(body)) return true;
  const called = [...body.matchAll(/^\t([A-Z]\w+) /gm)].map((match) => macroBody(match[1]!));
  return [body, ...called].some((text) => new RegExp(`\\.ifn?b \\\\s${number}\\b`).test(text));
}

function macroBody(name: string): string {
  return new RegExp(`^\\.macro ${name}\\b[\\s\\S]*?^\\.endm`, 'm').exec(XEN)?.[0] ?? '';
}

function exchange(a: Argument, b: Argument): Mutant['edits'] {
  const [first, second] = a.start < b.start ? [a, b] : [b, a];
  return [
    { start: first.start, end: first.end, text: second.text },
    { start: second.start, end: second.end, text: first.text },
  ];
}

function isRegister(text: string): boolean {
  return /^(?:r\d+|(?:in|out|loc)\d+|ret[0-3]|sp|gp|tp)$/.test(text);
}
