/**
 * The serialization of a fused run serves what stands before it as well. Random programs around fused runs, with native
 * neighbours that need serialization, labels, branches, calls, predicates and explicit bundles. Two judges: the assembler
 * under -x, and a small analysis of the listing's lines, which shares nothing with the tool's.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { built, listing } from './support.ts';

const RUNS = ['ssm psr.ic\n\t;;\n\tsrlz.d', 'ssm psr.ic\n\t;;\n\tsrlz.i', 'rsm psr.ic\n\t;;\n\tsrlz.d'];
RUNS.push('ssm psr.dt\n\t;;\n\tsrlz.i', 'rsm psr.dt\n\t;;\n\tsrlz.d', 'ssm psr.ic|psr.i\n\t;;\n\tsrlz.d');

/** Left native on Xen, and in need of data serialization, of instruction serialization, or both. */
const WRITERS: Readonly<Record<string, string>> = {
  'ptc.l r32,r33': 'di',
  'ptr.d r32,r33': 'di',
  'mov pkr[r32]=r33': 'di',
  'rsm psr.dfh': 'd', // SDM vol. 2, table 3-2
  'mov cr.iva=r33': 'di',
  'mov dbr[r32]=r33': 'd',
  'sync.i': 'i',
};
const USES = ['ld8 r8=[r34]', 'st8 [r34]=r33', 'nop.m 0', 'mov r8=pkr[r32]', 'lfetch [r34]', 'srlz.d', 'srlz.i'];

type Piece =
  | { readonly kind: 'run' | 'plain' | 'bundle'; readonly text: string; readonly stop: boolean }
  | { readonly kind: 'branch'; readonly text: string; readonly to: number }
  | { readonly kind: 'call'; readonly to: number };

const stop = fc.boolean();
const plain = fc.constantFrom(...Object.keys(WRITERS), ...Object.keys(WRITERS), ...USES);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      text: fc.constantFrom(...RUNS),
      stop: fc.constant(true),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('plain' as const), text: plain, stop }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bundle' as const), text: plain, stop: fc.constant(true) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('branch' as const),
      text: fc.constantFrom('br.cond.sptk', '(p8) br.cond.spnt', '(p9) br.cond.spnt'),
      to: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('call' as const), to: fc.nat(9) }) },
);

/** One routine; every second piece has a label to branch to. */
function routine(pieces: readonly Piece[], number: number): string {
  const label = (to: number) => `l${number}_${2 * Math.floor((to % pieces.length) / 2)}`;
  const lines = pieces.map((each, index) => {
    const head = index % 2 === 0 ? `l${number}_${index}:` : '';
    if (each.kind === 'branch') return `${head}\t${each.text} ${label(each.to)}\n\t;;`;
    if (each.kind === 'call') return `${head}\tbr.call.sptk b0=${label(each.to)}\n\t;;`;
    if (each.kind === 'bundle') return `${head}\n{ .mii\n\t${each.text}\n\tnop.i 0\n\tnop.i 0\n\t;;\n}`;
    return `${head}\t${each.text}${each.stop ? '\n\t;;' : ''}`;
  });
  return `\t.global f${number}\nf${number}:\n${lines.join('\n')}\n\t;;\n\tbr.ret.sptk b0\n\t;;\n`;
}

const programs = fc
  .array(fc.array(piece, { minLength: 2, maxLength: 12 }), { minLength: 25, maxLength: 25 })
  .map((all) => `\t.text\n${all.map(routine).join('')}`);

/** Warnings of gas, with the line they are about; what conflicts with what is said in lines of their own. */
function warnings(text: string): Set<string> {
  const { messages } = assembleText(text);
  expect(messages).not.toMatch(/Error/);
  return new Set(
    messages
      .split('\n')
      .filter((line) => line.includes('Warning: Use of'))
      .map((line) => line.replace(/^[^:]*:/, '').replace(/, (specific resource|path).*$/, '')),
  );
}

