/** What local subroutines change: against a walk of its own for each, on random graphs of calls and jumps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildFlow, type Flow } from '../../src/analysis/flow/flow.ts';
import { blockChanges, type LocalEdges, Subroutines } from '../../src/analysis/flow/subroutines.ts';
import { buildGraphs } from '../../src/analysis/variants/run-graphs.ts';
import { predicate } from '../../src/machine/register-numbers.ts';
import { growth } from '../support/work.ts';
import { programOf } from './programs.ts';
import { analyseText, conventionsWith } from './support.ts';

interface Routine {
  readonly predicate: number;
  readonly bank: boolean;
  readonly psrIc: boolean;
  readonly calls: readonly number[];
  readonly jump: number | null;
}

function textOf(routines: readonly Routine[]): string {
  return routines
    .map(({ predicate: written, bank, psrIc, calls, jump }, at) => {
      const lines = [`sub${at}:`, `cmp.eq p${written},p0=r14,r15`, ';;'];
      if (bank) lines.push('bsw.0', ';;');
      if (psrIc) lines.push('rsm psr.ic', ';;');
      for (const call of calls) lines.push(`br.call.sptk.many b0=sub${call}`);
      lines.push(jump === null ? 'br.ret.sptk.many b0' : `br.cond.sptk.many sub${jump}`);
      return lines.join('\n');
    })
    .join('\n');
}

/** No branch goes through a register but to return. */
function directly(flow: Flow): LocalEdges {
  const called = ({ kind, target }: Flow['blocks'][number]['terminator']) =>
    kind === 'call' && target >= 0 ? [target] : [];
  return { calls: (block) => called(flow.blocks[block]!.terminator), jumps: () => [] };
}

/** All that may run once a routine is entered, itself included. */
function reached(routines: readonly Routine[], from: number): Routine[] {
  const seen = new Set([from]);
  for (const at of seen) {
    const { calls, jump } = routines[at]!;
    for (const next of jump === null ? calls : [...calls, jump]) seen.add(next);
  }
  return [...seen].map((at) => routines[at]!);
}

const graphs = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.array(
    fc.record({
      predicate: fc.integer({ min: 1, max: 63 }),
      bank: fc.boolean(),
      psrIc: fc.boolean(),
      calls: fc.array(fc.nat(count - 1), { maxLength: 3 }),
      jump: fc.option(fc.nat(count - 1)),
    }),
    { minLength: count, maxLength: count },
  ),
);

describe('what a subroutine changes', () => {
  test('is what all that it may run changes, in whatever order it is asked for', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(1000)), (routines, order) => {
        const conventions = conventionsWith();
        const program = programOf(textOf(routines));
        const flow = buildFlow(program, conventions);
        const subroutines = new Subroutines(flow, blockChanges(program, flow, conventions), directly(flow), false);
        const asked = routines.map((_, at) => ({ at, key: order.next().value as number }));
        for (const { at } of asked.sort((a, b) => a.key - b.key)) {
          const entry = flow.blockOf[program.symbols.named.get(`sub${at}`)!.instruction]!;
          const changes = subroutines.changes(entry);
          const all = reached(routines, at);
          const predicates = Array.from({ length: 64 }, (_, p) => p).filter((p) => changes.writes[predicate(p)] === 1);
          expect(predicates.filter((p) => p !== 0)).toEqual(
            [...new Set(all.map((each) => each.predicate))].sort((a, b) => a - b),
          );
          expect(changes.changesBank).toBe(all.some(({ bank }) => bank));
          expect(changes.changesPsrIc).toBe(all.some(({ psrIc }) => psrIc));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('takes work in proportion to a ring of calls', () => {
    const ring = (count: number) =>
      Array.from(
        { length: count },
        (_, at) => `ring${at}:\nadd r14=r15,r16\nbr.call.sptk.many b0=ring${(at + 1) % count}\nbr.ret.sptk.many b0`,
      ).join('\n');
    expect(analyseText(ring(3)).freeAt(0).gr.length).toBeGreaterThan(0);
    expect(growth((count) => analyseText(ring(count)).freeAt(0), 20, 16)).toBeLessThan(16);
  });

  test('takes work in proportion to a ring of calls in which each routine gives b0 back on one path of two', () => {
    const ring = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        [
          `.global ring${at}\n.proc ring${at}\nring${at}: alloc r33=ar.pfs,0,4,0,0\nmov r34=b0\n;;\ncmp.eq p6,p7=r8,r0`,
          `br.call.sptk.many b0=ring${(at + 1) % count}\n;;\n(p6) br.cond.sptk out${at}\nmov b0=r34\nmov ar.pfs=r33\n;;`,
          `out${at}: br.ret.sptk.many b0\n.endp ring${at}`,
        ].join('\n'),
      ).join('\n');
    expect(analyseText(ring(3)).losses().length).toBeGreaterThan(0);
    expect(growth((count) => analyseText(ring(count)).losses(), 20, 16)).toBeLessThan(16);
  });

  const ringOfJumps = (length: number): string => {
    const ring = Array.from({ length }, (_, at) =>
      [
        `ring${at}: cmp.eq p6,p7=r14,r15\n;;\n(p6) br.cond.sptk ring${(at + 1) % length}\nmov r14=cr.ifa`,
        `br.call.sptk.many b0=ring${(at + 7) % length}\n;;\nbr.ret.sptk.many b0`,
      ].join('\n'),
    );
    return `main:\nbr.call.sptk.many b0=ring0\n;;\nbr.ret.sptk.many b6\n${ring.join('\n')}`;
  };

  test('takes work in proportion to a ring of jumps', () => {
    const work = (count: number): void => {
      const analysis = analyseText(ringOfJumps(count));
      analysis.freeAt(0);
      analysis.wrongModes();
      analysis.losses();
    };
    expect(analyseText(ringOfJumps(3)).freeAt(0).gr.length).toBeGreaterThan(0);
    expect(growth(work, 40, 16)).toBeLessThan(20);
  });

  test('returns to one list of callers, whichever routine of a ring of jumps it is', () => {
    const program = programOf(ringOfJumps(40));
    const conventions = conventionsWith();
    const [graph] = buildGraphs([{ program, flow: buildFlow(program, conventions) }], null, conventions);
    const { nodes } = graph!;
    const returns = nodes.filter(({ block }) => block.terminator.kind === 'return' && block.terminator.through === 0);
    expect(returns).toHaveLength(40);
    expect(returns[0]!.exit.taken).toHaveLength(41);
    for (const { exit } of returns) expect(exit.taken).toBe(returns[0]!.exit.taken);
  });

  test('where it ends is looked up among many calls of one', () => {
    const calls = (count: number) =>
      `main:\n${'br.call.sptk.many b0=one\nadd r14=r15,r16\n'.repeat(count)}br.ret.sptk.many b1\none: br.ret.sptk.many b0`;
    expect(analyseText(calls(3)).freeAt(1)).toBeDefined();
    expect(growth((count) => analyseText(calls(count)).freeAt(1), 20, 16)).toBeLessThan(16 * 1.5);
  });
});
