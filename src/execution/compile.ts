/** Compiles the notation to functions of a machine; operands are looked up at compile time. */
import { ACTIONS } from './actions.ts';
import { BUILTINS } from './builtins.ts';
import { some } from './floating.ts';
import { FUNCTIONS } from './functions.ts';
import type { Machine } from './machine.ts';
import { NotationError, parseSteps, type Step, type Term } from './notation.ts';
import { readTime, type StateField, stateNamed } from './state.ts';

/** The meaning of names that are operands of the instruction. */
export type Operands = ReadonlyMap<string, StateField | bigint>;
export type Run = (machine: Machine) => void;
type Value = (machine: Machine) => bigint;

const NONE: Operands = new Map();
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/**
 * Compiles statements of the notation. Consecutive assignments are parallel: all of them read before any writes, as an instruction
 * does.
 *
 * @throws NotationError for an unknown name
 */
export function compileSteps(text: string, operands: Operands = NONE): Run {
  const runs: Run[] = [];
  let together: Assignment[] = [];
  const flush = (): void => {
    if (together.length > 0) runs.push(assignAll(together));
    together = [];
  };
  for (const step of parseSteps(text)) {
    if (step.kind === 'assign') together.push(compileAssignment(step, operands));
    else {
      flush();
      runs.push(compileAction(step.name, step.args, operands));
    }
  }
  flush();
  const [only] = runs;
  if (runs.length === 1) return only!;
  return (machine) => {
    for (const run of runs) run(machine);
  };
}

interface Assignment {
  readonly value: Value;
  readonly write: StateField['write'];
}

function assignAll(assignments: readonly Assignment[]): Run {
  const [first] = assignments;
  if (assignments.length === 1) {
    const { value, write } = first!;
    return (machine) => {
      machine.marksRead = 0;
      write(machine, value(machine));
    };
  }
  const values = new Array<bigint>(assignments.length);
  const marks = new Array<number>(assignments.length);
  return (machine) => {
    for (let at = 0; at < assignments.length; at++) {
      machine.marksRead = 0;
      values[at] = assignments[at]!.value(machine);
      marks[at] = machine.marksRead;
    }
    for (let at = 0; at < assignments.length; at++) {
      machine.marksRead = marks[at]!;
      assignments[at]!.write(machine, values[at]!);
    }
  };
}

export function compileTerm(term: Term, operands: Operands = NONE): Value {
  switch (term.kind) {
    case 'number':
      return constant(term.value);
    case 'name':
      return namedValue(term.name, operands);
    case 'unary': {
      const operand = compileTerm(term.operand, operands);
      return term.operator === '~' ? (machine) => u64(~operand(machine)) : (machine) => u64(-operand(machine));
    }
    case 'binary':
      return binary(term.operator, compileTerm(term.left, operands), compileTerm(term.right, operands));
    case 'call':
      return question(term.name, term.args, operands);
  }
}

function constant(value: bigint): Value {
  return () => value;
}

function namedValue(name: string, operands: Operands): Value {
  const operand = operands.get(name);
  if (typeof operand === 'bigint') return constant(operand);
  const state = operand ?? stateNamed(name);
  if (state === undefined) throw new NotationError(`'${name}' is no operand and no state of the machine`, 0);
  return state.read;
}

function binary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      return (machine) => BigInt.asUintN(64, left(machine) + right(machine));
    case '-':
      return (machine) => BigInt.asUintN(64, left(machine) - right(machine));
    case '*':
      return (machine) => BigInt.asUintN(64, left(machine) * right(machine));
    case '&':
      return (machine) => left(machine) & right(machine);
    case '|':
      return (machine) => left(machine) | right(machine);
    case '^':
      return (machine) => left(machine) ^ right(machine);
    case '<<':
      return pureCall('shift_left', [left, right]);
    case '>>':
      return pureCall('shift_right', [left, right]);
    case '==':
      return (machine) => (left(machine) === right(machine) ? 1n : 0n);
    default:
      return (machine) => (left(machine) !== right(machine) ? 1n : 0n);
  }
}

function pureCall(name: string, args: readonly Value[]): Value {
  const pure = FUNCTIONS[name]!;
  const [first, second, third] = args;
  if (args.length === 1) return (machine) => pure(first!(machine));
  if (args.length === 2) return (machine) => pure(first!(machine), second!(machine));
  if (args.length === 3) return (machine) => pure(first!(machine), second!(machine), third!(machine));
  return (machine) => pure(...args.map((arg) => arg(machine)));
}

function question(name: string, terms: readonly Term[], operands: Operands): Value {
  const args = terms.map((term) => compileTerm(term, operands));
  if (Object.hasOwn(FUNCTIONS, name)) {
    if (FUNCTIONS[name]!.length !== args.length)
      throw new NotationError(`${name} takes ${FUNCTIONS[name]!.length} arguments, not ${args.length}`, 0);
    return pureCall(name, args);
  }
  if (name === 'time') return readTime;
  if (name === 'call') return callTo(args[0]!);
  if (name.startsWith('some.'))
    return (machine) =>
      some(
        machine,
        name,
        args.map((arg) => arg(machine)),
      );
  const asked = Object.hasOwn(BUILTINS, name) ? BUILTINS[name]! : undefined;
  if (asked === undefined) throw new NotationError(`there is no function '${name}'`, 0);
  const values = new Array<bigint>(args.length);
  return (machine) => {
    for (let at = 0; at < args.length; at++) values[at] = args[at]!(machine);
    return asked(machine, values);
  };
}

/** A call: enters a new frame and goes to an address; its value is the return address. */
function callTo(target: Value): Value {
  return (machine) => {
    const address = target(machine);
    machine.enterFrame();
    machine.callTo(address);
    return machine.back;
  };
}

function compileAssignment(step: Step & { kind: 'assign' }, operands: Operands): Assignment {
  const operand = operands.get(step.target);
  const state = typeof operand === 'object' ? operand : stateNamed(step.target);
  if (state === undefined) throw new NotationError(`'${step.target}' cannot be assigned`, 0);
  return { value: compileTerm(step.value, operands), write: state.write };
}

function compileAction(name: string, terms: readonly Term[], operands: Operands): Run {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name]! : undefined;
  if (action === undefined) throw new NotationError(`there is no action '${name}'`, 0);
  const args = terms.map((term) => compileTerm(term, operands));
  const values = new Array<bigint>(args.length);
  const marks = new Array<number>(args.length).fill(0);
  return (machine) => {
    for (let at = 0; at < args.length; at++) {
      machine.marksRead = 0;
      values[at] = args[at]!(machine);
      marks[at] = machine.marksRead;
    }
    action(machine, values, marks);
  };
}
