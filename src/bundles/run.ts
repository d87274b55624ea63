/** The state of a layout under way: sections, the packer, and where what was read so far stands. */
import type { Effects } from '../machine/effects.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { Expression, Tree } from '../syntax/tree.ts';
import { Packer } from './packer.ts';
import { currentPart, joinParts, newSections, type Part, type SectionSize, type Sections } from './sections.ts';
import { type AddressScope, type AddressValue, evaluateAddress } from './values.ts';

export const BUNDLE = 16;

export interface LayoutInput {
  /** Preprocessed code: gas macros expanded, no cpp directives. */
  readonly tree: Pick<Tree, 'tokens' | 'statements'>;
  /** What the instruction at an index of `tree.statements` does; null: not an instruction the tables know. */
  readonly effects: (statement: number) => Effects | null;
  /** Size in bytes of a file that `.incbin` names; undefined: not known. */
  readonly fileSize?: (name: string) => number | undefined;
}

/** One `.org`: where the code had come to, and where it went on. Byte offsets in the section. */
export interface OrgMove {
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
  readonly origins: readonly OrgMove[];
  /** What the assembler would refuse, and values that could not be computed (their room is taken to be none). */
  readonly diagnostics: readonly Diagnostic[];
}

/** A layout under way. */
export interface LayoutState {
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
  readonly equates: Map<string, AddressValue>;
  readonly origins: OrgMove[];
  readonly diagnostics: Diagnostic[];
  readonly scope: AddressScope;
}

export function startRun(input: LayoutInput): LayoutState {
  const count = input.tree.statements.length;
  const run: LayoutState = {
    input,
    packer: new Packer({
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

export const current = (run: LayoutState): Part => currentPart(run.sections);

/** What gas does before it places anything but an instruction: in code, end the group and fill the bundle. */
export function leaveCode(run: LayoutState, index: number): void {
  if (!current(run).code || run.remote) return;
  run.endsGroup[index] = 1;
  run.packer.stop();
  flush(run);
}

export function flush(run: LayoutState): void {
  if (run.codePart === -1) return;
  run.bundlePart = run.codePart;
  run.packer.flush();
}

/** Notes that the statement is at the current bundle. */
function stand(run: LayoutState, statement: number, slot: number): void {
  run.section[statement] = run.bundlePart;
  run.offset[statement] = run.sections.parts[run.bundlePart]!.location + slot;
}

function labelValue(run: LayoutState, statement: number | undefined): AddressValue | null {
  if (statement === undefined || run.section[statement] === -1) return null;
  return { section: run.section[statement]!, offset: BigInt(run.offset[statement]!) };
}

export function constantOperand(
  run: LayoutState,
  index: number,
  expression: Expression | undefined,
): number | undefined {
  const value = expression === undefined ? null : evaluateAddress(expression, run.scope);
  if (value !== null && value.section === -1) return Number(value.offset);
  refuse(run, index, 'the size it asks for is not known here');
  return undefined;
}

export function fileSize(run: LayoutState, index: number, name: string): number {
  const size = run.input.fileSize?.(name);
  if (size === undefined) refuse(run, index, `the size of ${name} is not known`);
  return size ?? 0;
}

export function refuse(run: LayoutState, statement: number, why: string): void {
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
export function expressionText(run: LayoutState, expression: Expression | undefined): string {
  if (expression === undefined) return '';
  let text = '';
  for (let at = expression.first; at <= expression.last; at++) text += run.input.tree.tokens[at]!.text;
  return text.trim();
}

/** Offsets in the numbered parts of sections become offsets in the sections. */
export function finish(run: LayoutState): Layout {
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
