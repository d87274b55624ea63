/** What instructions write and read, and what must stand between them, against the dependency tables of binutils. */
import { describe, expect, test } from 'vitest';
import { type DependencyKind, dependency } from '../../src/machine/dependencies.ts';
import type { FormLine } from '../../src/machine/forms.ts';
import type { Register } from '../../src/machine/register.ts';
import { RESOURCE_COUNT, registerByName, resourceRegister } from '../../src/machine/register-table.ts';
import { isConstant } from '../../src/machine/resources.ts';
import { binutilsSource } from '../support/binutils.ts';
import {
  type Classes,
  isResource,
  noteHolds,
  noteOf,
  type Row,
  readClasses,
  readTable,
  type Subject,
} from './dependency-classes.ts';
import { allSamples } from './samples.ts';
import { effectsOf } from './support.ts';

const folder = binutilsSource();
const classes: Classes = readClasses(folder);
const raw = readTable(folder, 'ia64-raw.tbl');
const waw = readTable(folder, 'ia64-waw.tbl');

/** The samples again with every application and control register, and with general registers of each kind. */
function subjects(): Subject[] {
  const seen = new Set<string>();
  return allSamples().flatMap(({ form, mnemonic, text }) => {
    // Hints change nothing: one of each spelling without them.
    const bare = mnemonic.replace(/\.(nt1|nt2|nta|d[0-7]|few|many|clr(?!\.acq)|imp)(?=\.|$)/g, (word) =>
      mnemonic.startsWith('br') || word !== '.clr' ? '' : word,
    );
    const key = `${form.id} ${bare.replace(/\.(sptk|spnt|dptk|dpnt)/, '')}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return variants(form, text).map((variant) => subject(form, mnemonic, variant));
  });
}

function variants(form: FormLine, text: string): string[] {
  const named = (pattern: RegExp, names: readonly string[]): string[] =>
    names.map((name) => text.replace(pattern, name));
  if (form.operandClass.includes('cr3')) return named(/cr\.\w+/, CONTROL);
  if (form.operandClass.some((word) => word.startsWith('ar3')))
    return named(/ar\.?\w+/, form.unit === 'M' ? APPLICATION_M : form.unit === 'I' ? APPLICATION_I : ['ar50']);
  if (form.id === 'ssm' || form.id === 'rsm') return [text, text.replace('0x2000', '0xffffff')];
  if (form.id === 'sum' || form.id === 'rum') return [text, text.replace('0x2', '0x3e')];
  if (form.id === 'mov-to-pr') return [text.replace(/, 8$/, ', 0x1fffe'), text.replace(/, 8$/, ', -2')];
  return [text, ...highRegisters(text)];
}

/** The same with banked, with stacked, and with rotating registers. */
function highRegisters(text: string): string[] {
  return [
    text.replaceAll('r15', 'r20'),
    text.replaceAll(/\bf(6|9|10|11)\b/g, (_, number) => `f${Number(number) + 40}`),
    text.replaceAll('p6', 'p20').replaceAll('p7', 'p63'),
  ].filter((other) => other !== text);
}

const CONTROL = [
  'dcr',
  'itm',
  'iva',
  'pta',
  'gpta',
  'ipsr',
  'isr',
  'iip',
  'ifa',
  'itir',
  'iipa',
  'ifs',
  'iim',
  'iha',
  'iib0',
  'lid',
  'tpr',
  'irr1',
  'itv',
  'pmv',
  'cmcv',
  'lrr0',
].map((name) => `cr.${name}`);
const APPLICATION_M = ['fcr', 'eflag', 'csd', 'ssd', 'cflg', 'fsr', 'fir', 'fdr', 'ccv', 'unat', 'fpsr'].map(
  (name) => `ar.${name}`,
);
const APPLICATION_I = ['pfs', 'lc', 'ec'].map((name) => `ar.${name}`);

function subject(form: FormLine, mnemonic: string, text: string): Subject {
  const effects = effectsOf(`.regstk 0, 0, 0, 0\nhere: ${text}`);
  expect(effects.known, text).toBe(true);
  const operands = new Map<string, Register>();
  for (const word of text.slice(mnemonic.length).match(/[a-z][a-z0-9.]*/g) ?? []) {
    const register = registerByName(word);
    if (register !== undefined && word !== 'here') operands.set(word, register);
  }
  const immediate = /(-?(0x)?[0-9a-f]+)$/.exec(text)?.[1];
  const mask = /mask/.test(form.operandClass.join()) ? Number(immediate) : form.id === 'mov-to-pr-all' ? -2 : 0;
  return { text, form, mnemonic, effects, operands, mask };
}

const all = subjects();

type Role = 'writes' | 'reads';

/** By the tables: resources, as the tables name them, that the subject writes or reads. */
function byTables(subject: Subject, role: Role): Set<string> {
  const resources = new Set<string>();
  const take = (row: Row, items: readonly string[]): void => {
    const note = noteOf(items, subject, classes);
    if (note >= 0 && noteHolds(note, row.resource, subject, role)) resources.add(row.resource);
  };
  for (const row of raw) take(row, role === 'writes' ? row.first : row.second);
  if (role === 'writes') for (const row of waw) take(row, row.first);
  return resources;
}

const RESOURCES = [...new Set([...raw, ...waw].map((row) => row.resource))];

/** By our table: the same. */
function byUs(subject: Subject, role: Role): Set<string> {
  const { reads, writes, consults } = subject.effects;
  const ours = (role === 'writes' ? writes : [...reads, ...consults!]).map(resourceRegister);
  return new Set(RESOURCES.filter((resource) => ours.some((register) => isResource(resource, register))));
}

interface Disagreement {
  readonly role: Role;
  readonly resource: RegExp;
  /** Form names; left out: any. */
  readonly forms?: RegExp;
  readonly who: 'they' | 'we';
  readonly why: string;
}

/** Where the two do not agree, and why. */
const EXPLAINED: readonly Disagreement[] = [
  { who: 'they', role: 'writes', resource: /^IP$/, why: 'Every instruction moves on; we note the ip for branches.' },
  {
    who: 'they',
    role: 'reads',
    resource: /^(IP|PSR\.(id|ia|ri|ss))$/,
    why: 'Every instruction does; only rfi writes them.',
  },
  { who: 'they', role: 'reads', resource: /^(GR0|FR%, % in 0-1|PR0)$/, why: 'Constants are no resource to us.' },
  { who: 'they', role: 'reads', resource: /^CFM$/, why: 'We say so where an operand is a renamed register: below.' },
  {
    who: 'they',
    role: 'reads',
    resource: /^ALAT$/,
    why: 'To enter or drop an entry is no read; the semantics are none.',
  },
  { who: 'they', role: 'reads', resource: /^PKR#$/, forms: /^mov-to-pkr$/, why: 'Two writes: a WAW.' },
  {
    who: 'they',
    role: 'reads',
    resource: /^GR%/,
    forms: /^chk-s-f$/,
    why: 'Their chk.s stands for its floating-point form too.',
  },
  { who: 'they', role: 'reads', resource: /^GR%/, forms: /^mov-imm$/, why: 'It is addl from r0.' },
  {
    who: 'they',
    role: 'reads',
    resource: /^AR%/,
    forms: /^br-ia$/,
    why: 'It reads what IA-32 code can see; nobody writes these.',
  },
  {
    who: 'we',
    role: 'writes',
    resource: /^CR\[IRR%\]/,
    forms: /^mov-to-cr$/,
    why: 'Read only: an Illegal Operation fault.',
  },
  {
    who: 'we',
    role: 'writes',
    resource: /^(FR%|PSR\.mf[lh])/,
    forms: /^fpcmp$/,
    why: 'Left out of their fp-arith; it has a result in f1.',
  },
  {
    who: 'we',
    role: 'reads',
    resource: /^(FR%|PSR\.df[lh])/,
    forms: /^fpcmp$/,
    why: 'Likewise, and operands in f2, f3.',
  },
  { who: 'we', role: 'writes', resource: /^GR%/, forms: /^mpy4$/, why: 'Itanium 9500; not in their tables.' },
  {
    who: 'we',
    role: 'reads',
    resource: /^(GR%|PSR\.bn)/,
    forms: /^(mpy4|lfetch(-fault|-count)?)$/,
    why: 'lfetch without post-increment reads its base too.',
  },
  {
    who: 'we',
    role: 'writes',
    resource: /^ALAT$/,
    forms: /^ptc-ga$/,
    why: 'It purges the ALAT of every processor (SDM vol. 3 ch. 2, ptc.g).',
  },
  {
    who: 'we',
    role: 'writes',
    resource: /^memory$/,
    forms: /^flushrs$/,
    why: 'It stores the dirty stacked registers.',
  },
  { who: 'we', role: 'reads', resource: /^memory$/, forms: /^loadrs$/, why: 'It loads stacked registers.' },
  { who: 'we', role: 'reads', resource: /^CPUID#$/, forms: /^tf/, why: 'It tests bits of cpuid[4].' },
  {
    who: 'we',
    role: 'reads',
    resource: /^DAHR/,
    forms: /^mov-from-dahr$/,
    why: 'Their IC:mov-from-DAHR is not defined.',
  },
];

const used = new Set<Disagreement>();

function explained(who: 'they' | 'we', role: Role, resource: string, form: string): boolean {
  const reason = EXPLAINED.find(
    (each) =>
      each.who === who && each.role === role && each.resource.test(resource) && (each.forms?.test(form) ?? true),
  );
  if (reason !== undefined) used.add(reason);
  return reason !== undefined;
}

describe('effects and the dependency tables of binutils', () => {
  test('there are enough subjects', () => expect(all.length).toBeGreaterThan(500));

  test.each(['writes', 'reads'] as const)('what an instruction %s', (role) => {
    const disagree: string[] = [];
    for (const each of all) {
      const theirs = byTables(each, role);
      const ours = byUs(each, role);
      for (const resource of RESOURCES) {
        if (theirs.has(resource) === ours.has(resource)) continue;
        const who = theirs.has(resource) ? 'they' : 'we';
        if (!explained(who, role, resource, each.form.id))
          disagree.push(`${resource}: ${who} say ${each.form.id} (${each.text})`);
      }
    }
    expect(disagree.sort()).toEqual([]);
  });

  test('every explanation is needed', () => {
    expect(EXPLAINED.filter((reason) => !used.has(reason)).map(({ why }) => why)).toEqual([]);
  });
});

/** Their codes, as ours. */
const semanticsOf = (code: string): string => (code.startsWith('SC') ? 'specific' : code);

/** One of our resources for a row's resource; undefined for those that nothing of ours stands for. */
function representative(resource: string): number | undefined {
  for (let ours = 0; ours < RESOURCE_COUNT; ours++)
    if (isConstant[ours] === 0 && isResource(resource, resourceRegister(ours))) return ours;
  return undefined;
}

const byForm = new Map(all.map((each) => [each.form.id, each.form]));

/** The forms that an item list names, for some of their operands. */
function formsUnder(items: readonly string[]): Set<string> {
  return new Set(all.filter((each) => noteOf(items, each, classes) >= 0).map((each) => each.form.id));
}

interface Differing {
  readonly kind: DependencyKind;
  readonly resource: RegExp;
  readonly first?: RegExp;
  readonly second?: RegExp;
  readonly why: string;
}

/** Pairs for which we say something else than the tables, and why. */
const DIFFERING: readonly Differing[] = [
  {
    kind: 'RAW',
    resource: /^PKR#$/,
    first: /^mov-to-pkr$/,
    second: /^mov-to-pkr$/,
    why: 'The second reads none: a WAW to us.',
  },
];

const differingUsed = new Set<Differing>();

function differs(kind: DependencyKind, resource: string, first: string, second: string): boolean {
  const reason = DIFFERING.find(
    (each) =>
      each.kind === kind &&
      each.resource.test(resource) &&
      (each.first?.test(first) ?? true) &&
      (each.second?.test(second) ?? true),
  );
  if (reason !== undefined) differingUsed.add(reason);
  return reason !== undefined;
}

describe('semantics of dependencies', () => {
  test.each([
    ['RAW', 'ia64-raw.tbl'],
    ['WAW', 'ia64-waw.tbl'],
    ['WAR', 'ia64-war.tbl'],
  ] as const)('%s', (kind, file) => {
    const rows = readTable(folder, file).map((row) => ({
      ...row,
      first: formsUnder(row.first),
      second: formsUnder(row.second),
    }));
    const disagree: string[] = [];
    for (const resource of new Set(rows.map((row) => row.resource))) {
      const ours = representative(resource);
      if (ours === undefined) continue;
      const here = rows.filter((row) => row.resource === resource);
      const firsts = new Set(here.flatMap((row) => [...row.first]));
      const seconds = new Set(here.flatMap((row) => [...row.second]));
      for (const first of firsts)
        for (const second of seconds) {
          // The table of WAW dependencies has each pair in one order only.
          const covers = (row: (typeof rows)[number]): boolean =>
            (row.first.has(first) && row.second.has(second)) ||
            (kind === 'WAW' && row.first.has(second) && row.second.has(first));
          const expected = here.filter(covers).map((row) => semanticsOf(row.semantics));
          const { semantics } = dependency(kind, ours, byForm.get(first)!, byForm.get(second)!);
          if (expected.length === 0 ? semantics === 'none' : expected.includes(semantics)) continue;
          if (!differs(kind, resource, first, second))
            disagree.push(`${resource} they say ${expected.join()} not ${semantics} ${first},${second} (`);
        }
    }
    expect(disagree).toEqual([]);
  });

  test('every explanation is needed', () => {
    expect(DIFFERING.filter((reason) => !differingUsed.has(reason)).map(({ why }) => why)).toEqual([]);
  });
});
