/** Scratch registers that are in use: what made the hand conversion fail where no assembler could tell. */
import { type Argument, type Call, readCalls } from '../calls.ts';
import type { Mutant } from '../mutant.ts';
import { seeded, shuffled } from '../random.ts';
import { readerOf, readSteps, registers, type Step, TAG } from '../steps.ts';
import { FILES, listing, macroised, SOURCES, sourceOf, type Texts } from '../subject.ts';

/** All calls, numbered as the listings number them. */
export const calls: readonly Call[] = FILES.flatMap((file) => readCalls(file, macroised.get(file)!));

/** The texts with every call's number behind its name. */
function tagged(): Texts {
  return new Map(
    [...macroised].map(([file, text]) => {
      const parts: string[] = [];
      let reached = 0;
      calls.forEach((call, number) => {
        if (call.file !== file) return;
        parts.push(text.slice(reached, call.nameEnd), `${TAG}${number}`);
        reached = call.nameEnd;
      });
      return [file, parts.join('') + text.slice(reached)];
    }),
  );
}

interface Met {
  readonly steps: readonly Step[];
  readonly at: number;
}

let known: ReadonlyMap<number, readonly Met[]> | undefined;

/** Where the listings have each call: none in a branch that SMP does not compile, several for a macro's body. */
export function metCalls(): ReadonlyMap<number, readonly Met[]> {
  if (known !== undefined) return known;
  const met = new Map<number, Met[]>();
  const texts = tagged();
  for (const source of SOURCES) {
    const steps = readSteps(listing(source, texts, false));
    steps.forEach(({ call }, at) => {
      if (call === null || sourceOf(calls[call]!.file) !== source) return;
      met.set(call, [...(met.get(call) ?? []), { steps, at }]);
    });
  }
  known = met;
  return met;
}

/** Registers of a call, in whatever argument. */
export function named(call: Call): ReadonlySet<string> {
  const text = macroised.get(call.file)!.slice(call.nameEnd, call.end);
  return registers(text);
}

/** How many mutants a call may give in each class: the choice is by seed. */
const PER_CALL = 4;

const GENERAL = [...Array(32).keys()].filter((n) => n >= 2 && n !== 12 && n !== 13).map((n) => `r${n}`);
const BRANCH = [...Array(8).keys()].map((n) => `b${n}`);
const PREDICATE = [...Array(63).keys()].map((n) => `p${n + 1}`);

/** A scratch register replaced by one that a later instruction reads. */
export function liveScratch(): readonly Mutant[] {
  return [
    ...readLater('live scratch register', ['PV002'], GENERAL, (call) => call.generals),
    ...readLater('live branch scratch', ['PV006'], BRANCH, (call) => [call.branch]),
    ...readLater('live predicate scratch', ['PV007'], PREDICATE, (call) => call.scratchPredicates),
    ...unsaved('scratch register of the interrupted code', ['PV002'], GENERAL.slice(0, 12), (call) => call.generals),
    ...unsaved('branch scratch of the interrupted code', ['PV006'], BRANCH.slice(1), (call) => [call.branch]),
    ...hidden(),
  ];
}

function readLater(
  fault: string,
  rules: readonly string[],
  registers: readonly string[],
  argumentsOf: (call: Call) => readonly Argument[],
): readonly Mutant[] {
  return eachCall(fault, argumentsOf, (call, met) => {
    const live: { register: string; why: string }[] = [];
    for (const register of registers) {
      if (named(call).has(register)) continue;
      const reader = met.map(({ steps, at }) => readerOf(steps, at, register)).find((step) => step !== null);
      if (reader !== undefined) live.push({ register, why: `'${reader!.text}' reads it` });
    }
    return live;
  }).map((mutant) => ({ ...mutant, rules }));
}

/** Registers that a handler, from its vector to its rfi, never names: the interrupted code has values there. */
function unsaved(
  fault: string,
  rules: readonly string[],
  candidates: readonly string[],
  argumentsOf: (call: Call) => readonly Argument[],
): readonly Mutant[] {
  return eachCall(fault, argumentsOf, (_, met) => {
    const untouched = met.flatMap(({ steps, at }) => {
      const handler = handlerAround(steps, at);
      return handler === null ? [] : candidates.filter((name) => !handler.has(name));
    });
    return untouched.map((register) => ({ register, why: 'the handler returns without having saved it' }));
  }).map((mutant) => ({ ...mutant, rules }));
}

/** r30 between the `movl` that loads it and the load that may miss: only the nested-miss handler reads it (ivt.S says so). */
function hidden(): readonly Mutant[] {
  const loads = (steps: readonly Step[], from: number): boolean => {
    for (let next = from + 1; next < steps.length; next++) {
      const { text, ends, writes } = steps[next]!;
      if (/^ld8\b/.test(text)) return true;
      if (ends || writes.has('r30')) return false;
    }
    return false;
  };
  const isLoaded = (steps: readonly Step[], at: number): boolean => {
    for (let before = at - 1; before >= 0 && !steps[before]!.ends; before--)
      if (steps[before]!.writes.has('r30')) return /^movl\b/.test(steps[before]!.text);
    return false;
  };
  return eachCall(
    'register that a nested miss reads',
    (call) => call.generals,
    (_, met) =>
      met.some(({ steps, at }) => isLoaded(steps, at) && loads(steps, at))
        ? [{ register: 'r30', why: 'the nested-miss handler goes on at its address' }]
        : [],
  ).map((mutant) => ({ ...mutant, rules: ['PV002'] }));
}

/** The registers that are named from the vector's entry to the `rfi` straight ahead; null: the code is no such handler. */
function handlerAround(steps: readonly Step[], at: number): ReadonlySet<string> | null {
  const all = new Set<string>();
  let from = at;
  for (; from >= 0 && !/^\.org\s+ia64_ivt/.test(steps[from]!.text); from--)
    if (from < at && steps[from]!.ends) return null;
  if (from < 0) return null;
  for (let next = from + 1; next < steps.length; next++) {
    const { text, ends, call } = steps[next]!;
    for (const name of registers(text)) all.add(name);
    if (ends) return call !== null && text.includes('RFI') ? all : null;
  }
  return null;
}

function eachCall(
  fault: string,
  argumentsOf: (call: Call) => readonly Argument[],
  candidatesOf: (call: Call, met: readonly Met[]) => readonly { register: string; why: string }[],
): readonly Omit<Mutant, 'rules'>[] {
  const mutants: Omit<Mutant, 'rules'>[] = [];
  for (const [number, met] of metCalls()) {
    const call = calls[number]!;
    const args = argumentsOf(call);
    if (args.length === 0) continue;
    const random = seeded(`${fault} ${call.file} ${call.start}`);
    for (const { register, why } of shuffled(candidatesOf(call, met), random).slice(0, PER_CALL)) {
      const argument = args[Math.floor(random() * args.length)]!;
      mutants.push({
        ...placeOf(call),
        fault,
        edits: [{ start: argument.start, end: argument.end, text: register }],
        register: null,
        what: `${register} for ${argument.text} in ${textOf(call)}: ${why}`,
      });
    }
  }
  return mutants;
}

export function placeOf({ file, start, end }: Call): Pick<Mutant, 'file' | 'start' | 'end'> {
  return { file, start, end };
}

export function textOf({ file, start, end }: Call): string {
  return macroised.get(file)!.slice(start, end);
}
