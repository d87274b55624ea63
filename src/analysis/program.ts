/**
 * The flat program: statements of preprocessed code laid out by section, each instruction with what it does, where it
 * was spelled and the instruction group it stands in. Requires: preprocessed statements (no cpp, no gas macros left).
 */
import { type Effects, decode as machineDecode, type Scope } from '../machine/index.ts';
import type { SourceText } from '../syntax/source.ts';
import type { MacroUse, Token } from '../syntax/token.ts';
import type { Expression, Instruction, Span, Statement } from '../syntax/tree.ts';
import { Names } from './names.ts';
import { defineLabel, equate, type Label, mentionedLabels, newSymbols, type Symbols } from './symbols.ts';

/** One instruction, or a macro call that nobody could expand: that one reads and writes everything. */
export interface ProgramInstruction {
  readonly index: number;
  readonly statement: Extract<Statement, { kind: 'instruction' | 'macroCall' }>;
  /** Its place in the statement list. */
  readonly statementIndex: number;
  readonly effects: Effects;
  readonly section: string;
  /** Instructions of one group have one number; stops part groups, labels and bundles do not. */
  readonly group: number;
  /** Number of the explicit bundle `{ ... }` it stands in, or -1. */
  readonly bundle: number;
  /** Index of the `.proc` ... `.endp` it stands in, or -1. */
  readonly routine: number;
  /** Where it was spelled, from the mnemonic to the last operand, and the macros that carried it here. */
  readonly file: SourceText;
  readonly start: number;
  readonly end: number;
  readonly use: MacroUse | null;
}

/** `.proc name` to `.endp`. */
export interface Routine {
  readonly index: number;
  readonly name: string;
  /** First and last instruction, in program order; `last < first` when it has none. */
  first: number;
  last: number;
}

/** `.org base+offset`: what follows is at a fixed place of the table. */
export interface Origin {
  readonly base: string | null;
  readonly offset: number | null;
  readonly section: string;
  readonly statement: number;
  /** The instruction that follows; -1 when none does. */
  instruction: number;
}

/** A table entry that holds addresses: `data8 f`, `.xdata4 "__ex_table", 99f-., y-.`. */
export interface DataReference {
  readonly section: string;
  /** The labels of each value, in order. */
  readonly values: readonly (readonly Label[])[];
}

export interface Program {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  readonly instructions: readonly ProgramInstruction[];
  /** By group number: its instructions, in order. */
  readonly groups: readonly (readonly number[])[];
  /** The following and the preceding instruction in the same section; -1 at its ends. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** Instruction of a statement, by statement index; -1 when the statement is none. */
  readonly instructionOf: Int32Array;
  readonly symbols: Symbols;
  readonly routines: readonly Routine[];
  readonly origins: readonly Origin[];
  readonly data: readonly DataReference[];
}

/** What is not understood may do anything. */
const UNKNOWN: Effects = {
  known: false,
  form: null,
  predicate: 0,
  reads: [],
  writes: [],
  results: [],
  mayWrites: [],
  branch: null,
  readsMemory: true,
  writesMemory: true,
};

interface Section {
  readonly name: string;
  /** Last instruction so far. */
  last: number;
  /** Number of the open instruction group, or -1 behind a stop. */
  group: number;
  /** Labels and origins that wait for their instruction. */
  waiting: { instruction: number }[];
}

export type Decode = (instruction: Instruction, scope: Scope) => Effects;

