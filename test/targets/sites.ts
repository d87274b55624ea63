/** Sites to try an operation at: operands, scratch registers and predicates. */
import fc from 'fast-check';
import { type BodyArguments, expandBody } from '../../src/expand/body.ts';
import { scratchNeeds, type Target } from '../../src/expand/target.ts';
import type { Operation } from './targets.ts';

/** r8-r11 are Xen's, r16-r31 the banks', r32 and up the frame's; r9 and r8 are where most goes wrong. */
const GENERAL = ['r8', 'r9', 'r8', 'r9', 'r10', 'r2', 'r14', 'r16', 'r27', 'r31', 'r32', 'r127'];
/** Masks of the kernel, and others that mix what Xen has and what it does not have. */
const MASKS = [
  ...['0x2000', '0x4000', '0x6000', '0x2008', '0x20000', '0x4002', '0x8', '0x38', '0x3a'],
  ...['0x26000', '0x22008', '0x6038', '0x80000', '0x82000', '0x84002', '0x8e008', '0x8004', '0x24000'],
];

export interface Site {
  readonly site: BodyArguments;
  /** Whether the predicates are true, for those that are not p0. */
  readonly holds: boolean;
  readonly seed: number;
}

const predicate = fc.constantFrom('p0', 'p6', 'p15');

function operand(name: string): fc.Arbitrary<string> {
  if (name === 'mask2') return fc.constant('0x4000');
  if (name === 'mask') return fc.constantFrom(...MASKS);
  if (name === 'n') return fc.integer({ min: 0, max: 7 }).map((number) => `ar.k${number}`);
  return name === 'd' ? fc.constantFrom(...GENERAL) : fc.constantFrom(...GENERAL, 'r0');
}

/** Random sites of an operation; the target may refuse some, which is for the caller to see. */
export function siteOf(operation: Operation, target: Target): fc.Arbitrary<Site> {
  const needs = scratchNeeds(target, operation.name);
  const scratch = fc.tuple(
    fc.uniqueArray(fc.constantFrom(...new Set(GENERAL), 'r3'), { minLength: 0, maxLength: needs.gr }),
    fc.uniqueArray(fc.constantFrom('p7', 'p14', 'p63'), { minLength: needs.pr, maxLength: needs.pr }),
  );
  return fc
    .record({
      predicates: fc.tuple(...operation.predicates.map(() => predicate)),
      operands: fc.tuple(...operation.slots.map((slot) => operand(slot.name))),
      scratch,
      holds: fc.boolean(),
      seed: fc.integer({ min: 0, max: 1 << 20 }),
    })
    .map(({ predicates, operands, scratch: [general, flags], holds, seed }) => ({
      site: { predicates, breg: 'b6', operands, scratch: [...general, ...flags] },
      holds,
      seed,
    }));
}

/** Sites at which the target has a body. */
export function servedSite(operation: Operation, target: Target): fc.Arbitrary<Site> {
  return siteOf(operation, target).filter(({ site }) => {
    const body = expandBody(target, operation.name, site);
    if (body.kind === 'broken') throw new Error(`${operation.name}: ${body.diagnostics[0]!.message}`);
    return body.kind === 'body';
  });
}
