/**
 * Macros with several definitions in branches of `#if`, and the branches in which they are used: to see all code of such a
 * branch, there must be a run with it and each of the definitions.
 */
import { countUpTo } from '../syntax/search.ts';
import {
  type ConditionalBranch,
  type ConditionalGroup,
  directiveTokens,
  type FileStructure,
  isGuard,
} from './structure.ts';

/** A macro that the branches of a group define is used in a branch of another. */
export interface ConditionalUse {
  readonly definitions: ConditionalGroup;
  readonly use: ConditionalBranch;
}

export function conditionalUses(structures: readonly FileStructure[]): ConditionalUse[] {
  const groups = definingGroups(structures);
  if (groups.size === 0) return [];
  const mention = new RegExp(`\\b(?:${[...groups.keys()].join('|')})\\b`, 'g');
  const found = new Map<ConditionalBranch, Set<ConditionalGroup>>();
  for (const { file, groups: inFile } of structures) {
    for (const { index, 0: name } of file.text.matchAll(mention)) {
      const use = branchAt(inFile, index);
      if (use === null) continue;
      const before = found.get(use) ?? new Set();
      found.set(use, before);
      for (const group of groups.get(name)!) if (!surrounds(group, use)) before.add(group);
    }
  }
  return [...found].flatMap(([use, definitions]) => [...definitions].map((group) => ({ definitions: group, use })));
}

/** By macro: the groups that decide what it is, itself or by a macro in its body. */
function definingGroups(structures: readonly FileStructure[]): Map<string, Set<ConditionalGroup>> {
  const definitions = structures.flatMap(definitionsIn);
  const groups = new Map<string, Set<ConditionalGroup>>();
  for (const { name, group } of definitions)
    if (group !== null) groups.set(name, (groups.get(name) ?? new Set()).add(group));
  for (let grows = groups.size > 0; grows; ) {
    grows = false;
    for (const { name, body } of definitions) {
      const known = groups.get(name) ?? new Set();
      const before = known.size;
      for (const other of body) for (const group of groups.get(other) ?? []) known.add(group);
      if (known.size === before) continue;
      groups.set(name, known);
      grows = true;
    }
  }
  return groups;
}

interface Definition {
  readonly name: string;
  readonly group: ConditionalGroup | null;
  /** The words of its body. */
  readonly body: readonly string[];
}

function definitionsIn(structure: FileStructure): Definition[] {
  const { file, segments, groups } = structure;
  return segments.flatMap((segment) => {
    if (segment.kind !== 'directive' || segment.keyword !== 'define') return [];
    const [name, ...body] = directiveTokens(file, segment).map(({ text }) => text);
    const group = branchAt(groups, segment.start)?.group ?? null;
    return name === undefined
      ? []
      : [{ name, group: group !== null && isGuard(structure, group) ? null : group, body }];
  });
}

function surrounds(group: ConditionalGroup, branch: ConditionalBranch): boolean {
  for (let outer: ConditionalBranch | null = branch; outer !== null; outer = outer.group.parent)
    if (outer.group === group) return true;
  return false;
}

/**
 * The innermost branch around an offset, taken or not.
 *
 * @param groups of one file, in order
 */
export function branchAt(groups: readonly ConditionalGroup[], offset: number): ConditionalBranch | null {
  const begun = countUpTo(groups, offset, ({ branches }) => branches[0]!.start);
  // The last group to begin before the offset may have ended before it too.
  let group = groups[begun - 1] ?? null;
  while (group !== null && group.end <= offset) group = group.parent?.group ?? null;
  return group?.branches.findLast(({ bodyStart }) => bodyStart <= offset) ?? null;
}
