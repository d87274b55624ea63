/** Writes that are not serialized where a branch is taken. */
import type { Access } from './marks.ts';

/** A write that was not serialized, in front of a branch or behind it. */
export interface PendingWrite {
  readonly resource: number;
  readonly mark: Access;
  /** A srlz.d was passed: only instruction serialization is still missing. */
  readonly dataSerialized: boolean;
}

/** A branch that may be taken, and what is pending when it is. */
export interface TakenBranch {
  readonly branch: number;
  readonly pending: readonly PendingWrite[];
}
