/**
 * What is found dead with a few runs laid over each other, against every configuration analysed by itself: on random small
 * programs with conditions around code, around parts of macros, within each other and side by side.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import softwareConventions from '../../grammar/conventions/software.toml';
import { loadConventions } from '../../src/analysis/index.ts';
import { type Command, createCache, preprocess } from '../../src/preprocess/index.ts';
import { analyseTokens, openProject } from '../../src/rewrite/open.ts';
import type { Unit } from '../../src/rewrite/units.ts';
import { SourceText } from '../../src/syntax/index.ts';
import { operations } from './support.ts';

const { conventions } = loadConventions([new SourceText('software.toml', softwareConventions)]);

const REGISTERS = ['r14', 'r15', 'r16', 'r17'];
const NAMES = ['A', 'B', 'C'];
const CONDITIONS = [
  ...NAMES.flatMap((name) => [`#ifdef ${name}`, `#ifndef ${name}`]),
  '#if defined(A) && defined(B)',
  '#if defined(B) || !defined(C)',
  '#if LEVELS == 4',
];

type Item =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'site' }
  | {
      readonly kind: 'if';
      readonly condition: string;
      readonly taken: readonly Item[];
      readonly otherwise: readonly Item[] | null;
    };

const register = fc.constantFrom(...REGISTERS);
const line = (conditions: readonly string[]) =>
  fc
    .oneof(
      register.map((to) => `mov ${to}=r0`),
      fc.tuple(register, register).map(([to, from]) => `add ${to}=${from},r9`),
      register.map((from) => `st8 [r9]=${from}`),
      fc.tuple(register, register).map(([a, b]) => `cmp.eq p6,p7=${a},${b}`),
      register.map((to) => `(p6) mov ${to}=r9`),
      register.map((from) => `(p7) st8 [r9]=${from}`),
      fc.nat(2).map((label) => `(p6) br.cond.sptk l${label}`),
      fc.nat(conditions.length - 1).chain((macro) => register.map((operand) => `M${macro}(${operand})`)),
    )
    .map((text): Item => ({ kind: 'line', text }));

const { items } = fc.letrec<{ items: Item[]; item: Item }>((tie) => ({
  items: fc.array(tie('item'), { maxLength: 4, depthIdentifier: 'if' }),
  item: fc.oneof(
    { depthIdentifier: 'if', maxDepth: 3 },
    { weight: 4, arbitrary: line(CONDITIONS) },
    { weight: 2, arbitrary: fc.constant<Item>({ kind: 'site' }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('if' as const),
        condition: fc.constantFrom(...CONDITIONS),
        taken: tie('items'),
        otherwise: fc.option(tie('items')),
      }),
    },
  ),
}));

function spell(list: readonly Item[]): string {
  return list
    .map((item) => {
      if (item.kind === 'line') return `\t${item.text} ;;\n`;
      if (item.kind === 'site') return '\tmov cr.ifa=r9 ;;\n';
      const otherwise = item.otherwise === null ? '' : `#else\n${spell(item.otherwise)}`;
      return `${item.condition}\n${spell(item.taken)}${otherwise}#endif\n`;
    })
    .join('');
}

/** Each macro is an instruction under its condition, and nothing otherwise. */
function macros(): string {
  return CONDITIONS.map((condition, index) => {
    const body = ['mov x=r0', 'st8 [r9]=x', 'add x=x,r9'][index % 3];
    return `${condition}\n#define M${index}(x) ${body}\n#else\n#define M${index}(x)\n#endif\n`;
  }).join('');
}

const program = fc
  .array(items, { minLength: 3, maxLength: 3 })
  .map(
    (parts) =>
      `${macros()}foo:\n${parts.map((part, label) => `l${label}:\n${spell(part)}`).join('')}\tbr.ret.sptk b0\n`,
  );

interface Setting {
  readonly names: readonly string[];
  readonly levels: number;
}

const ALL: readonly Setting[] = [3, 4].flatMap((levels) =>
  Array.from({ length: 8 }, (_, bits) => ({ names: NAMES.filter((_, at) => (bits >> at) & 1), levels })),
);

function commandsOf({ names, levels }: Setting): Command[] {
  return [...names, `LEVELS=${levels}`].map((text) => ({ kind: 'define', text }));
}

/**
 * By offset of a site: the registers that no analysis of the list finds live there. That a value is presumed to have an
 * unseen reader is left out: where all configurations are seen, one that reads it shows what it is for.
 */
function deadBySite(source: SourceText, analyses: readonly Unit['analysis'][]): Map<number, string[]> {
  const dead = new Map<number, string[]>();
  for (const analysis of analyses) {
    for (const { index, file, start, end } of analysis.instructions) {
      if (file.name !== source.name || !file.text.slice(start, end).includes('cr.ifa')) continue;
      const before = dead.get(start) ?? [...REGISTERS, 'p6', 'p7'];
      dead.set(
        start,
        before.filter((name) => analysis.explain(index, name).verdict !== 'live'),
      );
    }
  }
  return dead;
}

function exactly(text: string): Map<number, string[]> {
  const source = new SourceText('a.S', text);
  const cache = createCache([source]);
  const analyses = ALL.map((setting) => {
    const host = { read: () => undefined };
    const run = preprocess(source, { includeDirs: [], commands: commandsOf(setting), strict: false, host, cache });
    return analyseTokens(run, conventions).analysis;
  });
  return deadBySite(source, analyses);
}

/** Null where some branch can be reached by no setting: what is behind it is looked at all the same. */
function together(text: string, given: Setting): Map<number, string[]> | null {
  const source = new SourceText('a.S', text);
  const { project } = openProject({
    inputs: [source],
    includeDirs: [],
    commands: commandsOf(given),
    strict: false,
    host: { read: () => undefined },
    operations,
    conventions,
  });
  if (project.units.some(({ configuration }) => configuration.includes('taken as'))) return null;
  return deadBySite(
    source,
    project.units.map(({ analysis }) => analysis),
  );
}

const anySetting = fc.constantFrom(...ALL);

test('what is found dead is dead in every configuration', () => {
  fc.assert(
    fc.property(program, anySetting, (text, given) => {
      const exact = exactly(text);
      for (const [site, names] of together(text, given) ?? []) {
        const wrong = names.filter((name) => !exact.get(site)!.includes(name));
        expect(wrong, `at offset ${site} of\n${text}`).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
});

/** Of the registers that are dead in every configuration, the share that is found dead. */
function shareFound(programs: fc.Arbitrary<string>): number {
  let dead = 0;
  let found = 0;
  for (const text of fc.sample(programs, { numRuns: 200, seed: 1 })) {
    const exact = exactly(text);
    for (const [site, names] of together(text, ALL[0]!) ?? []) {
      dead += exact.get(site)!.length;
      found += names.length;
    }
  }
  expect(dead).toBeGreaterThan(500);
  return found / dead;
}

test('few registers are lost, fewer still where all conditions are on one name', () => {
  const onA = (condition: string) => (condition.includes('n') ? '#ifndef A' : '#ifdef A');
  expect(shareFound(program)).toBeGreaterThan(0.9);
  expect(shareFound(program.map((text) => text.replaceAll(/^#if.*$/gm, onA)))).toBeGreaterThan(0.97);
});
