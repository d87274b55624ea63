/** Dependencies between instructions: violations in code that stands, and conflicts that an expansion would make. */
import { layoutProgram } from './bundles.ts';
import { type DependencyViolation, readForViolations } from './dependency-check.ts';
import type { Program } from './program.ts';

export type { DependencyViolation } from './dependency-check.ts';
export { type Conflict, conflicts, type Exclusion } from './dependency-conflicts.ts';

/** Every dependency violation of an analysed program, in the order of its text. */
export function checkDependencies(program: Program): DependencyViolation[] {
  const layout = layoutProgram(program);
  const seen = readForViolations(program, layout, 'assembler');
  const known = new Set(seen.map(identity));
  const unseen = readForViolations(program, layout, 'manual').filter((violation) => !known.has(identity(violation)));
  return [...seen, ...unseen].sort((a, b) => a.second - b.second);
}

function identity({ kind, resource, first, second }: DependencyViolation): string {
  return `${kind} ${resource} ${first} ${second}`;
}
