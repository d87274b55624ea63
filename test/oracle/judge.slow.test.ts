/** Tests of the judge: it finds a wrong claim, and accepts right ones. */
import { expect, test } from 'vitest';
import { programOf } from './campaign.ts';
import { generate, KINDS } from './generate.ts';
import { type Claim, judge } from './judge.ts';
import type { Program } from './program.ts';
import { Random } from './random.ts';

/** A program whose last site is followed by a read of a register that nothing writes in between. */
function withReader(seed: number): { program: Program; claim: Claim } {
  const random = new Random(seed);
  const register = random.pick(['r9', 'r15', 'r17', 'b7', 'p6', 'p9']);
  const program = generate(
    seed,
    random.some(
      KINDS.filter((kind) => kind !== 'nat'),
      2,
    ),
  );
  const site = { op: 'to-cr', to: ['cr.ifa'], from: ['r12'] };
  const reader = register.startsWith('b')
    ? { op: 'from-br', to: ['r31'], from: [register] }
    : {
        op: 'st8',
        to: [],
        from: ['r12', register.startsWith('p') ? 'r13' : register],
        ...(register.startsWith('p') ? { under: register } : {}),
      };
  const seen = register.startsWith('b') ? [{ op: 'st8', to: [], from: ['r12', 'r31'] }] : [];
  const planted = [site, reader, ...seen].flatMap((instruction) => [
    { kind: 'instruction', instruction } as const,
    { kind: 'stop' } as const,
  ]);
  const at = program.items.findIndex((item) => item.kind === 'stop') + 1;
  const items = [...program.items.slice(0, at), ...planted, ...program.items.slice(at)];
  return { program: { ...program, items }, claim: ({ source }) => (source === site ? [register] : undefined) };
}

test('a wrong claim is found: a register that is read behind the site', () => {
  let caught = 0;
  let reached = 0;
  for (let seed = 0; seed < 500; seed++) {
    const { program, claim } = withReader(seed);
    const { wrong, passed } = judge(program, claim, seed);
    if (passed > 0) reached++;
    if (wrong !== null) caught++;
  }
  expect(reached).toBeGreaterThan(300);
  expect(caught / reached).toBeGreaterThan(0.95);
});

test('where nothing is claimed, nothing is wrong: an execution is the same each time', () => {
  for (let seed = 0; seed < 200; seed++) expect(judge(programOf(seed), () => [], seed).wrong).toBeNull();
});

test('a right claim is not found wrong: a register that is written before it is read', () => {
  const site = { op: 'to-cr', to: ['cr.ifa'], from: ['r12'] };
  const code = [
    ...[site, { op: 'mov', to: ['r9'], from: [1n] }, { op: 'cmp', to: ['p6', 'p7'], from: ['r9', 'r12'], how: 'eq' }],
    ...[
      { op: 'st8', to: [], from: ['r12', 'r9'], under: 'p6' },
      { op: 'br.ret', to: [], from: ['b0'] },
    ],
  ];
  const items = code.flatMap((instruction) => [
    { kind: 'instruction', instruction } as const,
    { kind: 'stop' } as const,
  ]);
  const program: Program = {
    items: [{ kind: 'label', name: 'f' }, ...items],
    tables: [],
    macros: [],
    entries: [{ label: 'f', as: 'function' }],
    names: [],
    kinds: [],
  };
  const claiming =
    (...registers: string[]): Claim =>
    ({ source }) =>
      source === site ? registers : undefined;
  for (let seed = 0; seed < 20; seed++) {
    expect(judge(program, claiming('r9', 'r14', 'p6', 'p7', 'b6'), seed).wrong).toBeNull();
    expect(judge(program, claiming('r9', 'b0', 'p6'), seed).wrong).toMatchObject({
      register: 'b0',
      site: { source: site },
    });
  }
});
