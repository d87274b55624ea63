import type { Diagnostic } from '../syntax/diagnostic.ts';

/** Exit codes of every command: 0 clean, 1 findings, 2 usage, input or internal error. */
export const ExitCode = { clean: 0, findings: 1, error: 2 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A problem of the user's input or of the system, told in one line (or with its place) and without a stack. */
export class Failure extends Error {
  /** @param diagnostics errors that were told already, and that a machine-readable answer repeats */
  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
  }
}
