/** Holds a claim "these registers are free here" against executions: with and without those registers destroyed. */
import { type Execution, execute, type Style } from './machine.ts';
import {
  type Configuration,
  configurations,
  type Entry,
  type Layout,
  layout,
  type Placed,
  type Program,
  type Register,
} from './program.ts';

/** The registers that are claimed to be free at an instruction; undefined where nothing is claimed. */
export type Claim = (placed: Placed) => readonly Register[] | undefined;

export interface Wrong {
  readonly configuration: string;
  readonly seed: number;
  readonly style: Style;
  readonly site: Placed;
  readonly register: Register;
  /** The first event that differs: without and with the register destroyed. */
  readonly expected: string;
  readonly actual: string;
  /** Undisturbed, the program ends where it should: with its caller, or with the interrupted code. */
  readonly proper: boolean;
}

/** One start state for each way to destroy. */
const STYLES: readonly Style[] = ['other', 'nat', 'true', 'false'];

export interface Judgement {
  readonly wrong: Wrong | null;
  /** How often control passed a place with registers to destroy, over all executions. */
  readonly passed: number;
}

export function judge(program: Program, claim: Claim, seed: number): Judgement {
  let passed = 0;
  for (const configuration of configurations(program)) {
    const code = layout(program, configuration);
    const free = new Map(code.code.map((placed, at) => [at, claim(placed)]));
    for (const entry of program.entries) {
      for (const [number, style] of STYLES.entries()) {
        const start = seed * STYLES.length + number;
        const without = execute(code, entry, start);
        for (const at of without.reached) if ((free.get(at)?.length ?? 0) > 0) passed++;
        const destroyed = execute(code, entry, start, { at: (at) => free.get(at), style });
        if (differenceOf(without, destroyed) === undefined) continue;
        return { wrong: culprit({ code, entry, start, style, configuration }, free, without), passed };
      }
    }
  }
  return { wrong: null, passed };
}

interface Circumstances {
  readonly code: Layout;
  readonly entry: Entry;
  readonly start: number;
  readonly style: Style;
  readonly configuration: Configuration;
}

/** The first single register at a single place that makes a difference; if it takes several, the first of all. */
function culprit(
  { code, entry, start, style, configuration }: Circumstances,
  free: ReadonlyMap<number, readonly Register[] | undefined>,
  without: Execution,
): Wrong {
  const claims = [...free].flatMap(([at, registers]) =>
    without.reached.has(at) ? (registers ?? []).map((register) => ({ at, register })) : [],
  );
  const tell = (at: number, register: Register, difference: readonly [string, string]): Wrong => ({
    configuration: [...configuration.keys()].map((name) => `-D${name}`).join(' '),
    seed: start,
    style,
    site: code.code[at]!,
    register,
    expected: difference[0],
    actual: difference[1],
    proper: !without.unfinished && /^(br\S* a000000000000010|rfi|register NaT) /.test(`${without.trace.at(-1)} `),
  });
  for (const { at, register } of claims) {
    const destroyed = execute(code, entry, start, { at: (other) => (other === at ? [register] : undefined), style });
    const difference = differenceOf(without, destroyed);
    if (difference !== undefined) return tell(at, register, difference);
  }
  const all = execute(code, entry, start, { at: (at) => free.get(at), style });
  return tell(claims[0]!.at, claims[0]!.register, differenceOf(without, all)!);
}

/** The first events that differ; where an execution ran out of fuel, as far as it came. */
function differenceOf(one: Execution, other: Execution): readonly [string, string] | undefined {
  const length = Math.max(one.trace.length, other.trace.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [one.trace[at], other.trace[at]];
    if (a === b) continue;
    if ((a === undefined && one.unfinished) || (b === undefined && other.unfinished)) return undefined;
    return shortened(a ?? 'nothing', b ?? 'nothing');
  }
  return undefined;
}

/** Of two events that show many registers, those that differ. */
function shortened(a: string, b: string): readonly [string, string] {
  const [left, right] = [a.split(' '), b.split(' ')];
  if (left.length !== right.length || left.length < 4) return [a, b];
  const differs = left.map((word, at) => word !== right[at] || at === 0);
  return [left.filter((_, at) => differs[at]).join(' '), right.filter((_, at) => differs[at]).join(' ')];
}
