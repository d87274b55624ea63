/** All programs, by kind and by what they are about. */
import { AFRESH } from './afresh.ts';
import { CALLER } from './caller.ts';
import { CONVENTIONS_KEPT } from './conventions.ts';
import { FRAMES } from './frames.ts';
import { HANDED } from './handed.ts';
import { INTERRUPTED } from './interrupted.ts';
import { LEFT, LINKED } from './left.ts';
import { MODES } from './modes.ts';
import { PARTS } from './parts.ts';
import { PREDICATES } from './predicates.ts';
import { REALITY } from './reality.ts';
import { RECALLED } from './recalled.ts';
import { STATEMENTS } from './statements.ts';

export const KINDS = {
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
