/**
 * Liveness against two yardsticks, on random small programs: it must find live whatever some execution reads (all executions
 * are followed, with all values of the predicates), and must not find live what the textbook's liveness, which knows nothing
 * of predicates, finds dead.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { seed } from '../support/seed.ts';
import { analyseText } from './support.ts';

const REGISTERS = ['r14', 'r15', 'r16'];
const PREDICATES = ['p6', 'p7', 'p8'];
const NAMES = [...REGISTERS, ...PREDICATES];

interface Line {
  readonly predicate: number | null;
  /**
   * `compare` writes two predicates as each other's complement, or clears both where its operand is a NaT; `unc` clears
   * them where it is not executed too; `mask` writes two predicates, independent of each other. `speculate` loads what may
   * be a NaT, `load` what is none.
   */
  readonly kind: 'move' | 'store' | 'compare' | 'unc' | 'mask' | 'load' | 'speculate' | 'branch';
  readonly to: number;
  readonly other: number;
  readonly from: number;
  readonly target: number;
}

const LENGTH = 9;
/** p6 and p7: the first two. */
const MASK = '0xc0';
const MASKED = [0, 1];
const line: fc.Arbitrary<Line> = fc.record({
  predicate: fc.option(fc.nat(PREDICATES.length - 1)),
  kind: fc.constantFrom(
    'move',
    'move',
    'store',
    'compare',
    'compare',
    'unc',
    'mask',
    'load',
    'speculate',
    'branch',
    'branch',
  ),
  to: fc.nat(2),
  other: fc.nat(2),
  from: fc.nat(2),
  target: fc.nat(LENGTH),
});

function spell(lines: readonly Line[]): string {
  const spelled = lines.map(({ predicate, kind, to, other, from, target }, at) => {
    const qualifier = predicate === null ? '' : `(${PREDICATES[predicate]}) `;
    const text = {
      move: `mov ${REGISTERS[to]}=${REGISTERS[from]}`,
      store: `st8 [r32]=${REGISTERS[from]}`,
      compare: `cmp.eq ${PREDICATES[to]},${second(to, other)}=${REGISTERS[from]},r0`,
      unc: `cmp.eq.unc ${PREDICATES[to]},${second(to, other)}=${REGISTERS[from]},r0`,
      mask: `mov pr=r33,${MASK}`,
      load: `ld8 ${REGISTERS[to]}=[r32]`,
      speculate: `ld8.s ${REGISTERS[to]}=[r32]`,
      branch: `br.cond.sptk l${target}`,
    }[kind];
    return `l${at}: ${qualifier}${text};;`;
  });
  return `f: ${spelled.join('\n')}\nl${lines.length}: br.ret.sptk rp\n`;
}

/** A compare may not write one predicate twice: then the second is p0. */
function second(to: number, other: number): string {
  return to === other ? 'p0' : PREDICATES[other]!;
}

/** Names that a line reads and surely writes when it is executed. */
function accesses({ kind, to, other, from, predicate }: Line): { reads: string[]; writes: string[] } {
  const reads = predicate === null ? [] : [PREDICATES[predicate]!];
  if (kind === 'branch') return { reads, writes: [] };
  if (kind === 'mask') return { reads, writes: MASKED.map((at) => PREDICATES[at]!) };
  if (kind === 'load' || kind === 'speculate') return { reads, writes: [REGISTERS[to]!] };
  reads.push(REGISTERS[from]!);
  if (kind === 'store') return { reads, writes: [] };
  if (kind === 'move') return { reads, writes: [REGISTERS[to]!] };
  return { reads, writes: to === other ? [PREDICATES[to]!] : [PREDICATES[to]!, PREDICATES[other]!] };
}

/** A position, which registers hold a NaT, and the values of the predicates, as bits. */
const stateOf = (position: number, nats: number, values: number): number => (position * 8 + nats) * 8 + values;
const STATES = 64;

