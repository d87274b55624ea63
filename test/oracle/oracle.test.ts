/**
 * The claim "these registers are free here", held against executions of random programs: each runs with and without those
 * registers destroyed, and the world must see no difference. PVASM_ORACLE_PROGRAMS and PVASM_ORACLE_SEED (`npm run oracle`)
 * make it more programs, or others; PVASM_ORACLE_KINDS names the kinds of code in them.
 */
import { expect, test } from 'vitest';
import { assembleText } from '../support/assemble.ts';
import { describe, examine, programOf } from './campaign.ts';
import { generate, KINDS, type Kind } from './generate.ts';
import { type Claim, judge } from './judge.ts';
import { print } from './print.ts';
import { layout, type Program } from './program.ts';
import { Random } from './random.ts';

const PROGRAMS = Number(process.env.PVASM_ORACLE_PROGRAMS ?? 2000);
const SEED = Number(process.env.PVASM_ORACLE_SEED ?? 1);
/** Kinds of code that the tool still says wrong things of. */
const OPEN: readonly Kind[] = ['returns-elsewhere', 'breaks', 'tables', 'jumps-with-link', 'movl-branches'];
const GIVEN =
  (process.env.PVASM_ORACLE_KINDS?.split(',') as Kind[] | undefined) ?? KINDS.filter((kind) => !OPEN.includes(kind));
/** Where a program fails, how many are made small and told of. */
const TOLD = 3;

test(`in ${PROGRAMS} random programs from seed ${SEED} no register that is called free is live`, {
  timeout: 1000 * PROGRAMS,
}, () => {
  const findings: string[] = [];
  const wrong: number[] = [];
  let passed = 0;
  for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
    const examined = examine(seed, programOf(seed, GIVEN), findings.length < TOLD);
    passed += examined.passed;
    if (examined.finding === null) continue;
    wrong.push(seed);
    if (findings.length < TOLD) findings.push(describe(examined.finding));
  }
  expect(findings.join('\n\n'), `${wrong.length} programs are wrong: seeds ${wrong.join(' ')}`).toBe('');
  // Each program passes many places with something to destroy.
  expect(passed).toBeGreaterThan(5 * PROGRAMS);
});

/** Many programs as one: each with names of its own. */
function together(seeds: readonly number[]): string {
  return seeds
    .map((seed) =>
      print(programOf(seed, GIVEN)).text.replace(/\b(L\d+|f|s\d|table\d*|BODY\d|name_L\d+)\b/g, `$1_${seed}`),
    )
    .join('');
}

test('the programs are valid: gas takes them without an error, and sees no violation among their registers', () => {
  for (let first = 0; first < 600; first += 200) {
    const text = together(Array.from({ length: 200 }, (_, at) => first + at));
    const { object, messages } = assembleText(text, {
      flags: first === 0 ? [] : ['-DA=1', `-D${first === 200 ? 'B' : 'C'}=1`],
    });
    const violations = messages.split('\n').filter((line) => /violates?.*'(GR|PR|BR|AR\[LC\]|AR\[PFS\]|FR)/.test(line));
    expect(violations.join('\n')).toBe('');
    expect(object, messages).not.toBeNull();
  }
});

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

test('a right claim is not found wrong: a register that is written before it is read', () => {
  const code = layout(programOf(1), new Map());
  expect(code.code.length).toBeGreaterThan(0);
  for (let seed = 0; seed < 200; seed++) {
    const program = programOf(seed);
    expect(judge(program, () => [], seed).wrong).toBeNull();
  }
});
