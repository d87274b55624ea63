/**
 * Where everything comes to stand: the bundle and slot of each instruction, the offset of each label, the size of each
 * section, exactly as GNU as 2.40 with -x lays out the same text. One pass; linear in the number of statements.
 *
 * What it takes over from gas, because addresses depend on it: every directive that places something first ends the
 * instruction group and fills the bundle, but only in a section that holds code; the window of instructions not yet
 * in a bundle is one for all sections; a label in code marks the next bundle, a label in data the present offset.
 */
import type { Effects } from '../machine/effects.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Expression, Statement, Tree } from '../syntax/tree.ts';
import { type LayoutDirective, layoutDirectives } from './bundle-directives.ts';
import { createPacker, type Packer } from './bundle-packer.ts';
import { roomOf, unquoted } from './bundle-room.ts';
import {
  alignPart,
  currentPart,
  enterPart,
  joinParts,
  newSections,
  type Part,
  partNumber,
  popPart,
  pushPart,
  type SectionSize,
  type Sections,
  swapParts,
} from './bundle-sections.ts';
import { shapeOf } from './bundle-shape.ts';
import { TEMPLATE_BY_DIRECTIVE } from './bundle-template.ts';
import { evaluate, type Scope, type Value } from './bundle-values.ts';

const BUNDLE = 16;

export interface LayoutInput {
  /** Preprocessed code: gas macros expanded, no cpp directives. */
  readonly tree: Pick<Tree, 'tokens' | 'statements'>;
  /** What the instruction at an index of `tree.statements` does; null: not an instruction the tables know. */
  readonly effects: (statement: number) => Effects | null;
  /** Size in bytes of a file that `.incbin` names; undefined: not known. */
  readonly fileSize?: (name: string) => number | undefined;
}

/** One `.org`: where the code had come to, and where it went on. Byte offsets in the section. */
export interface Origin {
  readonly statement: number;
  /** Statement of the label it counts from; -1: from the start of the section. */
  readonly base: number;
  readonly section: number;
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  readonly sections: readonly SectionSize[];
  /** For each statement the index of its section in `sections`, or -1: it stands nowhere. */
  readonly section: Int32Array;
  /** For each statement its byte offset there; an instruction's slot (0-2) is in the low bits, as in an address. */
  readonly offset: Float64Array;
  /** For each statement 1 when it is a directive that ends the instruction group, as a stop does. */
  readonly endsGroup: Uint8Array;
  /** Statement of each label by name; of a numeric label the last one. */
  readonly labels: ReadonlyMap<string, number>;
  readonly origins: readonly Origin[];
  /** What the assembler would refuse, and values that could not be computed (their room is taken to be none). */
  readonly diagnostics: readonly Diagnostic[];
}

/** A layout under way. */
interface Run {
  readonly input: LayoutInput;
  readonly packer: Packer;
  readonly sections: Sections;
  /** Part of the last instruction or label in code: what waits in the packer goes there. */
  codePart: number;
  /** Part that the bundle being made goes to. */
  bundlePart: number;
  /** In `.xdata4` and the like nothing is flushed. */
  remote: boolean;
  /** Part to go back to at `.endp`, after `.handlerdata`; -1: none. */
  procedurePart: number;
  readonly section: Int32Array;
  readonly offset: Float64Array;
  readonly endsGroup: Uint8Array;
  readonly labels: Map<string, number>;
  readonly equates: Map<string, Value>;
  readonly origins: Origin[];
  readonly diagnostics: Diagnostic[];
  readonly scope: Scope;
}

const UNWIND_INFO = '.IA_64.unwind_info';

/** Lays out preprocessed statements; the unwind tables that gas generates are left out. */
export function layout(input: LayoutInput): Layout {
  const run = startRun(input);
  const { statements } = input.tree;
  for (let index = 0; index < statements.length; index++) layStatement(run, index, statements[index]!);
  run.packer.stop();
  flush(run);
  return finish(run);
}

function startRun(input: LayoutInput): Run {
  const count = input.tree.statements.length;
  const run: Run = {
    input,
    packer: createPacker({
      place: (statement, slot) => stand(run, statement, slot),
      mark: (statement, slot) => stand(run, statement, slot),
      markAfter: (statement) => stand(run, statement, 0),
      refuse: (statement, why) => refuse(run, statement, why),
      bundle: () => {
        const part = run.sections.parts[run.bundlePart]!;
        part.location += BUNDLE;
        part.bundles++;
      },
    }),
    sections: newSections(),
    codePart: -1,
    bundlePart: 0,
    remote: false,
    procedurePart: -1,
    section: new Int32Array(count).fill(-1),
    offset: new Float64Array(count).fill(-1),
    endsGroup: new Uint8Array(count),
    labels: new Map(),
    equates: new Map(),
    origins: [],
    diagnostics: [],
    scope: {
      symbol: (name) => run.equates.get(name) ?? labelValue(run, run.labels.get(name)),
      backward: (label) => labelValue(run, run.labels.get(label)),
      here: () => ({ section: run.sections.current, offset: BigInt(current(run).location) }),
    },
  };
  return run;
}

