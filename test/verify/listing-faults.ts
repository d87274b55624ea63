/** Faults that are planted in a listing, statement by statement, and whether `pvasm verify` finds them. */
import { layOut, type Program } from '../../src/analysis/program/program.ts';
import { checkDependencies } from '../../src/dependencies/violations.ts';
import { Unexecutable } from '../../src/execution/signals.ts';
import type { Expression, Instruction, Statement } from '../../src/syntax/tree.ts';
import { alignedWith } from '../../src/verify/align.ts';
import type { Entry } from '../../src/verify/entries.ts';
import { judgeState } from '../../src/verify/states.ts';
import { type Source, type Subject, subjectImage } from '../../src/verify/subjects.ts';
import type { FaultKind } from './faults.ts';
import { EFFORT } from './support.ts';

interface Planted {
  readonly kind: FaultKind;
  /** A place of the listing, and in words what stood there. */
  readonly line: string;
  /** The statement that must be executed for the fault to show. */
  readonly shows: number;
  readonly statements: readonly Statement[];
}

export interface Share {
  planted: number;
  caught: number;
  readonly missed: string[];
}

const EVENT = 7n;

/** From where a statement of the listing is executed: entry and seed. */
type Executions = ReadonlyMap<number, readonly { readonly entry: Entry; readonly seed: number }[]>;

function executionsOf(source: Source, subject: Subject, states: number): Executions {
  const { instructions, previous } = subject.program;
  const found = new Map<number, { entry: Entry; seed: number }[]>();
  const image = subjectImage(source, subject);
  for (const entry of source.entries)
    for (let seed = 1; !entry.nested && seed <= states; seed++) {
      const executed = new Set<number>();
      const note = (index: number): void => {
        const at = instructions[index]!.statementIndex;
        if (executed.has(at)) return;
        executed.add(at);
        // A stop parts the instruction from the one before it.
        const before = previous[index]!;
        if (before >= 0) for (let on = instructions[before]!.statementIndex + 1; on < at; on++) executed.add(on);
      };
      const watches = [() => undefined, (_: unknown, index: number) => note(index)] as const;
      judgeState(source, subject, image, entry, seed, { ...EFFORT, watches });
      for (const at of executed) {
        const known = found.get(at) ?? [];
        found.set(at, known);
        known.push({ entry, seed });
      }
    }
  return found;
}

/** A listing with what is known of its statements. */
interface Looked {
  readonly source: Source;
  readonly program: Program;
  /** By instruction: 1 where an expansion has brought it. */
  readonly foreign: Uint8Array;
}

const isInstruction = (statement: Statement): statement is Instruction => statement.kind === 'instruction';

/** All faults that a listing has room for. */
function* listingFaults({ source, program, foreign }: Looked): Iterable<Planted> {
  const { statements, instructionOf } = program;
  const isForeign = (at: number): boolean => instructionOf[at]! >= 0 && foreign[instructionOf[at]!] === 1;
  const looked = { source, program, foreign };
  const inPlace = (at: number, by: readonly Statement[]): Statement[] => [
    ...statements.slice(0, at),
    ...by,
    ...statements.slice(at + 1),
  ];
  for (const [at, statement] of statements.entries()) {
    const slot = wrongSlot(statements, at);
    if (slot !== null) yield { kind: 'slot wrong', line: lineOf(program, at), shows: at, statements: slot };
    for (const { kind, by } of faultsOf(statement, isForeign(at), switchesBanks(looked, at)))
      yield { kind, line: lineOf(program, at), shows: at, statements: inPlace(at, by) };
    if (isInstruction(statement) && isForeign(at)) yield* liveScratch(looked, at);
    yield* capturedLabels(looked, at);
  }
}

function lineOf(program: Program, at: number): string {
  const { statements, instructionOf, instructions, tokens } = program;
  const on = statements.slice(0, at + 1).findLastIndex(({ kind }) => kind === 'instruction');
  const place = instructions[instructionOf[on]!];
  if (place === undefined) return '';
  const { first, last } = statements[on]!;
  const text = tokens.slice(first, last + 1).map((token) => token.text);
  return `${place.file.position(place.start).line}: ${on === at ? '' : ';; behind '}${text.join(' ')}`;
}

