/** Faults that are planted in a listing, statement by statement, and whether `pvasm verify` finds them. */
import { layOut, type Program } from '../../src/analysis/program/program.ts';
import { checkDependencies } from '../../src/dependencies/violations.ts';
import type { Expression, Instruction, Statement } from '../../src/syntax/tree.ts';
import { alignedWith } from '../../src/verify/align.ts';
import { judgeState, type Source, type Subject, subjectImage, verifyHandlers } from '../../src/verify/handlers.ts';
import { EFFORT } from './support.ts';

export type ListingFault =
  | 'instruction deleted'
  | 'own instruction deleted'
  | 'stop deleted'
  | 'predicate lost'
  | 'register another'
  | 'number another'
  | 'event doubled'
  | 'event from another slot';

interface Planted {
  readonly kind: ListingFault;
  readonly program: Program;
  readonly line: string;
}

interface Share {
  planted: number;
  caught: number;
  readonly missed: string[];
}

const EVENT = 7n;

/** Statements of a listing that are executed from some state: a fault elsewhere shows nothing. */
function executedStatements(source: Source, subject: Subject, states: number): ReadonlySet<number> {
  const { instructions, previous } = subject.program;
  const executed = new Set<number>();
  const image = subjectImage(source, subject);
  const note = (index: number): void => {
    executed.add(instructions[index]!.statementIndex);
    // A stop parts the instruction from the one before it.
    const before = previous[index]!;
    if (before >= 0)
      for (let at = instructions[before]!.statementIndex + 1; at < instructions[index]!.statementIndex; at++)
        executed.add(at);
  };
  for (const entry of source.entries)
    for (let seed = 1; !entry.nested && seed <= states; seed++)
      judgeState(source, subject, image, entry, seed, {
        ...EFFORT,
        watches: [() => undefined, (_, index) => note(index)],
      });
  return executed;
}

/** All faults of a listing in what is executed, or every n-th of them. */
function* listingFaults(
  source: Source,
  { program }: Subject,
  {
    every,
    first,
    executed,
  }: { readonly every: number; readonly first: number; readonly executed: ReadonlySet<number> },
): Iterable<Planted> {
  const { foreign } = alignedWith(source.image.program, program);
  const parted = checkDependencies(program).length;
  let count = first;
  for (const [at, statement] of program.statements.entries()) {
    const index = program.instructionOf[at]!;
    const place = program.instructions[index];
    if (!executed.has(at)) continue;
    for (const { kind, by } of faultsOf(statement, index >= 0 && foreign[index] === 1)) {
      if (count++ % every !== 0) continue;
      const statements = [...program.statements.slice(0, at), ...by, ...program.statements.slice(at + 1)];
      const planted = layOut(statements, program.tokens);
      // A stop that parts nothing changes where instructions lie, and nothing else.
      if (kind === 'stop deleted' && checkDependencies(planted).length === parted) continue;
      const line =
        place === undefined
          ? `;; behind ${lineBefore(program, at)}`
          : `${place.file.position(place.start).line}: ${spelled(program, statement)}`;
      yield { kind, line, program: planted };
    }
  }
}

/** The line of the last instruction before a statement. */
function lineBefore({ statements, instructionOf, instructions }: Program, at: number): string {
  const before = statements.slice(0, at).findLastIndex(({ kind }) => kind === 'instruction');
  const place = instructions[instructionOf[before]!];
  return place === undefined ? '' : `${place.file.name}:${place.file.position(place.start).line}`;
}

function spelled({ tokens }: Program, { first, last }: Statement): string {
  return tokens
    .slice(first, last + 1)
    .map(({ text }) => text)
    .join(' ');
}

function* faultsOf(statement: Statement, isForeign: boolean): Iterable<{ kind: ListingFault; by: Statement[] }> {
  if (statement.kind === 'stop') yield { kind: 'stop deleted', by: [] };
  if (statement.kind !== 'instruction' || /^(nop|hint|data|invala|lfetch|srlz|mf)/.test(statement.mnemonic)) return;
  if (!isForeign) {
    yield { kind: 'own instruction deleted', by: [] };
    return;
  }
  yield { kind: 'instruction deleted', by: [] };
  // What an expansion computes in a register is scratch: to compute it in vain changes nothing.
  if (statement.predicate !== null && statement.outputs.every(({ kind }) => kind === 'memory'))
    yield { kind: 'predicate lost', by: [{ ...statement, predicate: null }] };
  for (const [at, input] of statement.inputs.entries()) {
    const other = anotherOperand(input);
    if (other === null) continue;
    const inputs = statement.inputs.map((each, which) => (which === at ? other : each));
    yield { kind: input.kind === 'number' ? 'number another' : 'register another', by: [{ ...statement, inputs }] };
  }
  if (isEvent(statement)) {
    yield { kind: 'event doubled', by: [statement, statement] };
    const nop: Instruction = {
      ...statement,
      predicate: null,
      mnemonic: 'nop.m',
      outputs: [],
      inputs: statement.inputs,
    };
    yield { kind: 'event from another slot', by: [nop, statement] };
  }
}

function isEvent({ mnemonic, inputs: [number] }: Instruction): boolean {
  return mnemonic.startsWith('break') && number?.kind === 'number' && number.value === EVENT;
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

/** Whether a listing with the fault is found to be another program. */
function isFound(source: Source, subject: Subject, { program }: Planted, states: number): boolean {
  try {
    const { subjects } = verifyHandlers(source, [{ ...subject, program }], { ...EFFORT, states });
    return subjects[0]!.entries.some(({ failures }) => failures.length > 0);
  } catch {
    return true; // the run ends with what cannot be executed
  }
}

/** By kind of fault: how many were planted and found. */
export function shares(
  source: Source,
  subject: Subject,
  { every, first = 0, states }: { readonly every: number; readonly first?: number; readonly states: number },
): ReadonlyMap<ListingFault, Share> {
  const found = new Map<ListingFault, Share>();
  const executed = executedStatements(source, subject, states);
  for (const planted of listingFaults(source, subject, { every, first, executed })) {
    const share = found.get(planted.kind) ?? { planted: 0, caught: 0, missed: [] };
    found.set(planted.kind, share);
    share.planted++;
    if (isFound(source, subject, planted, states)) share.caught++;
    else share.missed.push(planted.line);
  }
  return found;
}