/** Lays statements out. Everything that depends on order alone is decided here, in one walk. */
export function layOut(
  statements: readonly Statement[],
  tokens: readonly Token[],
  decode: Decode = machineDecode,
): Program {
  const symbols = newSymbols();
  const instructions: ProgramInstruction[] = [];
  const routines: Routine[] = [];
  const origins: Origin[] = [];
  const references: { section: string; statement: number; values: readonly Expression[] }[] = [];
  const previous: number[] = [];
  const instructionOf = new Int32Array(statements.length).fill(-1);
  const sections = new SectionStack();
  const groups: number[][] = [];
  const names = new Names();
  let bundles = 0;
  let bundle = -1;
  let routine: Routine | null = null;

  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at]!;
    names.follow(statement);
    const section = sections.current;
    switch (statement.kind) {
      case 'label':
      case 'tag':
        section.waiting.push(defineLabel(symbols, statement.name, statement.kind, at, section.name));
        break;
      case 'stop':
        section.group = -1;
        break;
      case 'bundleOpen':
        bundle = bundles++;
        break;
      case 'bundleClose':
        bundle = -1;
        break;
      case 'assignment':
        define(statement.name, statement.value, at, section);
        break;
      case 'macroCall':
      case 'instruction': {
        if (statement.kind === 'instruction' && isDataDirective(statement.mnemonic)) {
          references.push({ section: section.name, statement: at, values: statement.inputs });
          if (!isElsewhere(statement.mnemonic)) breakOff(section);
          break;
        }
        const index = instructions.length;
        if (section.group < 0) section.group = groups.push([]) - 1;
        groups[section.group]!.push(index);
        const head = tokens[statement.kind === 'instruction' ? statement.mnemonicFirst : statement.first]!;
        instructions.push({
          index,
          statement,
          statementIndex: at,
          effects: statement.kind === 'instruction' ? decode(statement, names) : UNKNOWN,
          section: section.name,
          group: section.group,
          bundle,
          routine: routine?.index ?? -1,
          file: head.file,
          start: head.start,
          end: spelledEnd(tokens, head, statement.last),
          use: head.use,
        });
        // A branch that is always taken ends the group: what follows in the text is reached from elsewhere.
        if (alwaysLeaves(instructions[index]!.effects)) section.group = -1;
        instructionOf[at] = index;
        previous.push(section.last);
        section.last = index;
        for (const waiting of section.waiting) waiting.instruction = index;
        section.waiting.length = 0;
        if (routine !== null) {
          if (routine.first > routine.last) routine.first = index;
          routine.last = index;
        }
        break;
      }
      case 'directive': {
        const name = statement.name.startsWith('.') ? statement.name : `.${statement.name}`;
        if (name === '.proc') {
          routine = { index: routines.length, name: textOf(tokens, statement.args[0]), first: 0, last: -1 };
          routines.push(routine);
        } else if (name === '.endp') routine = null;
        else if (name === '.global' || name === '.globl' || name === '.weak') {
          for (const argument of statement.args) symbols.globals.add(textOf(tokens, argument));
        } else if (name === '.org') {
          const origin = { ...originOf(statement.args[0]), section: section.name, statement: at, instruction: -1 };
          origins.push(origin);
          section.waiting.push(origin);
        } else if (EQUATES.has(name)) {
          const [alias, real] = statement.args;
          if (alias?.kind === 'name' && real !== undefined) define(alias.name, real, at, section);
        } else if (isDataDirective(name)) {
          references.push(dataReference(tokens, name, statement.args, section.name, at));
          if (!isElsewhere(name)) breakOff(section);
        } else if (FILLING.has(name)) breakOff(section);
        else sections.directive(name, tokens, statement.args);
        break;
      }
    }
  }

  function define(name: string, value: Expression, at: number, section: Section): void {
    if (value.kind === 'here') section.waiting.push(defineLabel(symbols, name, 'label', at, section.name));
    else equate(symbols, name, value);
  }

  for (const name of symbols.globals) {
    const label = symbols.named.get(name);
    if (label !== undefined) label.global = true;
  }
  const next = new Int32Array(instructions.length).fill(-1);
  for (let index = 0; index < previous.length; index++) if (previous[index]! >= 0) next[previous[index]!] = index;
  return {
    statements,
    tokens,
    instructions,
    groups,
    next,
    previous: Int32Array.from(previous),
    instructionOf,
    symbols,
    routines,
    origins,
    data: references.map((reference) => resolveReference(symbols, reference)),
  };
}

/** Bytes that nobody can read as instructions stand here: where control goes through them, nothing is known. */
function breakOff(section: Section): void {
  section.last = -1;
  section.group = -1;
}

function alwaysLeaves({ branch, predicate }: Effects): boolean {
  if (branch === null || predicate !== 0) return false;
  return branch.kind === 'jump' || branch.kind === 'call' || branch.kind === 'return' || branch.kind === 'rfi';
}

/** Where the spelling ends that starts at `head`. */
function spelledEnd(tokens: readonly Token[], head: Token, last: number): number {
  const tail = tokens[last];
  // An operand may come from another file or another macro's argument: then the span is the mnemonic's alone.
  const together = tail !== undefined && tail.file === head.file && tail.end >= head.end && tail.use === head.use;
  return together ? tail.end : head.end;
}

