/**
 * Checks operations of several instructions with different predicates (ITC_I_AND_D): a body must do each part under the part's own
 * predicate. A part is recognized by its native instruction, or by the hypercalls in the target's body for it alone.
 */
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import { PR, resourceNamed } from '../machine/resources.ts';
import { operations as allOperations } from '../project/operations.data.ts';
import { anyFrame, type NativePart, type Operation, operationShapeOf } from '../project/operations.ts';
import { expandBody } from './body.ts';
import type { BodyItem } from './body-item.ts';
import { type Hypercalls, hypercallOf } from './hypercalls.ts';
import { bodyInstruction } from './instructions.ts';
import type { BodyProblem, CanonicalArguments } from './problems.ts';
import type { Target } from './target.ts';

/** A hypercall, or a native instruction of the operation, in a body. */
interface Act {
  readonly item: number;
  /** The hypercall by name, or the shape of the instruction. */
  readonly what: string;
  /** The resource of its qualifying predicate; -1: none. */
  readonly guard: number;
}

/** Errors for parts that a body does under the predicate of another part. */
export function misguardedParts(
  items: readonly BodyItem[],
  operation: Operation,
  site: CanonicalArguments,
  target: Target,
): BodyProblem[] {
  const guards = operation.predicates.map((slot, index) => ({ slot, name: site.predicates[index] ?? TRUE_PREDICATE }));
  if (guards.length < 2 || new Set(guards.map(({ name }) => name)).size < guards.length) return [];
  if (guards.some(({ name }) => name === TRUE_PREDICATE)) return [];
  const acts = actsOf(items, operation, target.hypercalls);
  return operation.parts.flatMap((part): BodyProblem[] => {
    const own = guards.find(({ slot }) => slot === part.predicate)!.name;
    const others = new Set(guards.flatMap(({ name }) => (name === own ? [] : [resourceNamed(name)])));
    return actsOfPart(part, operation, site, own, target).flatMap((what): BodyProblem[] => {
      const same = acts.filter((act) => act.what === what);
      const misguarded = same.find(({ guard }) => others.has(guard));
      if (misguarded === undefined || same.some(({ guard }) => guard === resourceNamed(own))) return [];
      const item = items[misguarded.item]!;
      const text = item.kind === 'stop' ? '' : item.text;
      const mnemonic = part.shape.slice(0, part.shape.indexOf(' '));
      return [
        {
          item: misguarded.item,
          message: `'${text}' does what ${mnemonic} does, which is to be done where ${own} is 1`,
        },
      ];
    });
  });
}

function actsOf(items: readonly BodyItem[], { parts }: Operation, hypercalls: Hypercalls): Act[] {
  const shapes = new Set(parts.map(({ shape }) => shape));
  return items.flatMap((each, item): Act[] => {
    if (each.kind !== 'instruction') return [];
    const { instruction, effects } = bodyInstruction(each.text);
    const shape = operationShapeOf(instruction, anyFrame);
    const what = hypercallOf(instruction, hypercalls)?.name ?? (shapes.has(shape) ? shape : null);
    if (what === null) return [];
    return [{ item, what, guard: effects.predicate > 0 ? PR(effects.predicate) : -1 }];
  });
}

/** The acts of one part: its native instruction, and the hypercalls of the target's body for it alone. */
function actsOfPart(
  part: NativePart,
  operation: Operation,
  site: CanonicalArguments,
  guard: string,
  target: Target,
): string[] {
  const alone = allOperations.find(({ parts }) => parts.length === 1 && parts[0]!.shape === part.shape);
  if (alone === undefined) return [part.shape];
  const operands = alone.slots.map(({ name }) => {
    const slot = part.operands[alone.parts[0]!.operands.indexOf(name)];
    return site.operands[operation.slots.findIndex((each) => each.name === slot)] ?? '';
  });
  const body = expandBody(target, alone.name, { predicates: [guard], operands, scratch: site.scratch });
  const items = body.kind === 'body' ? body.items : [];
  return [part.shape, ...actsOf(items, alone, target.hypercalls).map(({ what }) => what)];
}
