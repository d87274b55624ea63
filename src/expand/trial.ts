/** Tries a target without any source: every operation in every shape of its assignments. */
import type { Operation } from '../project/operations.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { bodyTemplate } from './body.ts';
import { everyShape } from './shapes.ts';
import type { Target } from './target.ts';
import { bodyErrors, isNew, macroSpelling, undescribed } from './target-errors.ts';

/** The result of the trial of one operation. */
export interface OperationTrial {
  readonly operation: Operation;
  /** Numbers of shapes: tried; with a body; refused by the macro; left native. */
  readonly tried: number;
  readonly bodies: number;
  readonly refused: number;
  readonly left: number;
  readonly wrong: number;
  /** Instructions of the shortest and of the longest body; null when there is no body. */
  readonly instructions: readonly [least: number, most: number] | null;
}

export interface Trial {
  readonly operations: readonly OperationTrial[];
  /** Errors, and warnings about things that cannot be checked; one for each place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Tries every operation that the target has a macro for. */
export function tryTarget(target: Target, operations: readonly Operation[]): Trial {
  const reported = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const trials = operations
    .filter(({ name }) => target.macros.has(name))
    .map((operation) =>
      tryOperation(target, operation, (all) => diagnostics.push(...all.filter((one) => isNew(one, reported)))),
    );
  return { operations: trials, diagnostics };
}

function tryOperation(
  target: Target,
  operation: Operation,
  report: (diagnostics: readonly Diagnostic[]) => void,
): OperationTrial {
  const counts = { tried: 0, bodies: 0, refused: 0, left: 0, wrong: 0 };
  let instructions: [number, number] | null = null;
  let refusal = '';
  for (const site of everyShape(operation, target.macros.get(operation.name)!)) {
    counts.tried++;
    const template = bodyTemplate(target, operation.name, site);
    const errors = bodyErrors(target, operation, site);
    report(errors);
    if (errors.length > 0) counts.wrong++;
    else if (template.kind === 'missing') counts.left++;
    else if (template.kind === 'refused') {
      counts.refused++;
      refusal ||= `${template.reason} (in ${macroSpelling(operation, site)})`;
    } else if (template.kind === 'open') {
      counts.bodies++;
      report(undescribed(target, operation, site));
      const length: number = template.instructions;
      instructions = [Math.min(instructions?.[0] ?? length, length), Math.max(instructions?.[1] ?? length, length)];
    }
  }
  if (counts.refused === counts.tried) report([neverTaken(target, operation, refusal)]);
  return { operation, ...counts, instructions };
}

/** The error for a macro that refuses every shape. */
function neverTaken({ file, macros }: Target, operation: Operation, refusal: string): Diagnostic {
  const { start, end } = macros.get(operation.name)!.place;
  const message = `${operation.macro} refuses every assignment that it was tried with: ${refusal}`;
  return { severity: 'warning', message, file, start, end };
}
