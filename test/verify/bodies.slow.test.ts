/** Every body of target xen beside the instruction that it replaces; and the judge: what wrong bodies it lets pass. */
import { describe, expect, test } from 'vitest';
import { expandBody } from '../../src/expand/body.ts';
import type { BodyItem } from '../../src/expand/body-item.ts';
import { inDemandedSlots } from '../../src/expand/demanded-slots.ts';
import type { CanonicalArguments } from '../../src/expand/problems.ts';
import { everyShape } from '../../src/expand/shapes.ts';
import type { Operation } from '../../src/project/operations.ts';
import { judgeBody, verifyBodies } from '../../src/verify/bodies.ts';
import { type PlantedFault, plantedFaults } from './faults.ts';
import { contractOf, served, xen } from './support.ts';

const contract = contractOf();
const named = served.map((operation) => [operation.name, operation] as const);

describe('every body does what its instruction does', () => {
  test.each(named)('%s', (_, operation) => {
    const { bodies, failures } = verifyBodies(xen, operation, contract, { states: 6, seed: 1, failures: 1 });
    expect(failures).toEqual([]);
    expect(bodies).toBeGreaterThan(0);
  });
});

/** A few sites of an operation with bodies of different lengths. */
function sitesOf(operation: Operation, count: number): { site: CanonicalArguments; items: readonly BodyItem[] }[] {
  const found = new Map<string, { site: CanonicalArguments; items: readonly BodyItem[] }>();
  for (const site of everyShape(operation, xen.macros.get(operation.name)!)) {
    if (site.operands.includes('r0') || site.predicates?.includes('p0')) continue;
    const body = expandBody(xen, operation.name, site);
    if (body.kind !== 'body') continue;
    const key = `${body.instructions} ${body.stops}`;
    if (!found.has(key)) found.set(key, { site, items: inDemandedSlots(body.items, xen.hypercalls) });
    if (found.size === count) break;
  }
  return [...found.values()];
}

const linesOf = (items: readonly BodyItem[]): string[] =>
  items.map((item) => (item.kind === 'stop' ? ';;' : item.text));
const itemsOf = (lines: readonly string[]): BodyItem[] =>
  lines.map((text): BodyItem => {
    if (text === ';;') return { kind: 'stop' };
    return /^[.{}]/.test(text) ? { kind: 'directive', text } : { kind: 'instruction', text, comment: '' };
  });

function isCaught(operation: Operation, site: CanonicalArguments, { lines }: PlantedFault): boolean {
  try {
    return (
      judgeBody(operation, site, itemsOf(lines), contract, { states: 100, seed: 1, failures: 1 }).failures.length > 0
    );
  } catch {
    return true; // it cannot even be executed, and the run says so
  }
}

/** Hypercalls that do nothing but put something into r8. */
const QUESTIONS = /^\(p\d+\) break\.\w (?:9|0x9|0x19)$/;

/** Faults that change nothing: what is executed in vain where the predicate is false writes only scratch registers. */
function isEquivalent({ kind, what }: PlantedFault, { scratch }: CanonicalArguments): boolean {
  if (kind !== 'predicate lost') return false;
  const line = what.replace(/ at \d+$/, '');
  const written = /^\(p\d+\) (?:mov|add|sub|ld\d) (\w+)=/.exec(line)?.[1];
  return written === undefined ? QUESTIONS.test(line) && scratch.includes('r8') : scratch.includes(written);
}

describe('a fault in a body is found', () => {
  test.each(named)('%s', (_, operation) => {
    const missed = sitesOf(operation, 2).flatMap(({ site, items }) =>
      plantedFaults(linesOf(items))
        .filter((fault) => !isEquivalent(fault, site) && !isCaught(operation, site, fault))
        .map(({ kind, what }) => `${kind}: ${what} of ${linesOf(items).join(' ')}`),
    );
    expect(missed).toEqual([]);
  });
});
