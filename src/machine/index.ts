/** What pvasm knows of the machine: registers, resources, instructions and what they do, from the tables of grammar/. */
export { type AuditEntry, auditEntries, auditEntry } from './audit.ts';
export { constantValue } from './constants.ts';
export { allocFrame, decode } from './decode.ts';
export type { Effects, Form } from './effects.ts';
export { AR, BR, CR, FR, GR, PR, psrBit, RESOURCE_COUNT, resourceName, resourceNamed } from './resources.ts';
export { type Frame, operandRegister, resolveRegister, type Scope } from './scope.ts';
