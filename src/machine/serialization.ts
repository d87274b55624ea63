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
import { cellWords, tableRows } from './tsv.ts';

/** Data serialization, instruction serialization, or both: bits. */
export type Serialization = number;
export const NOTHING: Serialization = 0;
export const DATA: Serialization = 1;
/** Changes that instruction fetches must see. */
export const INSTRUCTION: Serialization = 2;

/** The table, by form: what a form serializes, and what it waits for whatever its operands are. */
interface Behaviour {
  readonly serializes: ReadonlyMap<string, Serialization>;
  readonly awaits: ReadonlyMap<string, Serialization>;
}

let behaviour: Behaviour | undefined;

function readBehaviour(): Behaviour {
  const serializes = new Map<string, Serialization>();
  const awaits = new Map<string, Serialization>();
  const ids = formIds();
  for (const [forms, does, kind] of tableRows(table)) {
    const about = does === 'serializes' ? serializes : awaits;
    const bits = kind === 'data' ? DATA : does === 'serializes' ? DATA | INSTRUCTION : INSTRUCTION;
    formSet(cellWords(forms!)).forEach((member, index) => {
      if (member === 1) about.set(ids[index]!, (about.get(ids[index]!) ?? NOTHING) | bits);
    });
  }
  return { serializes, awaits };
}

/** What an instruction serializes: changes that were made in earlier instruction groups. */
export function serializedBy({ form }: Effects): Serialization {
  if (form === null) return NOTHING;
  behaviour ??= readBehaviour();
  return behaviour.serializes.get(form.id) ?? NOTHING;
}

/** What must follow an instruction before all that it changes is in force; of one that nobody knows, everything. */
export function awaitedBy({ form, writes }: Effects): Serialization {
  if (form === null) return DATA | INSTRUCTION;
  behaviour ??= readBehaviour();
  let bits = behaviour.awaits.get(form.id) ?? NOTHING;
  for (const resource of writes) bits |= awaitedThrough(form, resource);
  return bits;
}

function awaitedThrough(form: Form, resource: number): Serialization {
  // Its fields stand for it.
  if (resourceRegister(resource).fields.length > 0) return NOTHING;
  const { data, instr } = serializationAwaited(form, resource);
  return (data ? DATA : NOTHING) | (instr ? INSTRUCTION : NOTHING);
}
