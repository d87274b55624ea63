/** Derives the registers that a body clobbers. One that is saved and restored is not clobbered. */
import { isOfClass } from '../machine/classes.ts';
import type { Effects, Form } from '../machine/effects.ts';
import { FIRST_STACKED } from '../machine/purposes.ts';
import { isGeneralRegister } from '../machine/register-classes.ts';
import { registerByName } from '../machine/register-table.ts';
import { PR, resourceName, resourceNamed } from '../machine/resources.ts';
import type { BodyItem } from './body-item.ts';
import { type Hypercall, type Hypercalls, hypercallOf } from './hypercalls.ts';
import { type BodyInstruction, bodyInstruction } from './instructions.ts';

/** What a written resource holds: the value that a resource had in front of the body, or {@link NEW}. */
interface Held {
  readonly value: number;
  /** Where only one predicate decides whether it was written, that one, as it was then; null: it holds this in any case. */
  readonly under: string | null;
}

const NEW = -1;

/**
 * Resources whose value after the body may differ from that before. Values are followed through plain moves: a register that a move
 * gives its old value back is unchanged; any other write, also by a hypercall, gives a new value. A move under a predicate gives
 * back what was written under the same one.
 *
 * @param copies what is the same in front of the body already
 */
export function clobberedResources(
  items: readonly BodyItem[],
  hypercalls: Hypercalls,
  copies: readonly Copy[] = [],
): number[] {
  const held = new Map<number, Held>(copies.map(({ of, to }) => [to, { value: of, under: null }]));
  const before = new Map([...held].map(([resource, { value }]) => [resource, value]));
  /** By predicate: how often it was written. */
  const versions = new Map<number, number>();
  for (const item of items) {
    if (item.kind !== 'instruction') continue;
    const { effects, instruction } = bodyInstruction(item.text, hypercalls);
    const guard = predicateOf(effects.reads, effects.predicate);
    const under = guard === undefined ? null : `${guard} ${versions.get(guard) ?? 0}`;
    const source = sourceOf(effects, instruction);
    const moved = source === undefined ? undefined : (held.get(source) ?? { value: source, under: null });
    const hypercall = hypercallOf(instruction, hypercalls);
    for (const written of [...effects.writes, ...(hypercall === undefined ? [] : frameChangedBy(hypercall))]) {
      const given = effects.results.includes(written) ? moved : undefined;
      held.set(
        written,
        heldBehind(
          { value: held.get(written)?.value ?? written, under: held.get(written)?.under ?? null },
          given,
          under,
          before.get(written) ?? written,
        ),
      );
      versions.set(written, (versions.get(written) ?? 0) + 1);
    }
  }
  return [...held]
    .filter(([resource, { value }]) => (before.get(resource) ?? resource) !== value)
    .map(([resource]) => resource);
}

/**
 * What a resource holds behind a write.
 *
 * @param moved what a plain move gives it; undefined: it is no such move
 * @param under the predicate of the write
 * @param original what the resource held in front of the body
 */
function heldBehind(now: Held, moved: Held | undefined, under: string | null, original: number): Held {
  // What was written under one predicate only is known only under that.
  const value = moved === undefined || (moved.under !== null && moved.under !== under) ? NEW : moved.value;
  if (under === null || value === original) {
    const isBack = under === null || now.value === original || now.under === under;
    return isBack ? { value, under: null } : { value: NEW, under: OTHERS };
  }
  if (now.value === original || now.under === under) return { value, under };
  return now.under === null && now.value === value && value !== NEW ? now : { value: NEW, under: OTHERS };
}

/** In place of a predicate: several, or none and then one. */
const OTHERS = 'others';

/** A register, `to`, that holds the value of another one. */
export interface Copy {
  readonly of: number;
  readonly to: number;
}

/** The copy of a static general register that an instruction makes; null: none. A stacked one may get another name behind it. */
export function generalCopy(item: BodyItem, hypercalls: Hypercalls): Copy | null {
  if (item.kind !== 'instruction') return null;
  const { effects, instruction } = bodyInstruction(item.text, hypercalls);
  const of = sourceOf(effects, instruction);
  const [to] = effects.results;
  const areStatic = [of, to].every((resource) => resource !== undefined && isStaticGeneral(resourceName(resource)));
  return areStatic && effects.writes.length === 1 ? { of: of!, to: to! } : null;
}

function isStaticGeneral(name: string): boolean {
  return isGeneralRegister(name) && registerByName(name)!.number < FIRST_STACKED;
}

/** The register that an instruction moves; undefined: it is no plain move. */
function sourceOf(
  { form, reads, predicate }: Effects,
  instruction: BodyInstruction['instruction'],
): number | undefined {
  return isMove(form, instruction) ? reads.find((resource) => resource !== predicateOf(reads, predicate)) : undefined;
}

/** A hypercall for an instruction that changes the register frame changes it as the instruction does. */
function frameChangedBy({ does }: Hypercall): readonly number[] {
  return FRAME_ACTIONS.test(does) ? FRAME : [];
}

/** Of the notation of hypercalls: those that leave another frame behind. */
const FRAME_ACTIONS = /\b(?:cover|cover_frame|interrupt_return)\(/;
const FRAME = ['cfm', 'ar.bsp'].map(resourceNamed);

/** Whether a form moves one register: `mov pr=r2,-1` and `mov r2=pr` move many. */
function isMove(form: Form | null, { outputs, inputs }: BodyInstruction['instruction']): boolean {
  return (
    isOfClass(form, 'moves') &&
    outputs.length === 1 &&
    inputs.length === 1 &&
    outputs[0]!.kind === 'name' &&
    inputs[0]!.kind === 'name'
  );
}

/** The resource of a qualifying predicate among the reads; undefined when there is none. */
function predicateOf(reads: readonly number[], predicate: number): number | undefined {
  return predicate > 0 ? reads.find((resource) => resource === PR(predicate)) : undefined;
}
