/** Runs listings from one state, beside their source. */

import type { Analysis } from '../analysis/analysis.ts';
import type { Image } from '../execution/image.ts';
import { hex } from '../execution/memory.ts';
import { PSR } from '../execution/psr.ts';
import type { ExecutionExit } from '../execution/signals.ts';
import { World } from '../execution/world.ts';
import { TABLE } from '../expand/table-files.ts';
import type { Contract } from './contract.ts';
import type { Entry } from './entries.ts';
import { CALLEE_SCRATCH, type Guest, inLockstep, type LockstepResult, type Rules, type Side } from './lockstep.ts';
import { Beginning } from './machines.ts';
import { startState } from './start.ts';
import type { JudgedListing, Source, Subject } from './subjects.ts';

/** An entry and a state to begin it in, on both sides; a text says why the listing cannot be begun. */
export function sidesAt(
  source: Source,
  subject: Subject,
  image: Image,
  entry: Entry,
  seed: number,
): { native: Side; guest: Guest } | string {
  const begun = beginningAt(source, entry, seed);
  const guest = guestAt(source, { subject, image }, entry, begun);
  return typeof guest === 'string' ? guest : { native: nativeAt(source, subject.contract, entry, begun), guest };
}

/** The source's side of an entry in a state, beside listings of a contract. */
export function nativeSideAt(source: Source, contract: Contract | null, entry: Entry, seed: number): Side {
  return nativeAt(source, contract, entry, beginningAt(source, entry, seed));
}

function beginningAt({ image, analysis, beginnings }: Source, entry: Entry, seed: number): Beginning {
  const off = entry.psrIc === 0 ? PSR.ic | PSR.i : 0n;
  const complete = !analysis.mayHaveIncompleteFrame(entry.instruction);
  const { kind, bank } = entry;
  return beginnings.at(`${kind} ${bank} ${off} ${complete} ${seed}`, () => {
    const world = new World(seed, image.code.constants);
    return new Beginning(world, startState(world, kind, { clear: off, bank, complete }));
  });
}

function nativeAt({ image, entries }: Source, contract: Contract | null, entry: Entry, begun: Beginning): Side {
  return {
    image,
    machine: begun.processor(image.data, contract?.pinned ?? []),
    at: entry.instruction,
    nested: entries.find((each) => each.nested)?.instruction,
  };
}

function guestAt(source: Source, { subject, image }: JudgedListing, entry: Entry, begun: Beginning): Guest | string {
  const { contract, scratch, table = 0 } = subject;
  const at = image.indexAt(entry.address);
  if (at === undefined) return `the listing has no code at ${entry.name}`;
  const nested = source.entries.find((each) => each.nested);
  const machine = begun.guest(contract, image.data);
  const first = image.labels.get(TABLE);
  if (first !== undefined) machine.table = { first, behind: first + 8n * BigInt(table) };
  return {
    image,
    machine,
    at,
    nested: nested === undefined ? undefined : image.indexAt(nested.address),
    excusedAt: (exit, instruction) => excused(source, scratch, exit, instruction),
  };
}

/** Runs one entry from one state. @throws Unexecutable where an instruction cannot be executed */
export function judgeState(
  source: Source,
  subject: Subject,
  image: Image,
  entry: Entry,
  seed: number,
  effort: StateEffort,
): Exclude<LockstepResult, { kind: 'refused' }> {
  const [result] = judgeListings(source, [{ subject, image }], entry, seed, effort);
  if (result!.kind === 'refused') throw result!.error;
  return result!;
}

export type StateEffort = Pick<Rules, 'steps' | 'exits' | 'watches'>;

/** Runs one entry from one state for listings that are {@link alike}. */
export function judgeListings(
  source: Source,
  listings: readonly JudgedListing[],
  entry: Entry,
  seed: number,
  { steps, exits, watches }: StateEffort,
  coverage?: Uint8Array,
): LockstepResult[] {
  if (listings.length === 0) return [];
  const begun = beginningAt(source, entry, seed);
  const guests = listings.map((each) => guestAt(source, each, entry, begun));
  const able = guests.filter((each) => typeof each !== 'string');
  const native = nativeAt(source, listings[0]!.subject.contract, entry, begun);
  const results = inLockstep(native, able, {
    steps,
    exits,
    ...(coverage === undefined ? {} : { coverage }),
    ...(watches === undefined ? {} : { watches }),
    returnsThrough: (address) =>
      source.conventions.symbols.get(source.space.nameOf(address) ?? '')?.link ?? RETURN_POINTER,
    nameOf: (address) => source.space.nameOf(address) ?? hex(address),
  });
  return guests.map(
    (guest): LockstepResult =>
      typeof guest === 'string'
        ? { kind: 'different', reasons: [guest], exit: 'entry' }
        : results[able.indexOf(guest)]!,
  );
}

/** b0, by the software conventions. */
const RETURN_POINTER = 0;

const liveAt = new WeakMap<Analysis, Map<number, ReadonlySet<string>>>();

/** Scratch registers of the listing that code behind the exit does not read by the conventions. */
function excused(
  source: Source,
  scratch: ReadonlySet<string>,
  exit: ExecutionExit,
  instruction: number,
): ReadonlySet<string> {
  if (exit.kind === 'call') return CALLEE_SCRATCH;
  let known = liveAt.get(source.analysis);
  if (known === undefined) {
    known = new Map();
    liveAt.set(source.analysis, known);
  }
  let live = known.get(instruction);
  if (live === undefined) {
    live = new Set(source.analysis.liveBehind(instruction));
    known.set(instruction, live);
  }
  const { size } = live;
  return size === 0 ? scratch : new Set([...scratch].filter((name) => !live.has(name)));
}
