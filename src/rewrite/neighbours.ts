/**
 * Neighbouring sites: nothing is between them but instructions that neither branch, nor access memory, nor switch the register bank,
 * and no place that a vector may begin at, whichever way the `#if`s come out. What a site leaves in a register that nobody reads is still there at its neighbour, unless one of these writes it: no
 * handler of a nested fault can come between, because nothing there faults on memory.
 */
import { bankSetBy } from '../analysis/flow/mode-table.ts';
import type { ProgramInstruction } from '../analysis/program/program.ts';
import { isOfClass } from '../machine/classes.ts';
import type { Effects } from '../machine/effects.ts';
import type { Instance, Site } from './site.ts';

export interface Neighbour {
  readonly next: Site;
  /** Resources that instructions between the two read, and that they write. */
  readonly read: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
}

/** Finds the next site; null where control may come or go in between. @param isPlain whether a site is its native instruction */
export type NeighbourFinder = (site: Site, isPlain: (site: Site) => boolean) => Neighbour | null;

export function neighbourFinder(sites: readonly Site[]): NeighbourFinder {
  const siteAt = new Map<string, Site>();
  for (const site of sites)
    for (const { unit, first, last } of site.instances)
      for (let at = first; at <= last; at++) siteAt.set(`${unit.id}:${at}`, site);
  return (site, isPlain) => {
    if (!isShareable(site)) return null;
    const between = { read: new Set<number>(), written: new Set<number>() };
    let next: Site | null = null;
    for (const instance of site.instances) {
      const found = walk(instance, (index) => siteAt.get(`${instance.unit.id}:${index}`), isPlain, between);
      if (found === null || (next ?? found) !== found) return null;
      next = found;
    }
    // Each instance of the next site is reached from one of this site, and from nowhere else, as no label is before it.
    if (next === null || next.instances.length !== site.instances.length) return null;
    return isShareable(next) && areTogether(site, next) ? { next, ...between } : null;
  };
}

/** An argument of a macro may be put at several places, and an explicit bundle is kept as it is. */
function isShareable({ surroundings, instances }: Site): boolean {
  return surroundings.place !== 'argument' && surroundings.bundle === null && instances.length > 0;
}

/** The site that follows an instance. @param between receives what instructions between them read and write */
function walk(
  { unit, first, last }: Instance,
  siteAt: (index: number) => Site | undefined,
  isPlain: (site: Site) => boolean,
  between: { readonly read: Set<number>; readonly written: Set<number> },
): Site | null {
  const { instructions, program } = unit.analysis;
  const isEntered = (at: number): boolean => unit.labelled.has(at) || unit.placed.has(at);
  if (instructions.slice(first, last + 1).some(switchesBank)) return null;
  for (let at = program.next[last]!; at >= 0 && !isEntered(at); at = program.next[at]!) {
    if (switchesBank(instructions[at]!)) return null;
    const site = siteAt(at);
    if (site !== undefined && !isPlain(site)) return site;
    const { effects } = instructions[at]!;
    if (!effects.known || effects.branch !== null || mayMiss(effects)) return null;
    for (const resource of effects.reads) between.read.add(resource);
    for (const resource of effects.writes) between.written.add(resource);
  }
  return null;
}

/** Behind such an instruction r16-r31 are other registers. */
function switchesBank({ statement }: ProgramInstruction): boolean {
  return statement.kind === 'instruction' && bankSetBy(statement.mnemonic) !== null;
}

/** Whether an instruction may take a fault of the TLB, whose handler changes registers where psr.ic is 0. */
function mayMiss({ form, readsMemory, writesMemory }: Effects): boolean {
  return readsMemory || writesMemory || isOfClass(form, 'non-access');
}

/**
 * Whether no `#if`, and no directive of the assembler, decides that one of two sites is there without the other. Macros between them
 * are met with each of their definitions, so all that these can be is seen.
 */
function areTogether({ surroundings: before }: Site, { surroundings: behind }: Site): boolean {
  if (before.siblings !== behind.siblings || before.index >= behind.index) return false;
  const between = before.siblings.slice(before.index + 1, behind.index);
  return between.every(({ kind }) => kind === 'instruction' || kind === 'macroCall' || kind === 'stop');
}
