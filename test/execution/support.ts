/** Small programs, run on the machine of src/execution. */
import { layOut, type Program } from '../../src/analysis/program/program.ts';
import { AddressSpace } from '../../src/execution/addresses.ts';
import { type Image, makeImage } from '../../src/execution/image.ts';
import { NATIVE } from '../../src/execution/instruction.ts';
import { Machine } from '../../src/execution/machine.ts';
import { run } from '../../src/execution/run.ts';
import type { ExecutionExit } from '../../src/execution/signals.ts';
import { World } from '../../src/execution/world.ts';
import { parseTokens } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { tokenize } from '../../src/syntax/tokenize.ts';

export function programOf(text: string): Program {
  const tokens = tokenize(new SourceText('<test>', text));
  return layOut(parseTokens(tokens).statements, tokens);
}

export interface Ran {
  readonly machine: Machine;
  readonly image: Image;
  readonly exit: ExecutionExit;
}

const images = new Map<string, Image>();

/** The image of lines up to a branch to `done`; a run changes nothing of it. */
function imageOf(text: string): Image {
  const image =
    images.get(text) ?? makeImage(programOf(`${text}\n;;\nbr.sptk.many done\n`), new AddressSpace(), NATIVE);
  images.set(text, image);
  return image;
}

/** Runs lines up to a branch to `done`, from a state that `prepare` makes. */
export function execute(text: string, prepare: (machine: Machine) => void = () => undefined, steps = 1000): Ran {
  const image = imageOf(text);
  const machine = new Machine(new World(1, []), new Map(), [], image.data);
  machine.pr[0] = 1;
  machine.sof = 96;
  prepare(machine);
  const exit = run(machine, image, 0, { steps });
  return { machine, image, exit };
}

/** What an instruction puts into r8, its operands being r9 and r10. */
export function result(
  instruction: string,
  r9 = 0n,
  r10 = 0n,
  nats: readonly number[] = [],
): { value: bigint; nat: boolean } {
  const { machine } = execute(instruction, (prepared) => {
    prepared.gr[9] = r9;
    prepared.gr[10] = r10;
    for (const register of nats) prepared.marks[register] = 1;
  });
  return { value: machine.gr[8]!, nat: machine.marks[8] === 1 };
}

/** p6 and p7 behind a compare whose operands are r9 and r10. */
export function predicates(
  instruction: string,
  r9: bigint,
  r10: bigint,
  before: readonly [0 | 1, 0 | 1] = [0, 0],
): string {
  const { machine } = execute(instruction, (prepared) => {
    prepared.gr[9] = r9;
    prepared.gr[10] = r10;
    [prepared.pr[6], prepared.pr[7]] = before;
  });
  return `${machine.pr[6]}${machine.pr[7]}`;
}
