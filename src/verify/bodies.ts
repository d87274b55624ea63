/** Proof by execution of a target's bodies: each in every shape of its assignment, beside the instruction it replaces. */

import frame from '../../grammar/body-frame.tsv';
import { layOut, type Program } from '../analysis/program/program.ts';
import { AddressSpace } from '../execution/addresses.ts';
import { compileTerm } from '../execution/compile.ts';
import { type Image, makeImage } from '../execution/image.ts';
import { NATIVE } from '../execution/instruction.ts';
import type { Machine } from '../execution/machine.ts';
import { hex } from '../execution/memory.ts';
import { parseTerm } from '../execution/notation.ts';
import { PSR } from '../execution/psr.ts';
import { Undefined, Unexecutable } from '../execution/signals.ts';
import { registerState, type StateField } from '../execution/state.ts';
import { Random, World } from '../execution/world.ts';
import { bodyTemplate, expandBody, withoutKernelRegister } from '../expand/body.ts';
import type { BodyItem } from '../expand/body-item.ts';
import { inDemandedSlots } from '../expand/demanded-slots.ts';
import type { CanonicalArguments } from '../expand/problems.ts';
import { everyShape } from '../expand/shapes.ts';
import type { Target, TargetMacro } from '../expand/target.ts';
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { numberOfName } from '../machine/register-classes.ts';
import { tableRows } from '../machine/tsv.ts';
import type { Operation } from '../project/operations.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Contract } from './contract.ts';
import { inLockstep, type Rules } from './lockstep.ts';
import { Beginning, Beginnings } from './machines.ts';
import { startState } from './start.ts';

export interface BodyFailure {
  readonly site: CanonicalArguments;
  readonly seed: number;
  readonly reasons: readonly string[];
  readonly native: string;
  readonly body: string;
}

export interface BodyJudgement {
  readonly operation: Operation;
  /** Bodies that were tried: shapes whose registers the macro does not tell apart share one. */
  readonly bodies: number;
  readonly states: number;
  /** States in which the native instruction itself faults because of its operands, or is undefined. */
  readonly skipped: number;
  readonly failures: readonly BodyFailure[];
}

export interface BodyEffort {
  /** How many states each body is compared in, undefined ones not counted, and the seed of the first. */
  readonly states: number;
  readonly seed: number;
  readonly failures: number;
}

const DONE = '__behind_the_site';
const FRAME = 96;
const STEPS = 2000;
/** States that are tried for each that is asked for. */
const MOST_TRIED = 8;
/** Of the psr of a kernel, these bits decide how an operation goes. */
const VARIED = PSR.ic | PSR.i | PSR.dt | PSR.be;

/** Judges all bodies of a target for one operation. */
export function verifyBodies(
  target: Target,
  operation: Operation,
  contract: Contract | null,
  effort: BodyEffort,
): BodyJudgement {
  const macro = target.macros.get(operation.name);
  const failures: BodyFailure[] = [];
  const counts = { bodies: 0, states: 0, skipped: 0 };
  const seen = new Set<unknown>();
  for (const site of macro === undefined ? [] : everyShape(operation, macro)) {
    const template = bodyTemplate(target, operation.name, site);
    if (template.kind !== 'open' || seen.has(template)) continue;
    seen.add(template);
    const body = expandBody(target, operation.name, site);
    if (body.kind !== 'body') continue;
    counts.bodies++;
    const judged = inTarget(target, macro!, () =>
      judgeBody(operation, site, inDemandedSlots(body.items, target.hypercalls), contract, {
        ...effort,
        failures: effort.failures - failures.length,
      }),
    );
    counts.states += judged.states;
    counts.skipped += judged.skipped;
    failures.push(...judged.failures);
    if (failures.length >= effort.failures) break;
  }
  return { operation, ...counts, failures };
}

/** Moves an error about an instruction of an expansion to the macro, as the expansion's text is in no file. */
function inTarget<Result>({ file }: Target, { operation, place }: TargetMacro, judge: () => Result): Result {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof Unexecutable)) throw error;
    throw new Unexecutable(`${operation.name}: ${error.message}`, { file, ...place });
  }
}

/** Judges one body for one site; the items may be another body than the target's own. */
export function judgeBody(
  operation: Operation,
  site: CanonicalArguments,
  items: readonly BodyItem[],
  contract: Contract | null,
  effort: BodyEffort,
): Pick<BodyJudgement, 'states' | 'skipped' | 'failures'> {
  const space = new AddressSpace();
  const native = nativeText(operation, site);
  const body = bodyText(items);
  const source = makeImage(programOf(native), space, NATIVE);
  const here = programOf(body);
  const image = makeImage(here, space, contract?.platform ?? NATIVE, {
    image: source,
    foreign: new Uint8Array(here.instructions.length).fill(1),
  });
  const assumed = assumption(operation, site, contract);
  const scratch = new Set(site.scratch.map(String));
  const failures: BodyFailure[] = [];
  let skipped = 0;
  let states = 0;
  const guards = (site.predicates ?? []).map((name) => numberOfName(String(name)));
  const most = effort.states * MOST_TRIED;
  for (; states < most && states - skipped < effort.states && failures.length < effort.failures; states++) {
    const seed = effort.seed + states;
    const reasons = judgeState(source, image, { contract, assumed, scratch, guards, seed });
    if (reasons === null) skipped++;
    else if (reasons.length > 0) failures.push({ site, seed, reasons, native, body });
  }
  return { states, skipped, failures };
}