function* faultsOf(
  statement: Statement,
  isForeign: boolean,
  isSwitch: boolean,
): Iterable<{ kind: FaultKind; by: Statement[] }> {
  if (statement.kind === 'stop') yield { kind: 'stop deleted', by: [] };
  if (!isInstruction(statement) || /^(nop|hint|data|invala|lfetch|mf)/.test(statement.mnemonic)) return;
  if (statement.mnemonic.startsWith('srlz')) yield { kind: 'serialization deleted', by: [] };
  else if (!isForeign) yield { kind: 'instruction of the source deleted', by: [] };
  else yield* faultsOfExpansion(statement, isSwitch);
}

function* faultsOfExpansion(statement: Instruction, isSwitch: boolean): Iterable<{ kind: FaultKind; by: Statement[] }> {
  const { mnemonic, inputs, outputs } = statement;
  const deleted = isEvent(statement) ? 'event lost' : isSwitch ? 'bank not switched' : 'instruction deleted';
  yield { kind: deleted, by: [] };
  // What an expansion computes in a register is scratch: to compute it in vain changes nothing.
  if (statement.predicate !== null && outputs.every(({ kind }) => kind === 'memory'))
    yield { kind: 'predicate lost', by: [{ ...statement, predicate: null }] };
  for (const [at, input] of inputs.entries()) {
    const other = anotherOperand(input);
    if (other === null) continue;
    const kind =
      input.kind !== 'number'
        ? 'register another'
        : input.value > 0xffffn
          ? 'slot of the page wrong'
          : 'number another';
    yield { kind, by: [{ ...statement, inputs: inputs.map((each, which) => (which === at ? other : each)) }] };
  }
  const [first, second] = inputs;
  if (/^(sub|cmp4?\.[lg]|shladd|andcm)/.test(mnemonic) && first?.kind === 'name' && second?.kind === 'name')
    if (first.name !== second.name) yield { kind: 'operands swapped', by: [{ ...statement, inputs: [second, first] }] };
  if (/\.(spill|fill)$/.test(mnemonic))
    yield { kind: 'NaT dropped', by: [{ ...statement, mnemonic: mnemonic.replace(/\.(spill|fill)/, '') }] };
  if (isEvent(statement)) yield { kind: 'event doubled', by: [statement, { ...statement }] };
}

/** An event's break changes its place with the nop behind it in its bundle; null: there is none. */
function wrongSlot(statements: readonly Statement[], at: number): Statement[] | null {
  const [event, behind] = [statements[at]!, statements[at + 1]];
  if (!isInstruction(event) || !isEvent(event) || behind === undefined || !isInstruction(behind)) return null;
  const [, unit] = /^nop\.([mi])$/.exec(behind.mnemonic) ?? [];
  if (unit === undefined) return null;
  const nop = { ...behind, mnemonic: event.mnemonic.replace('break', 'nop') };
  return [...statements.slice(0, at), nop, { ...event, mnemonic: `break.${unit}` }, ...statements.slice(at + 2)];
}

function isEvent({ mnemonic, inputs: [number] }: Instruction): boolean {
  return mnemonic.startsWith('break') && number?.kind === 'number' && number.value === EVENT;
}

/** The store that says which bank is on, among those that move its registers. */
function switchesBanks({ program: { statements, instructionOf }, foreign }: Looked, at: number): boolean {
  const statement = statements[at]!;
  if (!isInstruction(statement) || statement.mnemonic !== 'st4') return false;
  const near = statements.slice(Math.max(0, at - 60), at + 60);
  const moves = near.filter((each, on) => {
    const index = instructionOf[Math.max(0, at - 60) + on]!;
    return isInstruction(each) && index >= 0 && foreign[index] === 1 && /\.(spill|fill)$/.test(each.mnemonic);
  });
  return moves.length >= 16;
}

