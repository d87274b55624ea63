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
  /** Of a memory access: labels of its own, and of where a fault of it goes on (an exception table says so). */
  readonly fault?: Fault;
}

export interface Fault {
  readonly at: string;
  readonly goesOn: string;
  readonly style: 'xdata' | 'lines' | 'list';
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
  | { readonly kind: 'define'; readonly name: string }
  | { readonly kind: 'undef'; readonly name: string }
  | { readonly kind: 'same-label'; readonly name: string; readonly as: string; readonly how: '=' | '.set' | '==' }
  | { readonly kind: 'elsewhere'; readonly where: Elsewhere; readonly body: readonly Item[] }
  | { readonly kind: 'rept'; readonly times: number; readonly body: readonly Item[] }
  | { readonly kind: 'irp'; readonly registers: readonly Register[]; readonly body: readonly Item[] }
  | { readonly kind: 'macro'; readonly macro: Macro; readonly argument: Register };

/** Code that stands in the text between other code, and not in the section. It begins with a label and ends with a branch. */
export type Elsewhere = 'section' | 'subsection' | 'pushed';

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
  /** The name that code outside knows it by; left out: the label's. */
  readonly name?: string;
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
  const streams: Placed[][] = [[]];
  let current = streams[0]!;
  const labels = new Map<string, { stream: Placed[]; at: number }>();
  const instances = new Map<Instruction, number>();
  const defined = new Map(configuration);
  const place = (source: Instruction, argument: Register): void => {
    const instance = instances.get(source) ?? 0;
    instances.set(source, instance + 1);
    current.push({ instruction: withArgument(source, argument), source, instance });
  };
  const apart = (body: readonly Item[]): void => {
    const outer = current;
    current = [];
    streams.push(current);
    walk(body, ARGUMENT);
    current = outer;
  };
  const walk = (items: readonly Item[], argument: Register): void => {
    for (const item of items) {
      if (item.kind === 'instruction') place(item.instruction, argument);
      else if (item.kind === 'label') labels.set(item.name, { stream: current, at: current.length });
      else if (item.kind === 'define') defined.set(item.name, 1);
      else if (item.kind === 'undef') defined.delete(item.name);
      else if (item.kind === 'elsewhere') apart(item.body);
      else if (item.kind === 'if') walk(item.condition.holds(defined) ? item.yes : item.no, argument);
      else if (item.kind === 'macro') walk(item.macro.body, item.argument);
      else if (item.kind === 'irp') for (const each of item.registers) walk(item.body, each);
      else if (item.kind === 'rept') for (let time = 0; time < item.times; time++) walk(item.body, argument);
    }
  };
  walk(program.items, ARGUMENT);
  const starts = new Map<Placed[], number>();
  let length = 0;
  for (const stream of streams) {
    starts.set(stream, length);
    length += stream.length;
  }
  const places = new Map([...labels].map(([name, { stream, at }]) => [name, starts.get(stream)! + at]));
  for (const { name, as } of sameLabels(program.items)) places.set(name, places.get(as)!);
  return { code: streams.flat(), labels: places, tables: program.tables };
}

function sameLabels(items: readonly Item[]): Extract<Item, { kind: 'same-label' }>[] {
  return items.flatMap((item) => (item.kind === 'same-label' ? [item] : sameLabels(childrenOf(item))));
}

/** The items inside of one. */
export const childrenOf = (item: Item): readonly Item[] =>
  item.kind === 'if'
    ? [...item.yes, ...item.no]
    : item.kind === 'rept' || item.kind === 'irp' || item.kind === 'elsewhere'
      ? item.body
      : [];

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
