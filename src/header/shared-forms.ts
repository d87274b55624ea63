/**
 * Bodies that share an address with those of neighbouring sites, as text for a header. The macro of the first site sets a symbol to
 * where it stands, and that of the second takes the address only where that symbol says so: else it makes its own, as it would
 * if the source had changed since.
 */
import { itemText } from '../expand/expansion.ts';
import type { PlannedSite } from '../expand/planned-site.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { resourceName } from '../machine/resources.ts';
import { distinctInstances } from '../rewrite/choose.ts';
import type { Site } from '../rewrite/site.ts';

export interface SharedForm {
  /** The body, with the names of the macro's parameters for its arguments. */
  readonly items: readonly string[];
  /** What must be the same for the body to be right: a parameter and its text. */
  readonly conditions: readonly (readonly [parameter: string, text: string])[];
  /** Where the site stands whose body leaves the address: how many lines before, and its operation; null: it is made here. */
  readonly from: { readonly lines: number; readonly operation: number } | null;
  /** Whether the body leaves an address for another one. */
  readonly leaves: boolean;
}

/** The form of a body that shares an address; null where it shares none. */
export function sharedForm({ site, scratch, expansion }: PlannedSite): SharedForm | null {
  const { shared } = expansion;
  if (shared === undefined) return null;
  const { operands, predicates } = distinctInstances(site)[0]!;
  const parameters = new Map<string, string>();
  for (const [index, name] of scratch.general.entries()) parameters.set(name, `x${index + 1}`);
  site.operation.slots.forEach(({ name, kind }, index) => {
    if (kind === 'register') parameters.set(operands[index]!, name);
  });
  const guards = site.operation.predicates.map((name, index) => [name, predicates[index]!] as const);
  for (const [name, predicate] of guards) if (predicate !== TRUE_PREDICATE) parameters.set(predicate, name);
  const { from, address, saved, left } = shared;
  const relied = [
    ...(address === null ? [] : [address]),
    ...[...saved, ...left].flatMap(({ of, to }) => [of, to].map(resourceName)),
  ];
  const named = [...new Set(relied)].flatMap((register) => {
    const parameter = parameters.get(register);
    return parameter === undefined ? [] : [[parameter, register] as const];
  });
  return {
    items: expansion.canonical.map((item) => withParameters(itemText(item), parameters)),
    conditions: [...named, ...guards.filter(([, predicate]) => predicate === TRUE_PREDICATE)],
    from: from === null ? null : { lines: lineOf(site) - lineOf(from), operation: from.operation.number },
    leaves: shared.to !== null,
  };
}

/** The line of `__LINE__`: in a `#define`, where its macro is used, which is the same for neighbours. */
function lineOf({ file, start, surroundings }: Site): number {
  return surroundings.define === null ? file.position(start).line : 0;
}

function withParameters(text: string, parameters: ReadonlyMap<string, string>): string {
  return text.replace(/\b[rp]\d+\b/g, (register) => {
    const parameter = parameters.get(register);
    return parameter === undefined ? register : `\\${parameter}`;
  });
}
