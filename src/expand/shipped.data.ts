/** The bodies of grammar/targets/ for the sites that most kernels have; a run expands the others itself. */
import nativeText from '../../grammar/targets/native.S';
import xenText from '../../grammar/targets/xen.S';
import { operations } from '../project/operations.data.ts';
import type { Operation, Slot } from '../project/operations.ts';
import { SourceText } from '../syntax/source.ts';
import { bodyTemplate } from './body.ts';
import { bodyFacts, type CanonicalArguments } from './facts.ts';
import { loadTarget, type ScratchNeeds, type Target, type TargetMacro } from './target.ts';
import type { Template } from './template.ts';

/** A macro of a target, without the text that it is read from. */
export interface ShippedMacro {
  readonly needs: ScratchNeeds;
  readonly named: readonly string[];
  /** By `templateKey`. */
  readonly templates: Readonly<Record<string, Template>>;
}

/** Masks of psr that kernels set and clear, by their bits: ac, ic, i, dt, dfl, dfh; ic with ac, ic with i. */
const MASKS = [[3], [13], [14], [17], [18], [19], [13, 3], [13, 14]].map((bits) =>
  String(bits.reduce((mask, bit) => mask | (1 << bit), 0)),
);
const KERNEL_REGISTERS = Array.from({ length: 8 }, (_, number) => `ar.k${number}`);

/** More special registers than a hypervisor takes and returns values in are a whole bank. */
const FEW = 4;

/** By target and operation. */
export const shippedMacros: Readonly<Record<string, Readonly<Record<string, ShippedMacro>>>> = {
  native: macrosOf('native', nativeText),
  xen: macrosOf('xen', xenText),
};

function macrosOf(name: string, text: string): Record<string, ShippedMacro> {
  const { target, diagnostics } = loadTarget(new SourceText(`${name}.S`, text), operations);
  if (diagnostics.length > 0) throw new Error(`grammar/targets/${name}.S: ${diagnostics[0]!.message}`);
  const macros: Record<string, ShippedMacro> = {};
  for (const operation of operations) {
    const macro = target.macros.get(operation.name);
    if (macro !== undefined) macros[operation.name] = shippedMacro(target, operation, macro);
  }
  return macros;
}

function shippedMacro(target: Target, operation: Operation, macro: TargetMacro): ShippedMacro {
  for (const site of likelySites(operation, macro)) {
    const { kind } = bodyTemplate(target, operation.name, site);
    if (kind === 'open') bodyFacts(target, operation, site);
  }
  return { needs: macro.needs, named: [...macro.named()], templates: Object.fromEntries(macro.templates) };
}

/** At most one operand that the macro tells from others, with every list of scratch registers that the choice may try first. */
function* likelySites({ slots, predicates }: Operation, { needs, named }: TargetMacro): Iterable<CanonicalArguments> {
  const special = [...named()].filter((name) => name.startsWith('r'));
  const scratch = scratchLists(
    needs,
    special.filter((name) => name !== 'r0'),
  );
  // Eight kernel registers are variety enough.
  const specialOperands = slots.some(({ kind }) => kind === 'kernelRegister') ? 0 : 1;
  const isSpecial = (name: string) => name === 'r0' || special.includes(name);
  for (const guards of guardLists(predicates.length, named().has('p0'))) {
    for (const operands of products(slots.map((slot, index) => operandsFor(slot, index, special)))) {
      if (operands.filter(isSpecial).length > specialOperands) continue;
      for (const list of scratch) yield { predicates: guards, operands, scratch: list };
    }
  }
}

/** Some predicates, or none where it makes a difference. */
function guardLists(count: number, tellsNone: boolean): string[][] {
  const some = Array.from({ length: count }, (_, index) => `p${index + 6}`);
  return tellsNone && count > 0 ? [some, some.map(() => 'p0')] : [some];
}

function operandsFor({ kind }: Slot, index: number, special: readonly string[]): string[] {
  if (kind === 'immediate') return MASKS;
  if (kind === 'kernelRegister') return KERNEL_REGISTERS;
  return [...new Set([`r${index + 40}`, 'r0', ...(special.length > FEW ? [] : special)])];
}

/** Lists of up to `most` registers: none of them special, one, or two of few. */
function scratchLists({ gr, pr }: ScratchNeeds, special: readonly string[]): string[][] {
  const together = special.length > FEW ? 1 : 2;
  const lists: string[][] = [];
  for (let length = 0; length <= gr; length++) {
    const places = Array.from({ length }, (_, index) => [`r${index + 50}`, ...special]);
    for (const general of products(places)) {
      const chosen = general.filter((register) => special.includes(register));
      if (chosen.length > together || new Set(chosen).size < chosen.length) continue;
      for (let tests = 0; tests <= pr; tests++)
        lists.push([...general, ...Array.from({ length: tests }, (_, index) => `p${index + 10}`)]);
    }
  }
  return lists;
}

/** Every way to take one element of each list. */
function products(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((start) => list.map((one) => [...start, one])), [[]]);
}
