/**
 * The serialization at the end of a fused run (`ssm psr.ic ;; srlz.i`) also serializes writes before the run. A body that needs no
 * serialization leaves it out; where earlier writes may need it, it is kept after the body. It is not privileged.
 */
import type { Program } from '../analysis/program/program.ts';
import { type PendingBefore, pendingBefore, type SerializationEffect } from '../dependencies/pending.ts';
import type { Effects } from '../machine/effects.ts';
import { awaitedBy, NOTHING, serializedBy } from '../machine/serialization.ts';
import type { Unit } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import { derived, type Expansion, textItems } from './expansion.ts';
import { NO_HYPERCALLS } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';

/** By site: the serializing instruction that is kept after its expansion. */
export type KeptSerializations = ReadonlyMap<Site, string>;

const NONE: KeptSerializations = new Map();

/** The sites whose bodies leave out a serialization that an earlier write may need. */
export function keptSerializations(expansions: ReadonlyMap<Site, Expansion>): KeptSerializations {
  const dropped = new Map<Site, string>();
  for (const [site, expansion] of expansions) {
    const instruction = droppedBy(site, expansion);
    if (instruction !== null) dropped.set(site, instruction);
  }
  if (dropped.size === 0) return NONE;
  const pending = pendingIn(expansions);
  const kept = new Map<Site, string>();
  for (const [site, instruction] of dropped) {
    // Before a site without instances there may be any code.
    const isNeeded =
      site.instances.length === 0 || site.instances.some(({ unit, first }) => pending(unit)[first] !== NOTHING);
    if (isNeeded) kept.set(site, instruction);
  }
  return kept;
}

/** An expansion with a serializing instruction after it. */
export function withSerialization(expansion: Expansion, instruction: string): Expansion {
  const behind = textItems(instruction);
  const more = derived(behind, behind, NO_HYPERCALLS);
  return {
    ...expansion,
    items: [...expansion.items, { kind: 'stop' }, ...more.items],
    canonical: [...expansion.canonical, { kind: 'stop' }, ...more.canonical],
    groups: [...expansion.groups, ...more.groups],
    instructions: expansion.instructions + more.instructions,
    stops: expansion.stops + 1,
    slots: expansion.slots + more.slots,
  };
}

/** The serializing instruction at the end of a run if the body has none; else null. */
function droppedBy({ operation }: Site, { kind, groups }: Expansion): string | null {
  const last = operation.parts.at(-1)!;
  if (kind !== 'inPlace' || operation.parts.length < 2 || !last.afterStop || last.operands.length > 0) return null;
  const instruction = operation.native.slice(operation.native.lastIndexOf(' ;; ') + ' ;; '.length);
  const serializes = serializedBy(bodyInstruction(instruction).effects);
  const isThere = groups.at(-1)!.some((effects) => (serializedBy(effects) & serializes) === serializes);
  return serializes === NOTHING || isThere ? null : instruction;
}

function pendingIn(expansions: ReadonlyMap<Site, Expansion>): (unit: Unit) => PendingBefore {
  const standIns = new Map<number, Map<number, SerializationEffect>>();
  for (const [site, expansion] of expansions) {
    if (expansion.kind === 'native' || expansion.kind === 'trap') continue;
    for (const { unit, first, last } of site.instances) {
      let steps = standIns.get(unit.id);
      if (steps === undefined) {
        steps = new Map();
        standIns.set(unit.id, steps);
      }
      addSteps(steps, unit.analysis.program, first, last, expansion);
    }
  }
  const units = new Set([...expansions.keys()].flatMap(({ instances }) => instances.map(({ unit }) => unit)));
  const isConditional = conditionalSerializations(units);
  const found = new Map<number, PendingBefore>();
  return (unit) => {
    let pending = found.get(unit.id);
    if (pending === undefined) {
      const { program } = unit.analysis;
      const steps = standIns.get(unit.id);
      pending = pendingBefore(program, (at) => {
        const step = steps?.get(at) ?? nativeStep(program.instructions[at]!.effects);
        return step.serializes !== NOTHING && isConditional(unit, at) ? { ...step, serializes: NOTHING } : step;
      });
      found.set(unit.id, pending);
    }
    return pending;
  };
}

/**
 * Replaces the steps of a site's instructions by those of its body, which count at the site's first instruction. The run's
 * serialization still counts at its end: it is left out only where nothing needs it.
 */
function addSteps(
  steps: Map<number, SerializationEffect>,
  program: Program,
  first: number,
  last: number,
  expansion: Expansion,
): void {
  const awaits = expansion.groups.flat().reduce((bits, effects) => bits | awaitedBy(effects), NOTHING);
  for (let at = first; at >= 0 && at <= last; at = program.next[at]!)
    steps.set(at, {
      serializes: serializedBy(program.instructions[at]!.effects),
      awaits: at === first ? awaits : NOTHING,
    });
}

function nativeStep(effects: Effects): SerializationEffect {
  return { serializes: serializedBy(effects), awaits: awaitedBy(effects) };
}

/**
 * A test for serializations that some configuration of a source does not have: in that configuration a path does not meet them, so
 * they are not relied on.
 */
function conditionalSerializations(units: ReadonlySet<Unit>): (unit: Unit, instruction: number) => boolean {
  const counts = new Map<string, number>();
  const runs = new Map<string, number>();
  const keys = new Map<Unit, Map<number, string>>();
  for (const unit of units) {
    runs.set(unit.source.name, (runs.get(unit.source.name) ?? 0) + 1);
    const own = serializationsOf(unit);
    keys.set(unit, own);
    for (const key of own.values()) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return (unit, instruction) => {
    const key = keys.get(unit)?.get(instruction);
    return key !== undefined && counts.get(key)! < runs.get(unit.source.name)!;
  };
}

/** By instruction: a key for its serialization that is the same in every configuration of the source. */
function serializationsOf({ source, analysis }: Unit): Map<number, string> {
  const named = new Map<number, string>();
  const repeated = new Map<string, number>();
  for (const { index, effects, file, start, use } of analysis.instructions) {
    if (serializedBy(effects) === NOTHING) continue;
    let key = `${source.name}|${file.name}:${start}`;
    for (let step = use; step !== null; step = step.parent) key += `|${step.file.name}:${step.start}`;
    const count = repeated.get(key) ?? 0;
    repeated.set(key, count + 1);
    named.set(index, `${key}#${count}`);
  }
  return named;
}
