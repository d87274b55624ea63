/**
 * The accesses of an instruction as GNU as has them: those of instructions.tsv, changed as
 * grammar/assembler-dependencies.tsv says.
 */
import table from '../../grammar/assembler-dependencies.tsv';
import type { Effects, Form } from '../machine/effects.ts';
import { registerByName, resourceRegister } from '../machine/register-table.ts';
import { cellWords, tableRows } from '../machine/tsv.ts';
import type { Instruction } from '../syntax/tree.ts';
import { fileRegister } from './values.ts';

interface Difference {
  readonly use: 'reads' | 'writes' | 'consults' | 'index';
  /** A class (`gr`) or one resource's name. */
  readonly class: string | null;
  readonly resource: string;
  readonly adds: boolean;
}

const byForm = new Map<Form, readonly Difference[]>();

/** The effects as the assembler's dependency checker sees them; the very same where it agrees. */
export function effectsForAssembler(effects: Effects, statement: Instruction): Effects {
  const { form } = effects;
  if (form === null) return effects;
  let differences = byForm.get(form);
  if (differences === undefined) {
    differences = differencesOf(form.id);
    byForm.set(form, differences);
  }
  if (differences.length === 0) return effects;
  return differences.reduce((seen, difference) => apply(seen, difference, statement), effects);
}

function apply(effects: Effects, difference: Difference, statement: Instruction): Effects {
  const { use } = difference;
  if (use === 'index') {
    const number = fileRegister(statement)?.register ?? -1;
    const elsewhere = statement.inputs.some(
      (input) => input.kind === 'name' && registerByName(input.name)?.number === number,
    );
    if (elsewhere) return effects;
    return {
      ...effects,
      reads: effects.reads.filter(
        (resource) => resourceRegister(resource).class !== 'gr' || resourceRegister(resource).number !== number,
      ),
    };
  }
  const list = effects[use] ?? [];
  if (difference.adds) return { ...effects, [use]: [...list, registerByName(difference.resource)!.resource] };
  return { ...effects, [use]: list.filter((resource) => !covers(difference, resource)) };
}

function covers(difference: Difference, resource: number): boolean {
  const register = resourceRegister(resource);
  return difference.class === null ? register.name === difference.resource : register.class === difference.class;
}

const rows = tableRows(table);

function differencesOf(form: string): Difference[] {
  return rows
    .filter(([forms]) => cellWords(forms!).some((pattern) => matches(pattern, form)))
    .map(([, use, resource, gas]) => ({
      use: use as Difference['use'],
      class: resource!.startsWith('@') ? resource!.slice(1) : null,
      resource: resource!,
      adds: gas === 'adds',
    }));
}

function matches(pattern: string, form: string): boolean {
  return pattern.endsWith('*') ? form.startsWith(pattern.slice(0, -1)) : form === pattern;
}
