/** Makes programs, asks for what is free in them, judges the answers and tells of what is wrong. */
import { generate, KINDS, type Kind } from './generate.ts';
import { isBranch, isSite, spell } from './instructions.ts';
import { type Claim, type Judgement, judge, type Wrong } from './judge.ts';
import { type Printed, print } from './print.ts';
import { configurations, type Instruction, layout, type Program } from './program.ts';
import { type Answer, ask } from './pvasm.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

/** The program of a seed, of a few kinds that the seed decides, out of those given. */
export function programOf(seed: number, kinds: readonly Kind[] = KINDS): Program {
  const random = new Random(seed ^ 0x5eed);
  return generate(seed, random.some(kinds, 1 + random.below(4)));
}

/** What the tool claims about a printed program. */
export function claimOf(program: Program, { lines }: Printed, { sites, everywhere }: Answer): Claim {
  const instances = new Map<number, number>();
  const shared = crowded(lines, () => true);
  const unclear = crowded(lines, isSite);
  if (everywhere !== null) {
    for (const { source } of layout(program, configurations(program)[0]!).code) {
      const line = lines.get(source);
      if (line !== undefined) instances.set(line, (instances.get(line) ?? 0) + 1);
    }
  }
  return ({ source, instance }) => {
    const line = lines.get(source);
    if (line === undefined || unclear.has(line)) return undefined;
    const site = isSite(source) ? (sites.get(line) ?? []) : [];
    const there = everywhere?.get(line);
    if (
      there === undefined ||
      shared.has(line) ||
      there.length !== instances.get(line) ||
      (isBranch(source) && source.op !== 'rfi')
    )
      return site;
    return [...new Set([...site, ...there[instance]!])];
  };
}

/** Lines with several such instructions: which answer is for which is not known. */
function crowded(lines: Printed['lines'], such: (instruction: Instruction) => boolean): ReadonlySet<number> {
  const seen = new Set<number>();
  const several = new Set<number>();
  for (const [instruction, line] of lines) if (such(instruction)) (seen.has(line) ? several : seen).add(line);
  return several;
}

export function judgeAnswers(program: Program, seed: number): Judgement {
  const printed = print(program);
  return judge(program, claimOf(program, printed, ask(printed.text)), seed);
}

/** A program that ends properly is to do so when it is small, too: else it would fail in another way. */
function fails(program: Program, seed: number, proper: boolean): boolean {
  const { wrong } = judgeAnswers(program, seed);
  return wrong !== null && (wrong.proper || !proper);
}

export interface Finding {
  readonly seed: number;
  readonly program: Program;
  readonly text: string;
  readonly wrong: Wrong;
}

/** Judges the program of a seed; a failure comes back as small as it gets. */
export function examine(
  seed: number,
  program: Program = programOf(seed),
  small = true,
): { finding: Finding | null; passed: number } {
  const judged = judgeAnswers(program, seed);
  if (judged.wrong === null) return { finding: null, passed: judged.passed };
  const smallest = small ? shrink(program, (candidate) => fails(candidate, seed, judged.wrong!.proper)) : program;
  const wrong = judgeAnswers(smallest, seed).wrong ?? judged.wrong;
  return { finding: { seed, program: smallest, text: print(smallest).text, wrong }, passed: judged.passed };
}

export function describe({ seed, program, text, wrong }: Finding): string {
  const { site, register, style, configuration, expected, actual } = wrong;
  const line = print(program).lines.get(site.source);
  return [
    `seed ${seed} (${program.kinds.join(', ')}): ${register} is called free at line ${line}, ${spell(site.instruction, (name) => name)}`,
    `start state ${wrong.seed}, destroyed with '${style}'${configuration === '' ? '' : `, ${configuration}`}`,
    `  without: ${expected.slice(0, 300)}`,
    `  with:    ${actual.slice(0, 300)}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((each, at) => `${String(at + 1).padStart(4)} ${each}`),
  ].join('\n');
}
