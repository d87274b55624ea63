/** grammar/dependencies.tsv: what must stand between two instructions that touch one resource. */
import dependenciesText from '../../grammar/dependencies.tsv';
import { formSet, matchesName } from './classes.ts';
import type { Form } from './effects.ts';
import { type FormLine, formIds, formPlace } from './forms.ts';
import { resourceRegister } from './register-table.ts';
import { cellWords, tableRows } from './tsv.ts';

export type DependencyKind = 'RAW' | 'WAW' | 'WAR';

/** What a dependency asks for; the head of grammar/dependencies.tsv says what each means. */
export type DependencySemantics = 'none' | 'implied' | 'impliedF' | 'data' | 'instr' | 'specific' | 'stop';

interface Rule {
  /** Its place in the table. */
  readonly line: number;
  readonly kind: DependencyKind;
  /** By form, in the order of the table of instructions: whether it may be the first, and the second. */
  readonly first: () => Uint8Array;
  readonly second: () => Uint8Array;
  readonly semantics: DependencySemantics;
  /** Only for parallel compares of a common type. */
  readonly sameType: boolean;
  readonly source: string;
}

/** A dependency between two instructions through one resource. */
export interface Dependency {
  readonly semantics: DependencySemantics;
  /** Where the manual says so. */
  readonly source: string;
}

const SAME_TYPE = ' of-one-type';
/** What asks for more than a stop. */
const SERIALIZED: ReadonlySet<DependencySemantics> = new Set(['data', 'specific', 'instr']);
const NOTHING: Dependency = { semantics: 'none', source: '' };

/** By what they say the resource is: a register, a class of registers, or a pattern with a star. */
let rules: ReadonlyMap<string, readonly Rule[]> | undefined;
let patterns: readonly string[] | undefined;
/** The rules of each resource; found when they are first asked for. */
const rulesOf: Readonly<Record<DependencyKind, (readonly Rule[] | undefined)[]>> = { RAW: [], WAW: [], WAR: [] };

/**
 * What has to stand between two instructions when `first` writes `resource` and `second` reads it (RAW) or writes it (WAW),
 * or `first` reads it and `second` writes it (WAR). The caller knows that they do (`reads`, `writes`, `consults`). So does
 * it know predicates that exclude each other, register numbers in indirect register files, and which type of a mixed
 * parallel compare (`or.andcm`) writes the predicate.
 */
export function dependency(kind: DependencyKind, resource: number, first: Form, second: Form): Dependency {
  const one = formPlace(first.id);
  const two = formPlace(second.id);
  const about = rulesFor(kind, resource);
  for (let at = 0; at < about.length; at++) {
    const rule = about[at]!;
    if (rule.first()[one] === 1 && rule.second()[two] === 1 && !(rule.sameType && !shareType(first, second)))
      return rule;
  }
  return NOTHING;
}

/** Whether two parallel compares may write a predicate in the same way, only setting or only clearing it. */
function shareType(first: Form, second: Form): boolean {
  const { parallel } = second as FormLine;
  return (first as FormLine).parallel.some((type) => parallel.includes(type));
}

/**
 * The most that any dependency through the resource asks for: `none`, `implied` (a stop), `data` or `instr` (serialization;
 * `specific` counts as data). It decides which accesses to a resource must be kept, and for how long.
 */
export function strongestSemantics(resource: number): 'none' | 'implied' | 'data' | 'instr' {
  const all = (['RAW', 'WAW', 'WAR'] as const).flatMap((kind) => rulesFor(kind, resource));
  const found = new Set(all.map(({ semantics }) => semantics));
  if (found.has('instr')) return 'instr';
  if (found.has('data') || found.has('specific')) return 'data';
  found.delete('none');
  return found.size === 0 ? 'none' : 'implied';
}

/** By resource and first form: what some later instruction may ask for. */
const awaited: (Map<string, { data: boolean; instr: boolean }> | undefined)[] = [];

/**
 * Whether some instruction may need data (`specific` counts as data), or instruction serialization, before it depends on
 * what `first` writes to the resource.
 */
export function serializationAwaited(
  first: Form,
  resource: number,
): { readonly data: boolean; readonly instr: boolean } {
  awaited[resource] ??= new Map();
  const known = awaited[resource].get(first.id);
  if (known !== undefined) return known;
  const found = { data: false, instr: false };
  const one = formPlace(first.id);
  for (const kind of ['RAW', 'WAW'] as const) {
    // Of several lines that fit two instructions the first decides.
    const lines = rulesFor(kind, resource).filter((rule) => rule.first()[one] === 1);
    if (!lines.some(({ semantics }) => SERIALIZED.has(semantics))) continue;
    const decided = new Uint8Array(formIds.length);
    for (const { second, semantics, sameType } of lines) {
      let decides = false;
      second().forEach((member, form) => {
        if (member === 0 || decided[form] === 1) return;
        decides = true;
        if (!sameType) decided[form] = 1;
      });
      if (!decides) continue;
      if (semantics === 'instr') found.instr = true;
      else if (semantics === 'data' || semantics === 'specific') found.data = true;
    }
  }
  awaited[resource].set(first.id, found);
  return found;
}

/** Whether a write of the resource may come too early after a read of it. */
export function hasWriteAfterRead(resource: number): boolean {
  return rulesFor('WAR', resource).length > 0;
}

function rulesFor(kind: DependencyKind, resource: number): readonly Rule[] {
  rules ??= readRules();
  let found = rulesOf[kind][resource];
  if (found === undefined) {
    const { class: all, name } = resourceRegister(resource);
    patterns ??= [...rules.keys()].filter((pattern) => pattern.endsWith('*'));
    found = [all, name, ...patterns.filter((pattern) => matchesName(pattern, name))]
      .flatMap((about) => rules!.get(about) ?? [])
      .filter((rule) => rule.kind === kind)
      .sort((a, b) => a.line - b.line); // of several the first line decides
    rulesOf[kind][resource] = found;
  }
  return found;
}

function readRules(): ReadonlyMap<string, readonly Rule[]> {
  const read = new Map<string, Rule[]>();
  tableRows(dependenciesText).forEach(([kind, resource, first, second, semantics, source], line) => {
    const rule: Rule = {
      line,
      kind: kind as DependencyKind,
      first: lazySet(first!),
      second: lazySet(second!.replace(SAME_TYPE, '')),
      sameType: second!.endsWith(SAME_TYPE),
      semantics: semantics as DependencySemantics,
      source: source!,
    };
    const about = read.get(resource!);
    if (about === undefined) read.set(resource!, [rule]);
    else about.push(rule);
  });
  return read;
}

/** Most runs ask for few of the sets. */
function lazySet(words: string): () => Uint8Array {
  let set: Uint8Array | undefined;
  return () => {
    set ??= formSet(cellWords(words));
    return set;
  };
}