/** The tokens of a node, put together; quotes around a string are left out. */
export function textOf(tokens: readonly Token[], node: Span | undefined): string {
  if (node === undefined) return '';
  let text = '';
  for (let at = node.first; at <= node.last; at++) text += tokens[at]!.text;
  text = text.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** gas's directives that put values into a section; the ia64 ones have no leading dot. */
const DATA = new Set(
  'data1 data2 data4 data8 data16 real4 real8 real10 real16 string stringz ascii asciz byte 2byte 4byte 8byte short hword word int long quad octa'.split(
    ' ',
  ),
);

const EQUATES = new Set(['.set', '.equ', '.equiv', '.eqv', '.alias']);

/** Directives that put bytes into the section without naming their values. */
const FILLING = new Set(['.skip', '.space', '.zero', '.fill', '.incbin', '.include', '.dc', '.ds', '.nops']);

/** `.xdata4 "section", value`: the bytes go to another section. */
function isElsewhere(name: string): boolean {
  return name.charCodeAt(name.charCodeAt(0) === 46 ? 1 : 0) === 120;
}

function isDataDirective(name: string): boolean {
  const bare = name.charCodeAt(0) === 46 ? name.slice(1) : name;
  if (DATA.has(bare)) return true;
  // `data8.ua`, `xdata4`, `xdata4.ua`, `xreal8`, `xstring`
  const base = bare.endsWith('.ua') ? bare.slice(0, -3) : bare;
  return DATA.has(base.charCodeAt(0) === 120 ? base.slice(1) : base);
}

/** `.xdata4 "section", value, ...` names its section first. */
function dataReference(
  tokens: readonly Token[],
  name: string,
  args: readonly Expression[],
  section: string,
  statement: number,
) {
  if (!name.startsWith('.x')) return { section, statement, values: args };
  return { section: textOf(tokens, args[0]), statement, values: args.slice(1) };
}

function resolveReference(
  symbols: Symbols,
  reference: { section: string; statement: number; values: readonly Expression[] },
): DataReference {
  const values = reference.values.map((value) => {
    const labels: Label[] = [];
    mentionedLabels(symbols, value, reference.statement, labels);
    return labels;
  });
  return { section: reference.section, values };
}

/** `ia64_ivt+0x400` as a base and an offset in bytes; nulls when it is something else. */
function originOf(expression: Expression | undefined): { base: string | null; offset: number | null } {
  if (expression?.kind === 'name') return { base: expression.name, offset: 0 };
  if (expression?.kind === 'binary' && expression.operator === '+' && expression.left.kind === 'name') {
    return { base: expression.left.name, offset: constant(expression.right) };
  }
  if (expression?.kind === 'group') return originOf(expression.inner);
  return { base: null, offset: expression === undefined ? null : constant(expression) };
}

/** The value of an expression of numbers; null when it has anything else in it. */
export function constant(expression: Expression): number | null {
  if (expression.kind === 'number') return Number(expression.value);
  if (expression.kind === 'group') return constant(expression.inner);
  if (expression.kind !== 'binary') return null;
  const left = constant(expression.left);
  const right = constant(expression.right);
  if (left === null || right === null) return null;
  switch (expression.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '<<':
      return left * 2 ** right;
    default:
      return null;
  }
}

/** Which section statements go to, with gas's `.previous` and `.pushsection`. */
class SectionStack {
  readonly #sections = new Map<string, Section>();
  readonly #stack: Section[] = [];
  current: Section = this.#named('.text');
  #before: Section = this.current;

  directive(name: string, tokens: readonly Token[], args: readonly Expression[]): void {
    switch (name) {
      case '.text':
      case '.data':
      case '.bss':
      case '.rodata':
      case '.sdata':
      case '.sbss':
        this.#enter(name, textOf(tokens, args[0]));
        break;
      case '.subsection':
        this.#enter(this.current.name, textOf(tokens, args[0]));
        break;
      case '.section':
        this.#enter(textOf(tokens, args[0]));
        break;
      case '.pushsection':
        this.#stack.push(this.current);
        // A second argument that is no string of flags numbers a subsection.
        this.#enter(textOf(tokens, args[0]), args[1]?.kind === 'number' ? textOf(tokens, args[1]) : '');
        break;
      case '.popsection': {
        const back = this.#stack.pop();
        if (back !== undefined) this.#switch(back);
        break;
      }
      case '.previous':
        this.#switch(this.#before);
        break;
    }
  }

  #enter(name: string, part = ''): void {
    this.#switch(this.#named(name, part));
  }

  #switch(section: Section): void {
    this.#before = this.current;
    this.current = section;
  }

  /** Subsections lie one behind the other in the object file, wherever they stand in the text. */
  #named(name: string, part = ''): Section {
    const key = part === '' || part === '0' ? name : `${name} ${part}`;
    let section = this.#sections.get(key);
    if (section === undefined) {
      section = { name, last: -1, group: -1, waiting: [] };
      this.#sections.set(key, section);
    }
    return section;
  }
}
