/**
 * The bundle templates of IA-64 (SDM vol. 3, "Instruction Encoding", table 4-1) and the choice among them that GNU as
 * makes. Which template a run of instructions gets decides which of them share a bundle, so a layout that is to be
 * exact must choose as the assembler does.
 */

/** Execution unit of one slot. */
export const ExecutionUnit = { None: 0, M: 1, I: 2, F: 3, B: 4, L: 5, X: 6 } as const;
export type ExecutionUnit = (typeof ExecutionUnit)[keyof typeof ExecutionUnit];

/** What an instruction asks of a slot. `Any` is left open until the bundle is made (`nop`, `break`, `mov` to an AR). */
export const SlotType = { None: 0, A: 1, I: 2, M: 3, B: 4, F: 5, X: 6, Any: 7 } as const;
export type SlotType = (typeof SlotType)[keyof typeof SlotType];

const SLOT_TYPES = 8;

/** Templates the packer names, by number: bits 4..1 of the encoding. */
export const BundleTemplate = { MII: 0, MI_I: 1, MLX: 2, MMI: 4, M_MI: 5, MFI: 6 } as const;

const { None, M, I, F, B, L, X } = ExecutionUnit;

/** All sixteen templates; a `_` is a stop inside the bundle, `-` marks a reserved number. */
const TEMPLATES: readonly (readonly [name: string, ExecutionUnit, ExecutionUnit, ExecutionUnit])[] = [
  ['MII', M, I, I],
  ['MI_I', M, I, I],
  ['MLX', M, L, X],
  ['-', None, None, None],
  ['MMI', M, M, I],
  ['M_MI', M, M, I],
  ['MFI', M, F, I],
  ['MMF', M, M, F],
  ['MIB', M, I, B],
  ['MBB', M, B, B],
  ['-', None, None, None],
  ['BBB', B, B, B],
  ['MMB', M, M, B],
  ['-', None, None, None],
  ['MFB', M, F, B],
  ['-', None, None, None],
];

/** Units of the three slots of template t at `TEMPLATE_UNITS[3 * t + slot]`; reserved templates have none. */
export const TEMPLATE_UNITS: readonly ExecutionUnit[] = TEMPLATES.flatMap(([, ...units]) => units);

export const TEMPLATE_NAMES: readonly string[] = TEMPLATES.map(([name]) => name);

/** A template's spelling as a directive (`mii` of `.mii`) to its number; `mli` is the old name of `mlx`. */
export const TEMPLATE_BY_DIRECTIVE: ReadonlyMap<string, number> = new Map([
  ...TEMPLATE_NAMES.flatMap((name, number): [string, number][] =>
    /[-_]/.test(name) ? [] : [[name.toLowerCase(), number]],
  ),
  ['mli', BundleTemplate.MLX],
]);

/** Whether an instruction of this type may be in a slot of this unit. */
function fits(type: SlotType, unit: ExecutionUnit): boolean {
  switch (type) {
    case SlotType.Any:
      return true;
    case SlotType.A:
      return unit === I || unit === M;
    case SlotType.I:
      return unit === I;
    case SlotType.M:
      return unit === M;
    case SlotType.B:
      return unit === B;
    case SlotType.F:
      return unit === F;
    case SlotType.X:
      return unit === L;
    default:
      return false;
  }
}

/**
 * A template that has an instruction of the type in a given slot, and room for a nop in each of the others.
 *
 * @param slot 0, 1 or 2
 * @returns its number; null where no template has such a slot
 */
export function templateWith(type: SlotType, slot: number): number | null {
  const found = TEMPLATES.findIndex(([name, ...units]) => {
    const others = units.filter((_, at) => at !== slot);
    return /^[A-Z]+$/.test(name) && fits(type, units[slot]!) && !others.includes(L) && !others.includes(X);
  });
  return found < 0 ? null : found;
}

/**
 * How well a template takes a run of up to three instructions: three points for each instruction that gets in, two for
 * each slot left over whose nop would be an M or an I nop (gas, tuned for Itanium 2: F and B nops can split issue).
 * Instructions keep their order, and one that does not fit ends the run.
 */
function merit(template: number, first: SlotType, second: SlotType, third: SlotType): number {
  const unit = (slot: number) => TEMPLATE_UNITS[3 * template + slot]!;
  const nop = (slot: number) => (unit(slot) === M || unit(slot) === I ? 2 : 0);
  const long = (type: SlotType) => template === BundleTemplate.MLX && type === SlotType.X;
  if (fits(first, unit(0))) {
    if (fits(second, unit(1))) return long(second) || fits(third, unit(2)) ? 9 : 6 + nop(2);
    if (fits(second, unit(2))) return 6 + nop(1);
    return 3 + nop(1) + nop(2);
  }
  if (fits(first, unit(1))) return long(first) || fits(second, unit(2)) ? 6 : 3 + nop(2);
  if (fits(first, unit(2))) return 3 + nop(1);
  return 0;
}

/** For each run of three slot types the template once it was asked for. */
const bestTemplates = new Int8Array(SLOT_TYPES ** 3).fill(-1);

/** The template GNU as chooses for a run of slot types (`first * 64 + second * 8 + third`): the first of the best. */
export function bestTemplate(run: number): number {
  const known = bestTemplates[run]!;
  if (known >= 0) return known;
  let best = 0;
  let chosen = 0;
  for (let template = 0; template < TEMPLATES.length; template++) {
    const score = merit(template, (run >> 6) as SlotType, ((run >> 3) & 7) as SlotType, (run & 7) as SlotType);
    if (score > best) {
      best = score;
      chosen = template;
    }
  }
  bestTemplates[run] = chosen;
  return chosen;
}
