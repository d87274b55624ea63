/** Defects of a target's bodies, as messages about places in its file. */

import { isOfClass } from '../machine/classes.ts';
import { STAND_IN, TRUE_PREDICATE } from '../machine/purposes.ts';
import type { Operation } from '../project/operations.ts';
import { distinctInstances } from '../rewrite/choose.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { bodyTemplate } from './body.ts';
import { canonicalArguments } from './expansion.ts';
import { bodyFacts } from './facts.ts';
import { hypercallOf } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import { type TargetChoice, targetsOf } from './plan.ts';
import type { ChosenSite } from './planned-site.ts';
import type { CanonicalArguments } from './problems.ts';
import type { Target } from './target.ts';

/** The errors of the body for one assignment; empty when there is no body. */
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
    const { start, end } = place === undefined || place.kind === 'stop' ? { start: 0, end: 0 } : place;
    return tried({ severity: 'error', message, file: target.file, start, end });
  });
}

/** Warnings about hypercalls that are not in the table: their effects on registers cannot be checked. */
export function undescribed(target: Target, operation: Operation, site: CanonicalArguments): readonly Diagnostic[] {
  const template = bodyTemplate(target, operation.name, site);
  if (template.kind !== 'open') return [];
  const { file, hypercalls, name } = target;
  return template.items.flatMap((item): Diagnostic[] => {
    if (item.kind !== 'instruction') return [];
    const text = item.pieces.map((piece) => (typeof piece === 'string' ? piece : STAND_IN.stacked)).join('');
    const { effects, instruction } = bodyInstruction(text, hypercalls);
    if (!isOfClass(effects.form, 'breaks')) return [];
    if (hypercallOf(instruction, hypercalls) !== undefined) return [];
    const message = `nothing says which registers '${text}' reads, returns and destroys; ${name}.tsv beside the target file can (in ${macroSpelling(operation, site)})`;
    return [{ severity: 'warning', message, file, start: item.start, end: item.end }];
  });
}

/** Errors and warnings about the targets' bodies for these sites, each once. Sites without instances are not checked. */
export function targetErrors(choices: readonly TargetChoice[], sites: readonly ChosenSite[]): Diagnostic[] {
  const reported = new Set<string>();
  return [...new Set(choices.flatMap(targetsOf))].flatMap((target) =>
    sites.flatMap(({ site, scratch }) =>
      (site.instances.length === 0 ? [] : distinctInstances(site))
        .flatMap((instance) => {
          const given = canonicalArguments(instance, scratch);
          return [...bodyErrors(target, site.operation, given), ...undescribed(target, site.operation, given)];
        })
        .filter((error) => isNew(error, reported)),
    ),
  );
}

/** Whether there was no message about this place yet. */
export function isNew({ file, start, end }: Diagnostic, reported: Set<string>): boolean {
  const key = `${file.name}:${start}:${end}`;
  if (reported.has(key)) return false;
  reported.add(key);
  return true;
}

/** The macro call of an operation with the arguments that are tried: `ASM_READ_IVR_P(p6, -, r40, r8)`. */
export function macroSpelling(operation: Operation, { predicates, operands, scratch }: CanonicalArguments): string {
  const predicated = predicates.some((name) => name !== TRUE_PREDICATE);
  return `${operation.macro}${predicated ? '_P' : ''}(${[...(predicated ? predicates : []), '-', ...operands, ...scratch].join(', ')})`;
}
