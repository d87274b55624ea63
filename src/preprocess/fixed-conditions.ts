/**
 * Conditions that a file decides itself: `#define VIRT` above, `#ifdef VIRT` below. No configuration can make them come out
 * otherwise, so that they are no choice. What a condition that is a choice may have defined or undefined is not known behind it;
 * nor is what headers define.
 */

import { definedNames } from './settings.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  conditionOf,
  type DirectiveSegment,
  directiveTokens,
  type FileStructure,
  isGuard,
} from './structure.ts';

/** By branch of a group: whether its condition holds, where that is certain. */
export type Decided = ReadonlyMap<ConditionalBranch, boolean>;

/**
 * The conditions on whether names are defined that the main file decides.
 *
 * @param main its structure
 * @param headers those of the files that it may include
 * @param complete whether these are all: a header that is not there may define anything
 * @param fixed names that directives do not change
 */
export function decidedConditions(
  main: FileStructure,
  headers: readonly FileStructure[],
  complete: boolean,
  fixed: ReadonlySet<string>,
): Decided {
  const reader = new Reader(main, new Set(headers.flatMap(definedNames)), complete, fixed);
  reader.read(0, main.segments.length, true);
  return reader.decided;
}

class Reader {
  readonly decided = new Map<ConditionalBranch, boolean>();
  /** Names of which it is certain whether they are defined at the place that is read. */
  readonly #known = new Map<string, boolean>();

  constructor(
    readonly main: FileStructure,
    readonly inHeaders: ReadonlySet<string>,
    readonly complete: boolean,
    readonly fixed: ReadonlySet<string>,
  ) {}

  /** @param certain whether every configuration comes through `segments[from..to - 1]` */
  read(from: number, to: number, certain: boolean): void {
    for (let index = from; index < to; index++) {
      const segment = this.main.segments[index]!;
      if (segment.kind === 'text') continue;
      if (segment.keyword === 'define' || segment.keyword === 'undef') this.#note(segment, certain);
      else if (INCLUDING.has(segment.keyword)) this.#include();
      else if (segment.keyword === 'pragma')
        this.#known.clear(); // push_macro, pop_macro
      else if (segment.group !== null && segment.branch === 0) index = this.#enter(segment.group, certain);
    }
  }

  #note(segment: DirectiveSegment, certain: boolean): void {
    const name = directiveTokens(this.main.file, segment)[0]?.text ?? '';
    if (certain && !this.fixed.has(name)) this.#known.set(name, segment.keyword === 'define');
    else this.#known.delete(name);
  }

  #include(): void {
    if (this.complete) for (const name of this.inHeaders) this.#known.delete(name);
    else this.#known.clear();
  }

  /** Reads the branches that some configuration may take; returns the segment that ends the group. */
  #enter(group: ConditionalGroup, certain: boolean): number {
    if (isGuard(this.main, group)) {
      this.read(group.branches[0]!.segment + 1, group.endSegment, certain);
      return group.endSegment;
    }
    const outcomes = group.branches.map((branch) => this.#outcome(branch));
    // Behind a branch that is taken for certain there is none that may be.
    const last = outcomes.indexOf(true);
    const open = group.branches.filter((_, at) => outcomes[at] !== false && (last === -1 || at <= last));
    const alone = last !== -1 && open.length === 1;
    for (const branch of open) {
      const at = group.branches.indexOf(branch);
      this.read(branch.segment + 1, group.branches[at + 1]?.segment ?? group.endSegment, certain && alone);
    }
    return group.endSegment;
  }

  #outcome(branch: ConditionalBranch): boolean | null {
    if (branch.keyword === 'else') return true;
    const segment = this.main.segments[branch.segment] as DirectiveSegment;
    const { terms, any } = conditionOf(this.main.file, segment);
    if (terms === null) return null;
    const values = terms.map(({ name, negated }) => {
      const known = this.#known.get(name);
      return known === undefined ? null : known !== negated;
    });
    const outcome = values.includes(any) ? any : values.includes(null) ? null : !any;
    if (outcome !== null) this.decided.set(branch, outcome);
    return outcome;
  }
}

const INCLUDING = new Set(['include', 'include_next', 'import']);