function anotherOperand(operand: Expression): Expression | null {
  if (operand.kind === 'number')
    return { ...operand, value: operand.value + (operand.value > 0xffffn ? 8n : 1n), text: '?' };
  if (operand.kind === 'name' && /^r\d+$/.test(operand.name))
    return { ...operand, name: operand.name === 'r5' ? 'r6' : 'r5' };
  if (operand.kind === 'memory' && operand.address.kind === 'name')
    return { ...operand, address: { ...operand.address, name: 'r5' } };
  return null;
}

/** The scratch register that an expansion writes first becomes one that is read behind it. */
function* liveScratch({ source, program, foreign }: Looked, at: number): Iterable<Planted> {
  const { statements, instructionOf } = program;
  const indexAt = (on: number): number => instructionOf[on] ?? -1;
  const first = statements.slice(0, at).findLastIndex((each, on) => isInstruction(each) && indexAt(on) >= 0);
  if (first >= 0 && foreign[indexAt(first)] === 1) return; // not the first instruction of its expansion
  const end = statements.findIndex((each, on) => on > at && isInstruction(each) && foreign[indexAt(on)] === 0);
  if (end < 0) return;
  const run = statements.slice(at, end);
  const mentioned = new Set(run.flatMap((each) => (isInstruction(each) ? namesIn(each) : [])));
  const scratch = run.filter(isInstruction).flatMap(({ outputs }) => outputs.flatMap(nameOf))[0];
  const own = ownBehind(source, program, foreign, end);
  if (scratch === undefined || own === null || !/^r\d+$/.test(scratch)) return;
  const live = namesIn(own.inputs).find((name) => /^r([2-9]|1\d|2\d|3[01])$/.test(name) && !mentioned.has(name));
  if (live === undefined) return;
  const renamed = run.map((each) => (isInstruction(each) ? withName(each, scratch, live) : each));
  yield {
    kind: 'live scratch',
    line: `${lineOf(program, at)}: ${scratch} as ${live}`,
    shows: at,
    statements: [...statements.slice(0, at), ...renamed, ...statements.slice(end)],
  };
}

/** The next instruction that the source has, too, and that reads registers. */
function ownBehind(
  _: Source,
  { statements, instructionOf }: Program,
  foreign: Uint8Array,
  from: number,
): Instruction | null {
  const found = statements.slice(from, from + 4).find((each, on): each is Instruction => {
    const index = instructionOf[from + on]!;
    return isInstruction(each) && index >= 0 && foreign[index] === 0 && namesIn(each.inputs).length > 0;
  });
  return found ?? null;
}

function nameOf(expression: Expression): string[] {
  return expression.kind === 'name' ? [expression.name] : [];
}

function namesIn(of: Instruction | readonly Expression[]): string[] {
  const list = 'kind' in of ? [...of.outputs, ...of.inputs] : of;
  return list.flatMap((each) => (each.kind === 'memory' ? nameOf(each.address) : nameOf(each)));
}

function withName(statement: Instruction, from: string, to: string): Instruction {
  const renamed = (each: Expression): Expression => {
    if (each.kind === 'memory') return { ...each, address: renamed(each.address) };
    return each.kind === 'name' && each.name === from ? { ...each, name: to } : each;
  };
  return { ...statement, outputs: statement.outputs.map(renamed), inputs: statement.inputs.map(renamed) };
}

/** The same with other names of local labels. */
function withLabels<T extends Expression>(of: T, renamed: (label: string, direction: 'f' | 'b') => string): T {
  if (of.kind === 'local') return { ...of, label: renamed(of.label, of.direction) };
  if (of.kind !== 'binary') return of;
  return { ...of, left: withLabels(of.left, renamed), right: withLabels(of.right, renamed) };
}

/** Where a local label lies as seen from a statement; -1: there is none. */
function localFrom(statements: readonly Statement[], on: number, label: string, direction: 'f' | 'b'): number {
  const isLabel = (each: Statement): boolean => each.kind === 'label' && each.name === label;
  if (direction === 'b') return statements.slice(0, on).findLastIndex(isLabel);
  return statements.findIndex((each, at) => at > on && isLabel(each));
}

