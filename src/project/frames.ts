/** The register frame that names like `loc0` mean at an instruction. Requires: a unit. */
import { Names } from '../analysis/program/names.ts';
import type { RegisterFrame } from '../machine/naming.ts';
import type { Unit } from './units.ts';

const known = new WeakMap<Unit, readonly (RegisterFrame | null)[]>();

/** The register frame in front of each instruction, as the assembler sees it: that of the last `alloc` in the text. */
export function framesOf(unit: Unit): readonly (RegisterFrame | null)[] {
  let frames = known.get(unit);
  if (frames === undefined) {
    frames = readFrames(unit);
    known.set(unit, frames);
  }
  return frames;
}

function readFrames({ analysis }: Unit): readonly (RegisterFrame | null)[] {
  const names = new Names();
  const frames: (RegisterFrame | null)[] = [];
  analysis.program.statements.forEach((statement, at) => {
    const instruction = analysis.instructionOf(at);
    if (instruction >= 0) frames[instruction] = names.frame;
    names.follow(statement, at);
  });
  return frames;
}
