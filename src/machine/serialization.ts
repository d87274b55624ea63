/**
 * Which instructions serialize, and which do what must be serialized before it is in force: grammar/serialization.tsv, and
 * the resources of grammar/dependencies.tsv that ask for more than a stop.
 */
import table from '../../grammar/serialization.tsv';
import { formSet } from './classes.ts';
import { serializationAwaited } from './dependencies.ts';
import type { Effects, Form } from './effects.ts';
import { formIds } from './forms.ts';
import { resourceRegister } from './register-table.ts';
import { resourceNamed } from './resources.ts';
import { cellWords, tableRows } from './tsv.ts';

/** Data serialization, instruction serialization, or both: bits. */
export type Serialization = number;
export const NOTHING: Serialization = 0;
export const DATA: Serialization = 1;
/** Changes that instruction fetches must see. */
export const INSTRUCTION: Serialization = 2;

/** gas's directives that tell its dependency checker of a serialization (gas/config/tc-ia64.c); they emit no code. */
export const SERIALIZE_DATA = '.serialize.data';
export const SERIALIZE_INSTRUCTION = '.serialize.instruction';

/** One line of the table for one form. */
interface Rule {
  readonly bits: Serialization;
  /** It holds only where one of these is written; null: always. */
  readonly writes: ReadonlySet<number> | null;
}

/** The table, by form: what a form serializes, and what it waits for. */
interface Behaviour {
  readonly serializes: ReadonlyMap<string, readonly Rule[]>;
  readonly awaits: ReadonlyMap<string, readonly Rule[]>;
}

let behaviour: Behaviour | undefined;

function readBehaviour(): Behaviour {
  const serializes = new Map<string, Rule[]>();
  const awaits = new Map<string, Rule[]>();
  for (const [forms, does, written, kind] of tableRows(table)) {
    const about = does === 'serializes' ? serializes : awaits;
    const bits = kind === 'data' ? DATA : does === 'serializes' ? DATA | INSTRUCTION : INSTRUCTION;
    const resources = cellWords(written!).map(resourceNamed);
    const rule = { bits, writes: resources.length === 0 ? null : new Set(resources) };
    formSet(cellWords(forms!)).forEach((member, index) => {
      if (member !== 1) return;
      const rules = about.get(formIds[index]!);
      if (rules === undefined) about.set(formIds[index]!, [rule]);
      else rules.push(rule);
    });
  }
  return { serializes, awaits };
}

/** What an instruction serializes: changes that were made in earlier instruction groups. */
export function serializedBy(effects: Effects): Serialization {
  if (effects.form === null) return NOTHING;
  behaviour ??= readBehaviour();
  return bitsOf(behaviour.serializes.get(effects.form.id), effects);
}

function bitsOf(rules: readonly Rule[] = [], { writes }: Effects): Serialization {
  let bits = NOTHING;
  for (const rule of rules)
    if (rule.writes === null || writes.some((each) => rule.writes!.has(each))) bits |= rule.bits;
  return bits;
}

/** Cache: all instructions that are alike have the same effects. */
const awaited = new WeakMap<Effects, Serialization>();

/** The serialization that an instruction needs before all its changes take effect; for an unknown instruction, both kinds. */
export function awaitedBy(effects: Effects): Serialization {
  let bits = awaited.get(effects);
  if (bits === undefined) {
    bits = findAwaited(effects);
    awaited.set(effects, bits);
  }
  return bits;
}

function findAwaited(effects: Effects): Serialization {
  const { form, writes } = effects;
  if (form === null) return DATA | INSTRUCTION;
  behaviour ??= readBehaviour();
  let bits = bitsOf(behaviour.awaits.get(form.id), effects);
  for (const resource of writes) bits |= awaitedThrough(form, resource);
  return bits;
}

function awaitedThrough(form: Form, resource: number): Serialization {
  // Its fields are checked in its place.
  if (resourceRegister(resource).fields.length > 0) return NOTHING;
  const { data, instr } = serializationAwaited(form, resource);
  return (data ? DATA : NOTHING) | (instr ? INSTRUCTION : NOTHING);
}
