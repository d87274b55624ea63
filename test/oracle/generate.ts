/** Random programs of the kinds of code that kernels are written in, each valid for gas and for the processor. */
import { Emitter } from './emitter.ts';
import { type Flow, flowStatements } from './flow.ts';
import type { Alias, Condition, Macro, Program, Register, Table } from './program.ts';
import { ARGUMENT } from './program.ts';
import { Random } from './random.ts';
import { plainStatements } from './statements.ts';

/** Kinds of code that a program may have; each program has some. */
export const KINDS = [
  ...['calls', 'returns-elsewhere', 'saved-returns', 'jumps-with-link', 'tail-calls', 'tables', 'movl-branches'],
  ...['handlers', 'banks', 'compares', 'parallel-compares', 'masks', 'nat', 'float', 'frames', 'loops', 'aliases'],
  ...[
    'breaks',
    'conditions',
    'bodies',
    'branch-registers',
    'decided',
    'psr-masks',
    'conventions',
    'rotation',
    'faults',
  ],
  ...[
    'advanced-loads',
    'resumed',
    'stored-addresses',
    'computed-addresses',
    'apart',
    'same-labels',
    'spills',
    'entries',
  ],
] as const;

export type Kind = (typeof KINDS)[number];

/** What a routine's statements may use. */
export interface Scope {
  readonly random: Random;
  readonly emitter: Emitter;
  readonly kinds: ReadonlySet<Kind>;
  /** Registers that values are kept in. */
  readonly general: readonly Register[];
  readonly predicates: readonly Register[];
  readonly branches: readonly Register[];
  readonly tables: Table[];
  readonly macros: Macro[];
  readonly names: string[];
  /** Names that the source itself defines. */
  readonly decided: readonly string[];
  /** Names of registers that may come to mean another. */
  readonly aliases: string[];
  /** A label that no other place has. */
  label(): string;
}

const GENERAL = ['r2', 'r3', 'r9', 'r10', 'r11', 'r14', 'r15', 'r16', 'r17', 'r18', 'r19'];
const HANDLER_GENERAL = ['r16', 'r17', 'r18', 'r19', 'r20', 'r21'];
const PREDICATES = ['p6', 'p7', 'p8', 'p9', 'p1', 'p2', 'p16'];
const ROTATING = ['p16', 'p17', 'p18', 'p19'];

/** @param kinds what the program may have */
export function generate(seed: number, kinds: readonly Kind[]): Program {
  const random = new Random(seed);
  const chosen = new Set(kinds);
  const handler = chosen.has('handlers');
  let labels = 0;
  const general = handler
    ? [...random.some(HANDLER_GENERAL, 4), 'r8']
    : [
        'r8',
        ...random.some(GENERAL, 4),
        ...(chosen.has('rotation') ? ['r32', 'r33', 'r36'] : [random.pick(['r4', 'r5', 'r32', 'r33'])]),
      ];
  const scope: Scope = {
    random,
    emitter: new Emitter(random),
    kinds: chosen,
    general,
    predicates: [
      ...random.some(PREDICATES, chosen.has('masks') ? 3 : 4),
      ...(chosen.has('rotation') ? random.some(ROTATING, 2) : []),
    ].filter((name, at, all) => all.indexOf(name) === at),
    branches: ['b6', 'b2'],
    tables: [],
    macros: [],
    names: chosen.has('conditions') ? random.some(['A', 'B', 'C'], 2) : [],
    decided: chosen.has('decided') ? ['OWN_X', 'OWN_Y'] : [],
    aliases: [],
    label: () => `L${labels++}`,
  };
  aliases(scope);
  const macros = bodies(scope);
  const flow: Flow = flowStatements(scope, (count) => statements(scope, flow, count));
  flow.program(handler);
  return {
    items: scope.emitter.items,
    tables: scope.tables,
    macros,
    entries: [
      { label: 'f', as: handler ? 'vector' : 'function' },
      ...flow.entries().map((entry) => ({ ...entry, as: 'function' as const })),
    ],
    names: scope.names,
    kinds: [...chosen],
  };
}

/** Some statements, of whatever the scope allows. */
function statements(scope: Scope, flow: Flow, count: number): void {
  const plain = plainStatements(scope);
  for (let at = 0; at < count; at++) {
    const choice = scope.random.below(100);
    if (choice < 22) flow.statement();
    else if (choice < 30 && scope.kinds.has('conditions')) condition(scope, plain);
    else if (choice < 34 && scope.kinds.has('decided')) definition(scope);
    else if (choice < 40 && scope.kinds.has('decided')) condition(scope, plain);
    else if (choice < 38 && scope.kinds.has('bodies')) useOfBody(scope, plain);
    else if (choice < 42 && scope.kinds.has('aliases')) aliases(scope);
    else plain();
  }
}