function layStatement(run: Run, index: number, statement: Statement): void {
  const directive = directiveOf(statement);
  if (directive !== undefined) {
    layDirective(run, index, directive, statement.kind === 'directive' ? statement.args : operandsOf(statement));
    return;
  }
  switch (statement.kind) {
    case 'instruction':
      run.bundlePart = run.sections.current;
      run.packer.instruction(shapeOf(run.input.effects(index)), index);
      run.codePart = run.sections.current;
      break;
    case 'stop':
      run.packer.stop();
      break;
    case 'label':
      layLabel(run, index, statement.name);
      break;
    case 'tag':
      run.packer.tag(index);
      run.labels.set(statement.name, index);
      break;
    case 'bundleOpen':
      run.packer.open();
      if (statement.template !== null) chooseTemplate(run, statement.template);
      break;
    case 'bundleClose':
      run.packer.close();
      break;
    case 'assignment':
      assign(run, statement.name, statement.value);
      break;
    case 'directive':
      if (ASSIGNMENTS.has(statement.name) && statement.args[0]?.kind === 'name')
        assign(run, statement.args[0].name, statement.args[1]);
      else chooseTemplate(run, statement.name);
      break;
    default:
  }
}

/** `.align 32`, and `data8 f`, which the parser cannot tell from an instruction. */
function directiveOf(statement: Statement): LayoutDirective | undefined {
  if (statement.kind === 'directive') return layoutDirectives().get(statement.name);
  return statement.kind === 'instruction' ? layoutDirectives().get(statement.mnemonic) : undefined;
}

const operandsOf = (statement: Statement): readonly Expression[] =>
  statement.kind === 'instruction' ? statement.inputs : [];

const ASSIGNMENTS = new Set(['.set', '.equ', '.equiv', '.eqv']);

/** `.mii`; any other directive takes no room. */
function chooseTemplate(run: Run, directive: string): void {
  const template = TEMPLATE_BY_DIRECTIVE.get(directive.startsWith('.') ? directive.slice(1) : directive);
  if (template !== undefined) run.packer.template(template);
}

function layLabel(run: Run, index: number, name: string): void {
  run.labels.set(name, index);
  if (current(run).code) {
    run.codePart = run.sections.current;
    run.packer.label(index);
  } else {
    run.section[index] = run.sections.current;
    run.offset[index] = current(run).location;
  }
}

function assign(run: Run, name: string, expression: Expression | undefined): void {
  const value = expression === undefined ? null : evaluate(expression, run.scope);
  if (value === null) run.equates.delete(name);
  else if (name === '.') current(run).location = Number(value.offset);
  else run.equates.set(name, value);
}

function layDirective(run: Run, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  switch (directive.action) {
    case 'endp':
      run.endsGroup[index] = 1;
      endProcedure(run);
      break;
    case 'handlerdata':
      flush(run);
      run.procedurePart = run.sections.current;
      run.sections.current = partNumber(run.sections, UNWIND_INFO);
      break;
    case 'remote':
      layRemote(run, index, directive, args);
      break;
    case 'lcomm':
      layCommon(run, index, args);
      break;
    default:
      leaveCode(run, index);
      placeDirective(run, index, directive, args);
  }
}

/** Directives that begin by filling the bundle. */
function placeDirective(run: Run, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const argument = (at: number) => (args[at] === undefined ? 0 : (constant(run, index, args[at]) ?? 0));
  switch (directive.action) {
    case 'section':
      enterSection(run, index, directive, args);
      break;
    case 'previous':
      swapParts(run.sections);
      break;
    case 'push':
      pushPart(run.sections);
      enterSection(run, index, directive, args);
      break;
    case 'pop':
      popPart(run.sections);
      break;
    case 'subsection':
      enterPart(run.sections, partNumber(run.sections, current(run).name, argument(0)));
      break;
    case 'org':
      layOrigin(run, index, args[0]);
      break;
    case 'proc':
      alignPart(current(run), BUNDLE, 0);
      break;
    case 'align':
      alignPart(current(run), argument(0), argument(2));
      break;
    case 'align-power':
      alignPart(current(run), 2 ** argument(0), argument(2));
      break;
    default:
      layData(run, index, directive, args);
  }
}

function layData(run: Run, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const part = current(run);
  if (directive.action === 'data') alignPart(part, directive.align, 0);
  run.section[index] = run.sections.current;
  run.offset[index] = part.location;
  part.location += roomOf(directive, args, {
    constant: (expression) => constant(run, index, expression),
    spelling: (expression) => spelling(run, expression),
    fileSize: (name) => fileSize(run, index, name),
  });
}

/** `.org`: code before it that reaches beyond it is the overflow of a vector; layout goes on from where it should. */
function layOrigin(run: Run, index: number, target: Expression | undefined): void {
  const value = target === undefined ? null : evaluate(target, run.scope);
  const part = current(run);
  if (value === null || (value.section !== -1 && value.section !== run.sections.current)) {
    refuse(run, index, 'the value of .org is not known here');
    return;
  }
  const to = Number(value.offset);
  if (to < part.location) refuse(run, index, `attempt to move .org backwards by ${part.location - to} bytes`);
  run.origins.push({
    statement: index,
    base: baseLabel(run, target!),
    section: run.sections.current,
    from: part.location,
    to,
  });
  run.section[index] = run.sections.current;
  run.offset[index] = to;
  part.location = to;
}

