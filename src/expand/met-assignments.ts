/**
 * The register assignments of a site's instances. A site in a macro's body may have other registers in each expansion. The assembler
 * sees them as texts in place of the macro's parameters, and can distinguish these by `.ifc`.
 */
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import type { Instance, Site } from '../rewrite/site.ts';
import type { Expression } from '../syntax/tree.ts';

export interface MetAssignment {
  /** One of the instances with this assignment. */
  readonly instance: Instance;
  /** Directives that make the assembler read the following text only for this assignment; none when it is the only one. */
  readonly conditions: readonly string[];
}

/** All assignments of a site; or why the assembler cannot distinguish them, in words. */
export function metAssignments(site: Site): readonly MetAssignment[] | string {
  const { instances, operation, operands, predicates } = site;
  if (instances.length === 0) return 'no file of this call expands its macro: which registers it has is not known';
  const spelled = [...predicates.map((text) => text ?? TRUE_PREDICATE), ...operands];
  const met = instances.map((instance) => ({ instance, texts: textsOf(site, instance) }));
  const differing = spelled.flatMap((_, at) => (met.some(({ texts }) => texts[at] !== met[0]!.texts[at]) ? [at] : []));
  const found = new Map<string, MetAssignment>();
  for (const { instance, texts } of met) {
    const key = differing.map((at) => texts[at]).join();
    const known = found.get(key);
    if (known === undefined) {
      const conditions = differing.map((at) => {
        const isNumber = at >= predicates.length && operation.slots[at - predicates.length]!.kind === 'immediate';
        return isNumber ? `.if (${spelled[at]}) == ${texts[at]}` : `.ifc ${spelled[at]},${texts[at]}`;
      });
      found.set(key, { instance, conditions });
    } else if (registers(known.instance) !== registers(instance))
      return `the places that it is met in give ${texts.join(', ')} different registers: a record cannot tell them apart`;
  }
  return [...found.values()];
}

function registers({ operands, predicates }: Instance): string {
  return [...predicates, ...operands].join();
}

/** Predicates and operands of an instance: registers as the assembler reads them, immediates as numbers. */
function textsOf({ operation }: Site, { unit, first, operands, predicates }: Instance): string[] {
  const { program, instructions } = unit.analysis;
  const texts = new Map<string, string>();
  let at = first;
  operation.parts.forEach((part, index) => {
    if (index > 0) at = program.next[at]!;
    const { statement } = instructions[at]!;
    if (statement.kind !== 'instruction') return;
    if (statement.predicate !== null) note(texts, part.predicate, statement.predicate);
    const all = [...statement.outputs, ...statement.inputs];
    part.operands.forEach((slot, operand) => {
      if (slot !== null) note(texts, slot, all[operand]!);
    });
  });
  const isImmediate = (slot: number) => operation.slots[slot]!.kind === 'immediate';
  return [
    ...operation.predicates.map((name, slot) => texts.get(name) ?? predicates[slot]!),
    ...operation.slots.map(({ name }, slot) =>
      isImmediate(slot) ? operands[slot]! : (texts.get(name) ?? operands[slot]!),
    ),
  ];
}

function note(texts: Map<string, string>, slot: string, operand: Expression): void {
  const register = operand.kind === 'indexed' ? operand.index : operand;
  if (register.kind === 'name') texts.set(slot, register.name);
}