/** Where one step may lead, what it reads and what it overwrites. */
function step(lines: readonly Line[], state: number): { next: number[]; reads: string[]; writes: string[] } {
  const position = Math.floor(state / STATES);
  const nats = (state >> 3) & 7;
  const values = state & 7;
  const current = lines[position];
  if (current === undefined) return { next: [], reads: [], writes: [] };
  const { predicate, kind, to, other, from, target } = current;
  const executed = predicate === null || ((values >> predicate) & 1) === 1;
  const { reads, writes } = accesses(current);
  const cleared = values & ~(1 << to) & ~(to === other ? 0 : 1 << other);
  if (!executed) {
    const tested = [PREDICATES[predicate]!];
    if (kind === 'unc') return { next: [stateOf(position + 1, nats, cleared)], reads: tested, writes };
    return { next: [stateOf(position + 1, nats, values)], reads: tested, writes: [] };
  }
  const next = executions(current, nats, values, cleared).map(([nat, value]) => stateOf(position + 1, nat, value));
  return { next: kind === 'branch' ? [stateOf(target, nats, values)] : next, reads, writes };

  function executions(line: Line, nats: number, values: number, cleared: number): [nats: number, values: number][] {
    const isNat = ((nats >> from) & 1) === 1;
    const clean = nats & ~(1 << to);
    switch (line.kind) {
      case 'branch':
        return [];
      case 'move':
        return [[isNat ? clean | (1 << to) : clean, values]];
      case 'load':
        return [[clean, values]];
      case 'speculate':
        return [clean, clean | (1 << to)].map((nat) => [nat, values]);
      case 'store': // of a NaT faults
        return isNat ? [] : [[nats, values]];
      case 'mask': {
        const rest = values & ~3;
        return [0, 1, 2, 3].map((low) => [nats, rest | low]);
      }
      default: {
        const outcomes = isNat ? [cleared] : [cleared | (1 << to), to === other ? cleared : cleared | (1 << other)];
        return outcomes.map((outcome) => [nats, outcome]);
      }
    }
  }
}

/** By position: the names that some execution from the entry reads behind it, before it overwrites them. */
function executedLiveness(lines: readonly Line[]): Set<string>[] {
  const reached = new Set<number>(Array.from({ length: STATES }, (_, start) => start));
  for (const state of reached) for (const next of step(lines, state).next) reached.add(next);
  const before = new Map<number, Set<string>>([...reached].map((state) => [state, new Set()]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const state of reached) {
      const { next, reads, writes } = step(lines, state);
      const live = before.get(state)!;
      const size = live.size;
      for (const follower of next) for (const name of before.get(follower)!) if (!writes.includes(name)) live.add(name);
      for (const name of reads) live.add(name);
      changed ||= live.size !== size;
    }
  }
  const behind = lines.map(() => new Set<string>());
  for (const state of reached) {
    const position = Math.floor(state / STATES);
    if (position >= lines.length) continue;
    for (const next of step(lines, state).next) for (const name of before.get(next)!) behind[position]!.add(name);
  }
  return behind;
}

/** By position: textbook liveness behind it; a predicated write kills nothing. */
function textbookLiveness(lines: readonly Line[]): Set<string>[] {
  const before = [...lines, null].map(() => new Set<string>());
  const behind = lines.map(() => new Set<string>());
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = lines.length - 1; at >= 0; at--) {
      const current = lines[at]!;
      const { reads, writes } = accesses(current);
      const size = before[at]!.size;
      if (current.kind === 'branch') for (const name of before[current.target]!) behind[at]!.add(name);
      if (current.kind !== 'branch' || current.predicate !== null)
        for (const name of before[at + 1]!) behind[at]!.add(name);
      const killed = current.predicate === null || current.kind === 'unc' ? writes : [];
      for (const name of behind[at]!) if (!killed.includes(name)) before[at]!.add(name);
      for (const name of reads) before[at]!.add(name);
      changed ||= before[at]!.size !== size;
    }
  }
  return behind;
}

const foundLive = (analysis: Analysis, instruction: number): string[] => {
  const live = new Set(analysis.liveBehind(instruction));
  return NAMES.filter((name) => live.has(name));
};

test('between what executions read and what the textbook finds', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: LENGTH, maxLength: LENGTH }), (lines) => {
      const analysis = analyseText(spell(lines));
      const executed = executedLiveness(lines);
      const textbook = textbookLiveness(lines);
      for (let at = 0; at < lines.length; at++) {
        const live = foundLive(analysis, at);
        expect({ at, missed: [...executed[at]!].filter((name) => !live.includes(name)) }).toEqual({ at, missed: [] });
        expect({ at, needless: live.filter((name) => !textbook[at]!.has(name)) }).toEqual({ at, needless: [] });
      }
    }),
    { numRuns: 400, seed: seed(20081) },
  );
});

test('executions do read less than the textbook thinks', () => {
  let gained = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: LENGTH, maxLength: LENGTH }), (lines) => {
      const analysis = analyseText(spell(lines));
      const textbook = textbookLiveness(lines);
      for (let at = 0; at < lines.length; at++) gained += textbook[at]!.size - foundLive(analysis, at).length;
    }),
    { numRuns: 200, seed: seed(20082) },
  );
  expect(gained).toBeGreaterThan(0);
});
