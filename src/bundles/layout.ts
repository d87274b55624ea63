/**
 * Where everything comes to stand: the bundle and slot of each instruction, the offset of each label, the size of each
 * section, exactly as GNU as 2.40 with -x lays out the same text. One pass; linear in the number of statements.
 *
 * What it takes over from gas, because addresses depend on it: every directive that places something first ends the
 * instruction group and fills the bundle, but only in a section that holds code; the window of instructions not yet
 * in a bundle is one for all sections; a label in code marks the next bundle, a label in data the present offset.
 */

import type { Program } from '../analysis/program/program.ts';
import { type LayoutDirective, layoutDirectives } from '../machine/layout-directives.ts';
import { equates } from '../machine/symbol-directives.ts';
import type { Expression, Statement } from '../syntax/tree.ts';
import { roomOf, unquoted } from './room.ts';
import {
  BUNDLE,
  constantOperand,
  current,
  expressionText,
  fileSize,
  finish,
  flush,
  type Layout,
  type LayoutInput,
  type LayoutState,
  leaveCode,
  refuse,
  startRun,
} from './run.ts';
import { alignPart, enterPart, partNumber, popPart, pushPart, swapParts } from './sections.ts';
import { packingShape } from './shape.ts';
import { TEMPLATE_BY_DIRECTIVE } from './template.ts';
import { evaluateAddress } from './values.ts';

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

/** Where instruction groups end besides at stops, and which labels stand in code. By statement, 1: so it is. */
export interface GroupEnds {
  readonly endsGroup: Uint8Array;
  readonly inCode: Uint8Array;
}

/** Only where groups end: directives are followed, and no bundle is made. */
export function groupEnds(program: Program): GroupEnds {
  const { statements, instructionOf } = program;
  const run = startRun({ tree: program, effects: () => null });
  const inCode = new Uint8Array(statements.length);
  for (let index = 0; index < statements.length; index++) {
    const statement = statements[index]!;
    if (statement.kind === 'label') inCode[index] = current(run).code ? 1 : 0;
    else if (statement.kind === 'directive' || (statement.kind === 'instruction' && instructionOf[index]! < 0))
      layStatement(run, index, statement);
  }
  return { endsGroup: run.endsGroup, inCode };
}

function layStatement(run: LayoutState, index: number, statement: Statement): void {
  const directive = directiveOf(statement);
  if (directive !== undefined) {
    layDirective(run, index, directive, statement.kind === 'directive' ? statement.args : operandsOf(statement));
    return;
  }
  switch (statement.kind) {
    case 'instruction':
      run.bundlePart = run.sections.current;
      run.packer.instruction(packingShape(run.input.effects(index)), index);
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
      if (equates(statement.name) && statement.args[0]?.kind === 'name')
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

/** `.mii`; any other directive takes no room. */
function chooseTemplate(run: LayoutState, directive: string): void {
  const template = TEMPLATE_BY_DIRECTIVE.get(directive.startsWith('.') ? directive.slice(1) : directive);
  if (template !== undefined) run.packer.template(template);
}

function layLabel(run: LayoutState, index: number, name: string): void {
  run.labels.set(name, index);
  if (current(run).code) {
    run.codePart = run.sections.current;
    run.packer.label(index);
  } else {
    run.section[index] = run.sections.current;
    run.offset[index] = current(run).location;
  }
}

function assign(run: LayoutState, name: string, expression: Expression | undefined): void {
  const value = expression === undefined ? null : evaluateAddress(expression, run.scope);
  if (value === null) run.equates.delete(name);
  else if (name === '.') current(run).location = Number(value.offset);
  else run.equates.set(name, value);
}

function layDirective(run: LayoutState, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
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
function placeDirective(
  run: LayoutState,
  index: number,
  directive: LayoutDirective,
  args: readonly Expression[],
): void {
  const argument = (at: number) => (args[at] === undefined ? 0 : (constantOperand(run, index, args[at]) ?? 0));
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

function layData(run: LayoutState, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const part = current(run);
  if (directive.action === 'data') alignPart(part, directive.align, 0);
  run.section[index] = run.sections.current;
  run.offset[index] = part.location;
  part.location += roomOf(directive, args, {
    constant: (expression) => constantOperand(run, index, expression),
    spelling: (expression) => expressionText(run, expression),
    fileSize: (name) => fileSize(run, index, name),
  });
}

/** `.org`: code before it that reaches beyond it is the overflow of a vector; layout goes on from where it should. */
function layOrigin(run: LayoutState, index: number, target: Expression | undefined): void {
  const value = target === undefined ? null : evaluateAddress(target, run.scope);
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
function baseLabel(run: LayoutState, target: Expression): number {
  if (target.kind === 'binary') return baseLabel(run, target.left);
  return target.kind === 'name' ? (run.labels.get(target.name) ?? -1) : -1;
}

function layRemote(run: LayoutState, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const inner = layoutDirectives().get(directive.to);
  if (inner === undefined || args.length === 0) return;
  run.remote = true;
  const back = run.sections.current;
  enterPart(run.sections, partNumber(run.sections, unquoted(expressionText(run, args[0]))));
  layDirective(run, index, inner, args.slice(1));
  enterPart(run.sections, back);
  run.remote = false;
}

function layCommon(run: LayoutState, index: number, args: readonly Expression[]): void {
  // A part of its own: gas keeps such symbols behind what `.bss` itself holds.
  const part = partNumber(run.sections, '.bss', 1);
  const bss = run.sections.parts[part]!;
  const alignment = args[2] === undefined ? 1 : (constantOperand(run, index, args[2]) ?? 1);
  alignPart(bss, alignment, 0);
  run.section[index] = part;
  run.offset[index] = bss.location;
  if (args[0]?.kind === 'name') run.labels.set(args[0].name, index);
  bss.location += constantOperand(run, index, args[1]) ?? 0;
}

function endProcedure(run: LayoutState): void {
  run.packer.stop();
  if (run.procedurePart === -1) flush(run);
  else {
    run.sections.current = run.procedurePart;
    run.procedurePart = -1;
  }
}

function enterSection(run: LayoutState, index: number, directive: LayoutDirective, args: readonly Expression[]): void {
  const { sections } = run;
  if (directive.to !== '') {
    const subsection = args[0] === undefined ? 0 : (constantOperand(run, index, args[0]) ?? 0);
    enterPart(sections, partNumber(sections, directive.to, subsection));
    return;
  }
  const flags = args.slice(1).find(({ kind }) => kind === 'string');
  const name = unquoted(expressionText(run, args[0]));
  enterPart(
    sections,
    partNumber(sections, name, 0, flags === undefined ? undefined : unquoted(expressionText(run, flags))),
  );
}
