/** Faults of the kinds that the histories of kernels hold, in programs of our own, each beside one that is right. */
import { describe, expect, test } from 'vitest';
import { AFRESH } from './history/afresh.ts';
import { CALLER } from './history/caller.ts';
import { CONVENTIONS_KEPT } from './history/conventions.ts';
import { FRAMES } from './history/frames.ts';
import { HANDED } from './history/handed.ts';
import { INTERRUPTED } from './history/interrupted.ts';
import { LEFT, LINKED } from './history/left.ts';
import { MODES } from './history/modes.ts';
import { PARTS } from './history/parts.ts';
import { PREDICATES } from './history/predicates.ts';
import { expected, found } from './history/program.ts';
import { REALITY } from './history/reality.ts';
import { RECALLED } from './history/recalled.ts';
import { STATEMENTS } from './history/statements.ts';

const KINDS = {
  'what the interrupted code had comes back': INTERRUPTED,
  'what comes back from parts of handlers': PARTS,
  'what the caller had comes back': CALLER,
  'predicates are written before they decide': PREDICATES,
  'registers handed to C': HANDED,
  'what routines leave behind': LEFT,
  'jumps that are calls, and locals': LINKED,
  'modes along the flow': MODES,
  'frames and returns': FRAMES,
  'in the shapes of kernels': REALITY,
  'as histories tell of them': RECALLED,
  'as their authors would write them today': AFRESH,
  'what conventions promise': CONVENTIONS_KEPT,
  'stops, stores, ends of routines, conventions': STATEMENTS,
};

describe.each(Object.entries(KINDS))('%s', (_, programs) => {
  test.each(Object.entries(programs))('%s', (_, program) => {
    expect(found(program)).toEqual(expected(program));
  });
});