/**
 * The label of an expansion has the name of one of the source, and what names it in the expansion follows: a branch of the
 * source across the expansion goes into it. Where no branch does, nothing is planted.
 */
function* capturedLabels({ source, program }: Looked, at: number): Iterable<Planted> {
  const { statements } = program;
  const label = statements[at]!;
  const names = new Set(
    source.image.program.symbols.labels.map(({ name }) => name).filter((name) => /^\d+$/.test(name)),
  );
  if (label.kind !== 'label' || !/^\d+$/.test(label.name) || names.has(label.name)) return;
  for (const name of names) {
    const crossing = statements.findIndex(
      (each, on) =>
        isInstruction(each) &&
        each.inputs.some((input) => {
          if (input.kind !== 'local' || input.label !== name) return false;
          const target = localFrom(statements, on, name, input.direction);
          return target >= 0 && target < at !== on < at;
        }),
    );
    if (crossing < 0) continue;
    const statementsNow = statements.map((each, on): Statement => {
      if (on === at) return { ...label, name };
      if (!isInstruction(each)) return each;
      const renamed = (its: string, direction: 'f' | 'b'): string =>
        its === label.name && localFrom(statements, on, its, direction) === at ? name : its;
      return { ...each, inputs: each.inputs.map((input) => withLabels(input, renamed)) };
    });
    yield {
      kind: 'label captured',
      line: `${lineOf(program, crossing)}: by ${label.name} behind ${lineOf(program, at)}`,
      shows: crossing,
      statements: statementsNow,
    };
  }
}

/** Whether a listing with the fault is found to be another program, from the states that come to it; else from more of them. */
function isFound(source: Source, subject: Subject, planted: Planted, executions: Executions, states: number): boolean {
  const program = layOut(planted.statements, subject.program.tokens);
  const faulty = { ...subject, program };
  const image = subjectImage(source, faulty);
  const differs = (entry: Entry, seed: number): boolean =>
    judgeState(source, faulty, image, entry, seed, EFFORT).kind === 'different';
  const known = executions.get(planted.shows) ?? [];
  try {
    if (known.some(({ entry, seed }) => differs(entry, seed))) return true;
    const more = Array.from({ length: states * MORE_STATES }, (_, at) => states + 1 + at);
    return [...new Set(known.map(({ entry }) => entry))].some((entry) => more.some((seed) => differs(entry, seed)));
  } catch (error) {
    if (error instanceof Unexecutable) return true; // and the run says so
    throw error;
  }
}

/** So many times as many states are tried for what is not found at once. */
const MORE_STATES = 10;

/**
 * By kind of fault: how many were planted in what is executed, and found.
 *
 * @param every of the faults that there is room for
 * @param kinds null: all
 */
export function shares(
  source: Source,
  subject: Subject,
  {
    every,
    states,
    kinds = null,
  }: { readonly every: number; readonly states: number; readonly kinds?: readonly FaultKind[] | null },
): ReadonlyMap<FaultKind, Share> {
  const found = new Map<FaultKind, Share>();
  const executions = executionsOf(source, subject, states);
  const { program } = subject;
  const { foreign } = alignedWith(source.image.program, program);
  const parted = checkDependencies(program).length;
  let count = 0;
  for (const planted of listingFaults({ source, program, foreign })) {
    if ((kinds !== null && !kinds.includes(planted.kind)) || !executions.has(planted.shows)) continue;
    // Of what there is little, all.
    if (OFTEN.has(planted.kind) && count++ % every !== 0) continue;
    // A stop that parts nothing changes where instructions lie, and nothing else.
    if (
      planted.kind === 'stop deleted' &&
      checkDependencies(layOut(planted.statements, program.tokens)).length === parted
    )
      continue;
    const share = found.get(planted.kind) ?? { planted: 0, caught: 0, missed: [] };
    found.set(planted.kind, share);
    share.planted++;
    if (isFound(source, subject, planted, executions, states)) share.caught++;
    else share.missed.push(planted.line);
  }
  return found;
}

const OFTEN: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'instruction deleted',
  'instruction of the source deleted',
  'stop deleted',
  'register another',
  'number another',
  'slot of the page wrong',
]);
