/** grammar/dependencies.tsv: what must stand between two instructions that touch one resource. */
import dependenciesText from '../../grammar/dependencies.tsv';
import { formSet, matchesName } from './classes.ts';
import type { Form } from './effects.ts';
import { allForms, type FormLine } from './forms.ts';
import { RESOURCE_COUNT, resourceRegister } from './register-table.ts';
import { cellWords, tableRows } from './tsv.ts';

export type DependencyKind = 'RAW' | 'WAW' | 'WAR';

/** What a dependency asks for; the head of grammar/dependencies.tsv says what each means. */
export type DependencySemantics = 'none' | 'implied' | 'impliedF' | 'data' | 'instr' | 'specific' | 'stop';

interface Rule {
  readonly kind: DependencyKind;
  readonly resource: string;
  /** By form, in the order of the table of instructions. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
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

interface Tables {
  readonly formIndex: ReadonlyMap<string, number>;
  /** The rules of each resource, by kind. */
  readonly rules: Readonly<Record<DependencyKind, readonly (readonly Rule[])[]>>;
}

const SAME_TYPE = ' of-one-type';
const NOTHING: Dependency = { semantics: 'none', source: '' };

let tables: Tables | undefined;

/**
 * What has to stand between two instructions when `first` writes `resource` and `second` reads it (RAW) or writes it
 * (WAW), or `first` reads it and `second` writes it (WAR). The caller knows that they do (`reads`, `writes`, `consults`).
 * Its business too: predicates that exclude each other, register numbers in indirect register files, and which type of a
 * mixed parallel compare (`or.andcm`) writes the predicate.
 */
export function dependency(kind: DependencyKind, resource: number, first: Form, second: Form): Dependency {
  tables ??= load();
  const one = tables.formIndex.get(first.id)!;
  const two = tables.formIndex.get(second.id)!;
  for (const rule of tables.rules[kind][resource]!)
    if (rule.first[one] === 1 && rule.second[two] === 1 && !(rule.sameType && !shareType(first, second))) return rule;
  return NOTHING;
}

/** Whether two parallel compares may write a predicate in the same way, only setting or only clearing it. */
function shareType(first: Form, second: Form): boolean {
  const { parallel } = second as FormLine;
  return (first as FormLine).parallel.some((type) => parallel.includes(type));
}

/**
 * The most that any dependency through the resource asks for: `none`, `implied` (a stop), `data` or `instr` (serialization;
 * `specific` counts as data). Tells what is worth remembering of a resource, and for how long.
 */
export function strongestSemantics(resource: number): 'none' | 'implied' | 'data' | 'instr' {
  tables ??= load();
  const { RAW, WAW, WAR } = tables.rules;
  const found = new Set([...RAW[resource]!, ...WAW[resource]!, ...WAR[resource]!].map(({ semantics }) => semantics));
  if (found.has('instr')) return 'instr';
  if (found.has('data') || found.has('specific')) return 'data';
  found.delete('none');
  return found.size === 0 ? 'none' : 'implied';
}

/** Whether a write of the resource may come too early after a read of it. */
export function hasWriteAfterRead(resource: number): boolean {
  tables ??= load();
  return tables.rules.WAR[resource]!.length > 0;
}

function load(): Tables {
  const ids = allForms().map((form) => form.id);
  const rules = tableRows(dependenciesText).map(
    ([kind, resource, first, second, semantics, source]): Rule => ({
      kind: kind as DependencyKind,
      resource: resource!,
      first: formSet(cellWords(first!)),
      second: formSet(cellWords(second!.replace(SAME_TYPE, ''))),
      sameType: second!.endsWith(SAME_TYPE),
      semantics: semantics as DependencySemantics,
      source: source!,
    }),
  );
  const of = (kind: DependencyKind): Rule[][] =>
    Array.from({ length: RESOURCE_COUNT }, (_, resource) =>
      rules.filter((rule) => rule.kind === kind && covers(rule.resource, resource)),
    );
  return {
    formIndex: new Map(ids.map((id, index) => [id, index])),
    rules: { RAW: of('RAW'), WAW: of('WAW'), WAR: of('WAR') },
  };
}

function covers(pattern: string, resource: number): boolean {
  const register = resourceRegister(resource);
  return pattern === register.class || matchesName(pattern, register.name);
}
