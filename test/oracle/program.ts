/**
 * The form in which the oracle holds a program: a tree of instructions, labels, conditions and repetitions. It is printed
 * as text for the tool (print.ts), and laid out in one configuration for the machine (layout below); nothing parses text.
 */

/** A register by the manual's name: `r14`, `b6`, `p6`, `f8`, `ar.lc`, `cr.ifa`; {@link ARGUMENT} in a macro's body. */
export type Register = string;

/** Stands in a body for the register that a macro call or .irp puts there. */
export const ARGUMENT: Register = '\\reg';

/** A register, a number, or the address of a label (`label:`), of a table's slot in the linkage table (`ltoff:`). */
export type Operand = Register | bigint;

export interface Instruction {
  readonly op: string;
  /** The qualifying predicate. */
  readonly under?: Register;
  readonly to: readonly Register[];
  readonly from: readonly Operand[];
  /** Of a compare or test: relation and type, `eq.or.andcm`. Of others: what stands behind the mnemonic. */
  readonly how?: string;
}

export interface Condition {
  /** `defined(A) && B == 2`: as cpp spells it. */
  readonly text: string;
  holds(configuration: Configuration): boolean;
}

/** Names that are defined, each with its value. */
export type Configuration = ReadonlyMap<string, number>;

export type Item =
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'alias'; readonly alias: Alias }
  | { readonly kind: 'if'; readonly condition: Condition; readonly yes: readonly Item[]; readonly no: readonly Item[] }
  | { readonly kind: 'rept'; readonly times: number; readonly body: readonly Item[] }
  | { readonly kind: 'irp'; readonly registers: readonly Register[]; readonly body: readonly Item[] }
  | { readonly kind: 'macro'; readonly macro: Macro; readonly argument: Register };

export interface Macro {
  readonly name: string;
  /** `gas`: .macro; `cpp`: #define on one line. */
  readonly language: 'gas' | 'cpp';
  readonly body: readonly Item[];
}

/** From here on in the text, `name` may be written for a register. */
export interface Alias {
  readonly name: string;
  readonly register: Register;
  readonly how: '=' | '==' | '.set' | '.equiv' | '.eqv' | '#define';
}

export interface Table {
  readonly name: string;
  readonly labels: readonly string[];
  /** The entries are addresses, or distances from the table's beginning. */
  readonly entries: 'addresses' | 'distances';
  readonly style: 'list' | 'lines';
}

/** A label that is entered from outside: as a function is called, or by an interruption. */
export interface Entry {
  readonly label: string;
  readonly as: 'function' | 'vector';
}

export interface Program {
  readonly items: readonly Item[];
  readonly tables: readonly Table[];
  readonly macros: readonly Macro[];
  readonly entries: readonly Entry[];
  /** What conditions test. */
  readonly names: readonly string[];
  /** The kinds of code that the generator was allowed. */
  readonly kinds: readonly string[];
}

/** An instruction in its place: `source` is the one in the tree, the same for all places that its body is used in. */
export interface Placed {
  readonly instruction: Instruction;
  readonly source: Instruction;
  /** How many places of the same source are before it. */
  readonly instance: number;
}

/** A program in one configuration. */
export interface Layout {
  readonly code: readonly Placed[];
  readonly labels: ReadonlyMap<string, number>;
  readonly tables: readonly Table[];
}

export function layout(program: Program, configuration: Configuration): Layout {
  const code: Placed[] = [];
  const labels = new Map<string, number>();
  const instances = new Map<Instruction, number>();
  const place = (source: Instruction, argument: Register): void => {
    const instance = instances.get(source) ?? 0;
    instances.set(source, instance + 1);
    code.push({ instruction: withArgument(source, argument), source, instance });
  };
  const walk = (items: readonly Item[], argument: Register): void => {
    for (const item of items) {
      if (item.kind === 'instruction') place(item.instruction, argument);
      else if (item.kind === 'label') labels.set(item.name, code.length);
      else if (item.kind === 'if') walk(item.condition.holds(configuration) ? item.yes : item.no, argument);
      else if (item.kind === 'macro') walk(item.macro.body, item.argument);
      else if (item.kind === 'irp') for (const each of item.registers) walk(item.body, each);
      else if (item.kind === 'rept') for (let time = 0; time < item.times; time++) walk(item.body, argument);
    }
  };
  walk(program.items, ARGUMENT);
  return { code, labels, tables: program.tables };
}

function withArgument(instruction: Instruction, argument: Register): Instruction {
  const put = <T extends Operand>(operand: T): T => (operand === ARGUMENT ? (argument as T) : operand);
  if (!instruction.to.includes(ARGUMENT) && !instruction.from.includes(ARGUMENT)) return instruction;
  return { ...instruction, to: instruction.to.map(put), from: instruction.from.map(put) };
}

/** Every combination of the names that a program's conditions test; one without any. */
export function configurations({ names }: Program): Configuration[] {
  let all: Configuration[] = [new Map()];
  for (const name of names) all = all.flatMap((one) => [one, new Map([...one, [name, 1]])]);
  return all;
}