interface BodyState {
  readonly contract: Contract | null;
  readonly assumed: (machine: Machine) => boolean;
  readonly scratch: ReadonlySet<string>;
  /** Numbers of the site's own predicates. */
  readonly guards: readonly number[];
  readonly seed: number;
}

/** The differences from one state; null where the native instruction is undefined in it. */
function judgeState(
  source: Image,
  image: Image,
  { contract, assumed, scratch, guards, seed }: BodyState,
): readonly string[] | null {
  const begun = beginning(seed, source.code.constants, guards);
  const native = { image: source, machine: begun.processor(source.data, contract?.pinned ?? []), at: 0 };
  if (!assumed(native.machine)) return null;
  const guest = { image, machine: begun.guest(contract, image.data), at: 0, excusedAt: () => scratch };
  const [verdict] = inLockstep(native, [guest], RULES);
  if (verdict!.kind === 'refused') throw verdict!.error;
  if (verdict!.kind === 'different') return verdict!.reasons;
  return verdict!.kind === 'equal' ? [] : null;
}

const RULES: Rules = { steps: STEPS, exits: 0, returnsThrough: () => 0, nameOf: hex };

const begun = new Beginnings();

/** @param guards numbers of the site's own predicates */
function beginning(seed: number, constants: readonly bigint[], guards: readonly number[]): Beginning {
  const random = new Random(seed ^ 0x5bd1e995);
  const varied = random.word() & VARIED;
  // More states with psr.dt on and psr.be off: most code runs so.
  const set = (varied & ~PSR.be) | (random.chance(3) ? 0n : PSR.dt) | (random.chance(6) ? PSR.be : 0n);
  const bank = random.chance(2) ? 0 : 1;
  // With the predicate off a body must do nothing: one state in three tests that.
  const on = random.chance(3) ? guards : [];
  return begun.at(`${seed} ${on} ${constants}`, () => {
    const world = new World(seed, constants);
    const drawn = startState(world, 'vector', { set, clear: VARIED & ~set, bank, sof: FRAME });
    const predicates = drawn.predicates.map((holds, at) => holds || on.includes(at));
    return new Beginning(world, { ...drawn, predicates, arrivesIn: 0 });
  });
}

function assumption(operation: Operation, { operands }: CanonicalArguments, contract: Contract | null) {
  const text = contract?.assumes.get(operation.name) ?? contract?.assumes.get('*');
  if (text === undefined) return () => true;
  const values = new Map<string, StateField | bigint>(
    operation.slots.map(({ name, kind }, at): [string, StateField | bigint] => {
      const operand = String(operands[at]);
      if (kind === 'immediate') return [name, BigInt(operand)];
      return [name, registerState('gr', Number(operand.replace(/\D/g, '')))!];
    }),
  );
  const holds = compileTerm(parseTerm(text), values);
  return (machine: Machine): boolean => {
    machine.marksRead = 0;
    try {
      return holds(machine) === 1n;
    } catch (error) {
      if (error instanceof Undefined) return false;
      throw error;
    }
  };
}

/** The instruction, or run, with its operands; then control goes on. */
function nativeText(operation: Operation, { operands, predicates = [] }: CanonicalArguments): string {
  let text = operation.native;
  operation.slots.forEach(({ name }, at) => {
    text = text.replaceAll(`{${name}}`, withoutKernelRegister(String(operands[at])));
  });
  operation.predicates.forEach((name, at) => {
    text = text.replaceAll(`{${name}}`, String(predicates[at] ?? TRUE_PREDICATE));
  });
  const guard = predicates[0] === undefined || text.includes('(') ? '' : `(${String(predicates[0])}) `;
  const lines = text.split(/ (;;?) /).map((part) => (part === ';;' ? part : part === ';' ? '' : `${guard}${part}`));
  return framed(lines);
}

function bodyText(items: readonly BodyItem[]): string {
  return framed(items.map((item) => (item.kind === 'stop' ? ';;' : item.text)));
}

function framed(lines: readonly string[]): string {
  const around = (part: string): string[] =>
    tableRows(frame).flatMap(([where, text]) => (where === part ? [text!.replace('{exit}', DONE)] : []));
  return [...around('before'), ...lines, ...around('behind'), ''].join('\n');
}

function programOf(text: string): Program {
  const tokens = tokenize(new SourceText('<body>', text));
  return layOut(parseTokens(tokens).statements, tokens);
}