describe('serialization around fused runs', () => {
  it('leaves no message that the source does not give', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(programs, (source) => {
        const before = warnings(`#line 1 "a.S"\n${source}`);
        for (const { text, choice } of built({ files: { 'a.S': source }, targets: ['xen:a', 'xen:b', 'xen'] }).listings)
          for (const warning of warnings(text)) expect(before, `${choice.label}: ${warning}`).toContain(warning);
      }),
      { numRuns: 12 },
    );
  });

  it('leaves nothing unserialized that was serialized in the source', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(programs, (source) => {
        const before = unserialized(source);
        for (const pending of unserialized(listing(source, 'xen:b'))) expect(before).toContain(pending);
      }),
      { numRuns: 40 },
    );
  });
});

interface Line {
  readonly text: string;
  /** Native writers are numbered as they stand: the same in the source and the listing. */
  readonly writer: number;
}

/** `write 3 waits for i at use 7`: every native write that some path takes to a use without the serialization it needs. */
function unserialized(source: string): Set<string> {
  const { lines, labels } = readLines(source);
  // By line: `3d`, with a star while its group is open.
  const states: Set<string>[] = lines.map(() => new Set());
  const callers = lines.flatMap(({ text }, at) => (text.includes('br.call') ? [at + 1] : []));
  for (let changed = true; changed; ) {
    changed = false;
    lines.forEach((line, at) => {
      const behind = pass(line, states[at]!);
      for (const next of successors(line, at, labels, callers)) {
        for (const state of /\bbr\./.test(line.text) ? settle(behind) : behind) {
          if (states[next] === undefined || states[next].has(state)) continue;
          states[next].add(state);
          changed = true;
        }
      }
    });
  }
  const found = new Set<string>();
  let use = 0;
  lines.forEach(({ text }, at) => {
    if (!USES.includes(text) || text.startsWith('srlz')) return;
    for (const state of states[at]!) found.add(`write ${state.replace('*', '')} at use ${use}`);
    use++;
  });
  return found;
}

const settle = (states: Iterable<string>) => new Set([...states].map((state) => state.replace('*', '')));

function pass({ text, writer }: Line, before: ReadonlySet<string>): Set<string> {
  if (text === ';;') return settle(before);
  if (text === 'srlz.i') return new Set([...before].filter((state) => state.endsWith('*')));
  if (text === 'srlz.d') return new Set([...before].filter((state) => state.endsWith('*') || !state.endsWith('d')));
  const kinds = writer < 0 ? '' : WRITERS[text]!;
  return new Set([...before, ...[...kinds].map((kind) => `${writer}${kind}*`)]);
}

function successors({ text }: Line, at: number, labels: ReadonlyMap<string, number>, callers: readonly number[]) {
  if (text.includes('br.ret')) return callers;
  const target = /\bbr\.\S+ (?:b0=)?(l\w+)$/.exec(text)?.[1];
  const taken = target === undefined ? [] : [labels.get(target)!];
  return text.startsWith('br.cond') ? taken : [at + 1, ...taken];
}

function readLines(source: string): { lines: Line[]; labels: Map<string, number> } {
  const lines: Line[] = [];
  const labels = new Map<string, number>();
  let writers = 0;
  const pieces = source
    .replace(/\/\*.*?\*\//g, '')
    .replace(/;;/g, '\n;;\n')
    .split(/[\n;](?!;)(?<!;;)|\n/)
    .map((each) => each.trim());
  for (const each of pieces) {
    const [, label, text] = /^(?:(\w+):)?\s*(.*)$/.exec(each)!;
    if (label !== undefined) labels.set(label, lines.length);
    if (text === '' || /^[.#{}]/.test(text!)) continue;
    lines.push({ text: text!, writer: text! in WRITERS ? writers++ : -1 });
  }
  return { lines, labels };
}
