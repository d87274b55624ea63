/** What is wrong with the bodies of a target, as messages that point into its file. */
import type { Operation } from '../project/operations.ts';
import { distinctInstances } from '../rewrite/choose.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { bodyTemplate } from './body.ts';
import { canonicalArguments } from './expansion.ts';
import { bodyFacts } from './facts.ts';
import type { ChosenSite, TargetChoice } from './plan.ts';
import type { CanonicalArguments } from './problems.ts';
import type { Target } from './target.ts';

/** What is wrong with the body for one assignment; empty where there is none. */
export function bodyErrors(target: Target, operation: Operation, site: CanonicalArguments): readonly Diagnostic[] {
  const template = bodyTemplate(target, operation.name, site);
  const tried = (diagnostic: Diagnostic): Diagnostic => ({
    ...diagnostic,
    message: `${diagnostic.message} (in ${macroSpelling(operation, site)})`,
  });
  if (template.kind === 'broken') return template.diagnostics.map(tried);
  if (template.kind !== 'open') return [];
  return (bodyFacts(target, operation, site)?.problems ?? []).map(({ message, item }) => {
    const place = template.items[item];
    const { start, end } = place?.kind === 'instruction' ? place : { start: 0, end: 0 };
    return tried({ severity: 'error', message, file: target.file, start, end });
  });
}

/** What is wrong with the bodies that the targets have for these sites, each told once; of sites that nobody expands nothing is known. */
export function targetErrors(choices: readonly TargetChoice[], sites: readonly ChosenSite[]): Diagnostic[] {
  const told = new Set<string>();
  return [...new Set(choices.map(({ target }) => target))].flatMap((target) =>
    sites.flatMap(({ site, scratch }) =>
      (site.instances.length === 0 ? [] : distinctInstances(site))
        .flatMap((instance) => bodyErrors(target, site.operation, canonicalArguments(instance, scratch)))
        .filter((error) => isNew(error, told)),
    ),
  );
}

/** The first message about each place is enough. */
export function isNew({ file, start, end }: Diagnostic, told: Set<string>): boolean {
  const key = `${file.name}:${start}:${end}`;
  if (told.has(key)) return false;
  told.add(key);
  return true;
}

/** `ASM_READ_IVR_P(p6, -, r40, r8)`: an operation with the registers that it is tried with. */
export function macroSpelling(operation: Operation, { predicates, operands, scratch }: CanonicalArguments): string {
  const predicated = predicates.some((name) => name !== 'p0');
  return `${operation.macro}${predicated ? '_P' : ''}(${[...(predicated ? predicates : []), '-', ...operands, ...scratch].join(', ')})`;
}