/** The label in `table+0x400`. */
function baseLabel(run: Run, target: Expression): number {
  if (target.kind === 'binary') return baseLabel(run, target.left);
  return target.kind === 'name' ? (run.labels.get(target.name) ?? -1) : -1;
}

function layRemote(run: Run, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const inner = layoutDirectives().get(directive.to);
  if (inner === undefined || args.length === 0) return;
  run.remote = true;
  const back = run.sections.current;
  enterPart(run.sections, partNumber(run.sections, unquoted(spelling(run, args[0]))));
  layDirective(run, index, inner, args.slice(1));
  enterPart(run.sections, back);
  run.remote = false;
}

function layCommon(run: Run, index: number, args: readonly Expression[]): void {
  // A part of its own: gas keeps such symbols behind what `.bss` itself holds.
  const part = partNumber(run.sections, '.bss', 1);
  const bss = run.sections.parts[part]!;
  const alignment = args[2] === undefined ? 1 : (constant(run, index, args[2]) ?? 1);
  alignPart(bss, alignment, 0);
  run.section[index] = part;
  run.offset[index] = bss.location;
  if (args[0]?.kind === 'name') run.labels.set(args[0].name, index);
  bss.location += constant(run, index, args[1]) ?? 0;
}

function endProcedure(run: Run): void {
  run.packer.stop();
  if (run.procedurePart === -1) flush(run);
  else {
    run.sections.current = run.procedurePart;
    run.procedurePart = -1;
  }
}

function enterSection(run: Run, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const { sections } = run;
  if (directive.to !== '') {
    const subsection = args[0] === undefined ? 0 : (constant(run, index, args[0]) ?? 0);
    enterPart(sections, partNumber(sections, directive.to, subsection));
    return;
  }
  const flags = args.slice(1).find(({ kind }) => kind === 'string');
  const name = unquoted(spelling(run, args[0]));
  enterPart(sections, partNumber(sections, name, 0, flags === undefined ? undefined : unquoted(spelling(run, flags))));
}

const current = (run: Run): Part => currentPart(run.sections);

/** What gas does before it places anything but an instruction: in code, end the group and fill the bundle. */
function leaveCode(run: Run, index: number): void {
  if (!current(run).code || run.remote) return;
  run.endsGroup[index] = 1;
  run.packer.stop();
  flush(run);
}

function flush(run: Run): void {
  if (run.codePart === -1) return;
  run.bundlePart = run.codePart;
  run.packer.flush();
}

/** The statement stands at the bundle being made. */
function stand(run: Run, statement: number, slot: number): void {
  run.section[statement] = run.bundlePart;
  run.offset[statement] = run.sections.parts[run.bundlePart]!.location + slot;
}

function labelValue(run: Run, statement: number | undefined): Value | null {
  if (statement === undefined || run.section[statement] === -1) return null;
  return { section: run.section[statement]!, offset: BigInt(run.offset[statement]!) };
}

function constant(run: Run, index: number, expression: Expression | undefined): number | undefined {
  const value = expression === undefined ? null : evaluate(expression, run.scope);
  if (value !== null && value.section === -1) return Number(value.offset);
  refuse(run, index, 'the size it asks for is not known here');
  return undefined;
}

function fileSize(run: Run, index: number, name: string): number {
  const size = run.input.fileSize?.(name);
  if (size === undefined) refuse(run, index, `the size of ${name} is not known`);
  return size ?? 0;
}

function refuse(run: Run, statement: number, why: string): void {
  const { tokens, statements } = run.input.tree;
  const { first, last } = statements[statement] ?? statements.at(-1)!;
  const token = tokens[first]!;
  const end = tokens[last]!;
  run.diagnostics.push({
    severity: 'error',
    message: why,
    file: token.file,
    start: token.start,
    end: end.file === token.file ? Math.max(end.end, token.end) : token.end,
  });
}

/** An expression as written, without blanks. */
function spelling(run: Run, expression: Expression | undefined): string {
  if (expression === undefined) return '';
  let text = '';
  for (let at = expression.first; at <= expression.last; at++) text += run.input.tree.tokens[at]!.text;
  return text.trim();
}

/** Offsets in the numbered parts of sections become offsets in the sections. */
function finish(run: Run): Layout {
  const { section, offset, endsGroup, labels, origins, diagnostics } = run;
  const { sections, sectionOf, baseOf } = joinParts(run.sections);
  for (let statement = 0; statement < section.length; statement++) {
    const part = section[statement]!;
    if (part === -1) continue;
    section[statement] = sectionOf[part]!;
    offset[statement]! += baseOf[part]!;
  }
  const moved = origins.map(({ section: part, from, to, ...origin }) => {
    const start = baseOf[part]!;
    return { ...origin, section: sectionOf[part]!, from: from + start, to: to + start };
  });
  return { sections, section, offset, endsGroup, labels, origins: moved, diagnostics };
}