const ALIASES: readonly Alias['how'][] = ['=', '==', '.set', '.equiv', '.eqv', '#define'];
/** Those that gas lets one set anew, to another register. */
const AGAIN: readonly Alias['how'][] = ['=', '.set'];

function aliases(scope: Scope): void {
  const { kinds, random, general, predicates, emitter, aliases: known, label } = scope;
  if (!kinds.has('aliases')) return;
  const count = 1 + random.below(3);
  for (let at = 0; at < count; at++) {
    const register = random.pick(random.chance(85) ? general : predicates);
    const old = known.length > 0 && random.chance(25) ? random.pick(known) : undefined;
    const how = random.pick(old === undefined ? ALIASES : AGAIN);
    const name = old ?? `name_${label()}`;
    if (AGAIN.includes(how)) known.push(name);
    emitter.item({ kind: 'alias', alias: { name, register, how } });
  }
}

const MOST_MACROS = 2;

/** Macros whose bodies have a site each; they stand in front of the code. */
function bodies(scope: Scope): Macro[] {
  if (!scope.kinds.has('bodies')) return [];
  const inBody: Scope = { ...scope, general: [...scope.general, ARGUMENT] };
  for (let at = 0; at < MOST_MACROS; at++) {
    const language = scope.random.chance(60) ? 'gas' : 'cpp';
    const body = bodyOf(inBody, language === 'gas');
    scope.macros.push({ name: `BODY${at}`, language, body });
  }
  return scope.macros;
}

function bodyOf(scope: Scope, more: boolean): Macro['body'] {
  const plain = plainStatements(scope, { sites: false });
  const sites = plainStatements(scope, { sites: 'only' });
  return scope.emitter.body(() => {
    if (more) plain();
    sites();
    plain();
  });
}

function useOfBody(scope: Scope, plain: () => void): void {
  const { random, emitter, general, macros } = scope;
  const choice = random.below(4);
  if (choice < 2 && macros.length > 0) {
    const macro = random.pick(macros);
    emitter.item({ kind: 'macro', macro, argument: random.pick(general) });
  } else if (choice === 2) {
    emitter.item({ kind: 'rept', times: 2, body: emitter.body(() => plain()) });
  } else {
    const body = bodyOf({ ...scope, general: [...general, ARGUMENT] }, true);
    emitter.item({ kind: 'irp', registers: random.some(general, 2), body });
  }
  emitter.stop();
}

/** A name of the source's own: defined or not from here on, by itself, or if it was not (a guard), or on a condition. */
function definition({ random, emitter, names, decided }: Scope): void {
  const name = random.pick(decided);
  const kind = random.chance(70) ? 'define' : 'undef';
  const choice = random.below(3);
  if (choice === 0) emitter.item({ kind: 'undef', name });
  if (choice < 2 || names.length === 0) {
    emitter.item({
      kind: 'if',
      condition: { text: `!defined(${name})`, holds: (given) => !given.has(name) },
      yes: [{ kind: 'define', name }],
      no: kind === 'undef' ? [{ kind: 'undef', name }] : [],
    });
    return;
  }
  const given = random.pick(names);
  emitter.item({
    kind: 'if',
    condition: { text: `defined(${given})`, holds: (all) => all.has(given) },
    yes: [{ kind: 'undef', name }],
    no: [{ kind: 'undef', name }, ...(kind === 'define' ? [{ kind: 'define', name } as const] : [])],
  });
}

function condition(scope: Scope, plain: () => void): void {
  const { random, emitter, names, decided } = scope;
  const [one, other] = random.some([...names, ...decided], 2) as [string, string];
  const conditions: readonly Condition[] = [
    { text: `defined(${one})`, holds: (given) => given.has(one) },
    { text: `!defined(${one})`, holds: (given) => !given.has(one) },
    { text: `defined(${one}) && !defined(${other})`, holds: (given) => given.has(one) && !given.has(other) },
    { text: `defined(${one}) || defined(${other})`, holds: (given) => given.has(one) || given.has(other) },
    { text: `${one} + ${other} == 1`, holds: (given) => given.has(one) !== given.has(other) },
    { text: `1 + ${one} > 1`, holds: (given) => given.has(one) },
    { text: `defined(${one}) || (1 << 3) > 7`, holds: () => true },
  ];
  const part = () => emitter.body(() => Array.from({ length: 1 + random.below(3) }).forEach(plain));
  const yes = part();
  emitter.item({ kind: 'if', condition: random.pick(conditions), yes, no: random.chance(50) ? part() : [] });
}
