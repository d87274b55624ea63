/**
 * The flat program: statements of preprocessed code laid out by section, each instruction with what it does, where it
 * was spelled and the instruction group it stands in. Requires: preprocessed statements (no cpp, no gas macros left).
 */

import { leavesOrCalls } from '../../machine/branches.ts';
import { mayTellOfCompiler, tellsOfCompiler } from '../../machine/compilers.ts';
import { decode as machineDecode } from '../../machine/decode.ts';
import type { Effects } from '../../machine/effects.ts';
import type { NameScope } from '../../machine/naming.ts';
import { equates } from '../../machine/symbol-directives.ts';
import type { SourceText } from '../../syntax/source.ts';
import type { MacroUse, Token } from '../../syntax/token.ts';
import type { Expression, Instruction, Statement } from '../../syntax/tree.ts';
import { compiledInstructions } from './compiled.ts';
import { type DataDirective, dataDirective, type SpelledData } from './data.ts';
import { Names } from './names.ts';
import { nodeText, originOf, SectionStack, symbolText } from './sections.ts';
import { defineLabel, equate, type Label, labelsOfName, mentionedLabels, newSymbols, type Symbols } from './symbols.ts';

/** One instruction, or a call of an unknown macro, which counts as reading and writing everything. */
export interface ProgramInstruction {
  readonly index: number;
  readonly statement: Extract<Statement, { kind: 'instruction' | 'macroCall' }>;
  /** The tokens that the statement's spans count in. */
  readonly tokens: readonly Token[];
  /** Its place in the statement list. */
  readonly statementIndex: number;
  readonly effects: Effects;
  readonly section: string;
  /** Instructions of one group have one number; stops part groups, labels and bundles do not. */
  readonly group: number;
  /** Number of the explicit bundle `{ ... }` that it is in, or -1. */
  readonly bundle: number;
  /** Index of the `.proc` ... `.endp` that it is in, or -1. */
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
export interface OrgDirective {
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
  /** By section: the last instruction of its first subsection, behind which what is put at its end stands; -1: data stand there. */
  readonly sectionEnds: ReadonlyMap<string, number>;
  /** By statement: its instruction; -1 when it is no instruction. */
  readonly instructionOf: Int32Array;
  readonly symbols: Symbols;
  /** What names of registers mean in front of a statement. */
  readonly names: Names;
  readonly routines: readonly Routine[];
  /** By instruction, 1 where a compiler wrote it; null: none. */
  readonly compiled: Uint8Array | null;
  readonly origins: readonly OrgDirective[];
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

export type Decode = (instruction: Instruction, scope: NameScope) => Effects;

/**
 * Lays statements out. Everything that depends on order alone is decided here, in one walk.
 *
 * @param unseen whether a header is missing that could define a name as a register
 */
export function layOut(
  statements: readonly Statement[],
  tokens: readonly Token[],
  { decode = machineDecode, unseen = false }: { readonly decode?: Decode; readonly unseen?: boolean } = {},
): Program {
  const builder = startProgram(statements, tokens, decode);
  if (unseen) builder.names.missSomething();
  builder.names.expect(statements);
  for (let at = 0; at < statements.length; at++) layStatement(builder, statements[at]!, at);
  return finish(builder);
}

/** A layout under way. */
interface ProgramBuilder {
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  readonly decode: Decode;
  readonly names: Names;
  readonly sections: SectionStack;
  readonly instructions: ProgramInstruction[];
  readonly groups: number[][];
  readonly previous: number[];
  readonly instructionOf: Int32Array;
  readonly symbols: Symbols;
  readonly routines: Routine[];
  readonly origins: OrgDirective[];
  readonly data: SpelledData[];
  /** The `.proc` that is open, and the explicit bundle; null and -1: none. */
  routine: Routine | null;
  bundle: number;
  bundles: number;
  /** Has a directive told that a compiler wrote the file? */
  isCompiled: boolean;
}

function startProgram(statements: readonly Statement[], tokens: readonly Token[], decode: Decode): ProgramBuilder {
  return {
    statements,
    tokens,
    decode,
    names: new Names(),
    sections: new SectionStack(),
    instructions: [],
    groups: [],
    previous: [],
    instructionOf: new Int32Array(statements.length).fill(-1),
    symbols: newSymbols(),
    routines: [],
    origins: [],
    data: [],
    routine: null,
    bundle: -1,
    bundles: 0,
    isCompiled: false,
  };
}

function layStatement(builder: ProgramBuilder, statement: Statement, at: number): void {
  const section = builder.sections.current;
  switch (statement.kind) {
    case 'instruction': {
      const put = dataDirective(statement.mnemonic);
      if (put === null) layInstruction(builder, statement, at);
      else layData(builder, put, statement.inputs, at);
      break;
    }
    case 'macroCall':
      layInstruction(builder, statement, at);
      break;
    case 'stop':
      section.group = -1;
      break;
    case 'label':
    case 'tag':
      section.waiting.push(defineLabel(builder.symbols, statement.name, statement.kind, at, section.name));
      break;
    case 'bundleOpen':
      builder.bundle = builder.bundles++;
      break;
    case 'bundleClose':
      builder.bundle = -1;
      break;
    case 'assignment':
      builder.names.follow(statement, at);
      define(builder, statement.name, statement.value, at);
      break;
    case 'directive':
      builder.names.follow(statement, at);
      layDirective(builder, statement, at);
      break;
  }
}

function layInstruction(builder: ProgramBuilder, statement: ProgramInstruction['statement'], at: number): void {
  const { names, tokens, instructions, routine } = builder;
  const section = builder.sections.current;
  const index = instructions.length;
  if (section.group < 0) section.group = builder.groups.push([]) - 1;
  builder.groups[section.group]!.push(index);
  names.follow(statement, at);
  const effects = statement.kind === 'instruction' ? decodeIn(builder, statement) : UNKNOWN;
  const head = tokens[statement.kind === 'instruction' ? statement.mnemonicFirst : statement.first]!;
  instructions.push({
    index,
    statement,
    tokens,
    statementIndex: at,
    effects,
    section: section.name,
    group: section.group,
    bundle: builder.bundle,
    routine: routine?.index ?? -1,
    file: head.file,
    start: head.start,
    end: spelledEnd(tokens, head, statement.last),
    use: head.use,
  });
  // A branch that is always taken ends the group: what follows in the text is reached from elsewhere.
  if (effects.predicate === 0 && leavesOrCalls(effects)) section.group = -1;
  builder.instructionOf[at] = index;
  builder.previous.push(section.last);
  section.last = index;
  for (let waiting = section.waiting.pop(); waiting !== undefined; waiting = section.waiting.pop())
    waiting.instruction = index;
  if (routine === null) return;
  if (routine.first > routine.last) routine.first = index;
  routine.last = index;
}

/** The effects of an instruction; unknown if an operand may be a register by a name defined in text that was not read. */
function decodeIn({ decode, names }: ProgramBuilder, instruction: Instruction): Effects {
  const effects = decode(instruction, names);
  return effects.branch === null && names.mayHideRegister(instruction) ? UNKNOWN : effects;
}

function layDirective(builder: ProgramBuilder, statement: Extract<Statement, { kind: 'directive' }>, at: number): void {
  const { tokens, symbols, sections } = builder;
  const { args } = statement;
  const put = dataDirective(statement.name);
  if (put !== null) {
    layData(builder, put, args, at);
    return;
  }
  const name = statement.name.startsWith('.') ? statement.name : `.${statement.name}`;
  if (name === '.proc') {
    builder.routine = { index: builder.routines.length, name: symbolText(tokens, args[0]), first: 0, last: -1 };
    builder.routines.push(builder.routine);
  } else if (name === '.endp') builder.routine = null;
  else if (name === '.global' || name === '.globl' || name === '.weak') {
    for (const argument of args) {
      const symbol = symbolText(tokens, argument);
      symbols.globals.add(symbol);
      if (name === '.weak') symbols.weak.add(symbol);
    }
  } else if (name === '.org') {
    const origin = { ...originOf(args[0]), section: sections.current.name, statement: at, instruction: -1 };
    builder.origins.push(origin);
    sections.current.waiting.push(origin);
  } else if (mayTellOfCompiler(name)) {
    builder.isCompiled ||= tellsOfCompiler(name, nodeText(tokens, args[0]));
  } else if (equates(name)) {
    const [alias, real] = args;
    if (alias?.kind === 'name' && real !== undefined) define(builder, alias.name, real, at);
  } else sections.directive(name, tokens, args);
}

function define({ symbols, sections }: ProgramBuilder, name: string, value: Expression, at: number): void {
  const section = sections.current;
  if (value.kind === 'here') section.waiting.push(defineLabel(symbols, name, 'label', at, section.name));
  else equate(symbols, name, value, at);
}

/** Data in code: if control goes through it, the effects are unknown. */
function layData(
  { sections, tokens, data }: ProgramBuilder,
  put: DataDirective,
  args: readonly Expression[],
  at: number,
): void {
  const section = sections.current;
  if (put.elsewhere) data.push({ section: nodeText(tokens, args[0]), statement: at, values: args.slice(1) });
  else {
    if (put.values) data.push({ section: section.name, statement: at, values: args });
    section.last = section.group = -1;
  }
}

function finish(builder: ProgramBuilder): Program {
  const { statements, tokens, instructions, groups, instructionOf, symbols, routines, origins } = builder;
  for (const name of symbols.globals) for (const label of labelsOfName(symbols, name)) label.global = true;
  for (const name of symbols.weak) for (const label of labelsOfName(symbols, name)) label.weak = true;
  const previous = Int32Array.from(builder.previous);
  const next = new Int32Array(instructions.length).fill(-1);
  for (let index = 0; index < previous.length; index++) if (previous[index]! >= 0) next[previous[index]!] = index;
  const data = builder.data.map((put): DataReference => {
    const values = put.values.map((value) => {
      const labels: Label[] = [];
      mentionedLabels(symbols, value, put.statement, labels);
      return labels;
    });
    return { section: put.section, values };
  });
  return {
    statements,
    tokens,
    instructions,
    groups,
    next,
    previous,
    sectionEnds: builder.sections.ends,
    instructionOf,
    symbols,
    names: builder.names,
    routines,
    compiled: builder.isCompiled ? compiledInstructions(instructions) : null,
    origins,
    data,
  };
}

/** Where the spelling ends that starts at `head`. */
function spelledEnd(tokens: readonly Token[], head: Token, last: number): number {
  const tail = tokens[last];
  // An operand may come from another file or another macro's argument: then the span is the mnemonic's alone.
  const together = tail !== undefined && tail.file === head.file && tail.end >= head.end && tail.use === head.use;
  return together ? tail.end : head.end;
}
