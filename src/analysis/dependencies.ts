/** Dependencies between instructions: violations in code that stands, and conflicts that an expansion would make. */
export { type Conflict, conflicts, type Exclusion } from './dependency-conflicts.ts';
