import type { Severity } from '../syntax/diagnostic.ts';
import type { RuleContext } from './context.ts';
import type { DraftFinding } from './finding.ts';

/** One rule: one file in `rules/`, one page in docs/rules/ whose examples are its tests. */
export interface Rule {
  /** `PV012`. An ID is never used again for anything else, not even when its rule goes away. */
  readonly id: string;
  /** What it is about, in two or three words: `live-scratch`. */
  readonly name: string;
  /** The level where no configuration says otherwise: `error` for what breaks the kernel, `warning` for what may. */
  readonly severity: Severity;
  /** One sentence, for lists and for code-scanning services. */
  readonly summary: string;
  /**
   * Everything in one part of a check, a file and the headers that come with it, that the rule objects to. Null for a rule
   * that `check.ts` applies itself, because it judges the findings of others, or all parts together.
   */
  readonly check: ((context: RuleContext) => Iterable<DraftFinding>) | null;
}
