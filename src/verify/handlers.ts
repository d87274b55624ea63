/** Proof by execution of whole listings: from each entry, from many states, beside the source. */

import type { Unexecutable } from '../execution/signals.ts';
import { type CoverageResult, coverageOf } from './coverage.ts';
import type { Entry } from './entries.ts';
import type { LockstepResult } from './lockstep.ts';
import { judgeListings } from './states.ts';
import { alike, type JudgedListing, type Source, type Subject, subjectImage } from './subjects.ts';

export interface Effort {
  /** States for each entry, and the first one's seed. */
  readonly states: number;
  readonly seed: number;
  /** The most instructions of the source from one entry. */
  readonly steps: number;
  /** The most calls of C that a run is followed through. */
  readonly exits: number;
  /** Only the entry of this name; null: all. */
  readonly entry: string | null;
  /** Different states at which an entry's judgement ends. */
  readonly failures: number;
  progress?(entry: string, done: number, all: number): void;
}

export interface DifferingState {
  readonly seed: number;
  readonly reasons: readonly string[];
  readonly exit: string;
}

export interface EntryResult {
  readonly entry: Entry;
  readonly states: number;
  readonly equal: number;
  /** States from which the source itself has no meaning, with one reason. */
  readonly undefined: number;
  readonly reason: string;
  readonly endless: number;
  readonly failures: readonly DifferingState[];
  /** The first instruction that cannot be executed: the comparison of the entry ends there. */
  readonly refusal: Unexecutable | null;
}

export interface SubjectResult {
  readonly label: string;
  readonly entries: readonly EntryResult[];
}

export interface HandlersResult {
  readonly subjects: readonly SubjectResult[];
  readonly coverage: CoverageResult;
}

/** Judges listings of one source. */
export function verifyHandlers(source: Source, subjects: readonly Subject[], effort: Effort): HandlersResult {
  const coverage = new Uint8Array(source.image.code.length);
  const entries = source.entries.filter(({ name, nested }) =>
    effort.entry === null ? !nested : name === effort.entry,
  );
  const judged = subjects.map((subject): JudgedListing => ({ subject, image: subjectImage(source, subject) }));
  const results = new Map<JudgedListing, EntryResult[]>(judged.map((each) => [each, []]));
  for (const group of alike(judged)) {
    const labels = group.map(({ subject }) => subject.label).join(', ');
    entries.forEach((entry, at) => {
      const found = judgeEntry(source, group, entry, effort, coverage);
      group.forEach((each, which) => {
        results.get(each)!.push(found[which]!);
      });
      effort.progress?.(`${labels} ${entry.name}`, at + 1, entries.length);
    });
  }
  return {
    subjects: judged.map((each) => ({ label: each.subject.label, entries: results.get(each)! })),
    coverage: coverageOf(source, entries, coverage),
  };
}

function judgeEntry(
  source: Source,
  group: readonly JudgedListing[],
  entry: Entry,
  effort: Effort,
  coverage: Uint8Array,
): EntryResult[] {
  const results = judgeStates(source, group, entry, effort, coverage);
  // Most code runs with psr.ic on. Where all states with it on are undefined, the entry is run with it off.
  const again = group.filter((_, at) => entry.psrIc === null && results[at]!.undefined === results[at]!.states);
  if (again.length === 0) return results;
  const found = judgeStates(source, again, { ...entry, psrIc: 0 }, effort, coverage);
  return group.map((each, at) => found[again.indexOf(each)] ?? results[at]!);
}

/** What is known of a listing at an entry. */
interface Tally {
  readonly judged: JudgedListing;
  states: number;
  readonly counts: { equal: number; undefined: number; endless: number };
  reason: string;
  readonly failures: DifferingState[];
  refusal: Unexecutable | null;
}

function judgeStates(
  source: Source,
  group: readonly JudgedListing[],
  entry: Entry,
  effort: Effort,
  coverage: Uint8Array,
): EntryResult[] {
  const tallies = group.map(
    (judged): Tally => ({
      judged,
      states: 0,
      counts: { equal: 0, undefined: 0, endless: 0 },
      reason: '',
      failures: [],
      refusal: null,
    }),
  );
  for (let state = 0; state < effort.states; state++) {
    const going = tallies.filter(({ failures, refusal }) => refusal === null && failures.length < effort.failures);
    const seed = effort.seed + state;
    const listings = going.map(({ judged }) => judged);
    const results = judgeListings(source, listings, entry, seed, effort, coverage);
    for (const [at, tally] of going.entries()) count(tally, seed, results[at]!);
  }
  return tallies.map(({ states, counts, reason, failures, refusal }) => ({
    entry,
    states,
    ...counts,
    reason,
    failures,
    refusal,
  }));
}

function count(tally: Tally, seed: number, result: LockstepResult): void {
  if (result.kind === 'refused') {
    tally.refusal = result.error;
    return;
  }
  tally.states++;
  if (result.kind === 'different') tally.failures.push({ seed, reasons: result.reasons, exit: result.exit });
  else {
    tally.counts[result.kind]++;
    if (result.kind !== 'equal') tally.reason = result.reason;
  }
}
