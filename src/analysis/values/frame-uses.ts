/** Uses of stacked registers against the frame that is known to be current. Requires: the graph. */
import { type Bank, isStacked, registerName, registerOf, STACKED_REGISTERS } from '../../machine/register-numbers.ts';
import { type FrameSize, knownFrames } from '../flow/frames.ts';
import type { Solution } from '../liveness/program-points.ts';

export interface FrameUse {
  readonly instruction: number;
  readonly register: string;
  /** Registers that the frame has. */
  readonly size: number;
}

export interface FrameUses {
  /** Reads and writes of registers that the frame does not have. */
  readonly uses: readonly FrameUse[];
  /** Frames that instructions make. */
  readonly allocations: readonly { readonly instruction: number; readonly frame: FrameSize }[];
}

export function frameUses({ program, flow, graph }: Solution): FrameUses {
  const frames = knownFrames(program, flow, graph);
  const uses = new Map<string, FrameUse>();
  const allocations = new Map<number, FrameSize>();
  const note = (index: number, resources: readonly number[], bank: Bank, frame: FrameSize | null): void => {
    for (let at = 0; frame !== null && at < resources.length; at++) {
      const register = registerOf[bank][resources[at]!]!;
      if (register < 0 || !isStacked(register) || STACKED_REGISTERS.indexOf(register) < frame.size) continue;
      const name = registerName(register);
      uses.set(`${index} ${name}`, { instruction: index, register: name, size: frame.size });
    }
  };
  for (const node of graph.nodes) {
    let frame = frames.entry[node.id] ?? null;
    for (const { index, effects } of node.code) {
      const before = frame;
      frame = frames.after(index, frame);
      if (frame !== before && frame !== null && frame.size > 0) allocations.set(index, frame);
      if (!effects.known) continue;
      note(index, effects.reads, node.bank, before);
      // A new frame is made before its instruction writes its result.
      note(index, effects.writes, node.bank, frame);
    }
  }
  return {
    uses: [...uses.values()].sort((a, b) => a.instruction - b.instruction),
    allocations: [...allocations].map(([instruction, frame]) => ({ instruction, frame })),
  };
}
