/** The bodies of grammar/targets/ for the sites that most kernels have; a run expands the others itself. */
import nativeText from '../../grammar/targets/native.S';
import xenText from '../../grammar/targets/xen.S';
import { operations } from '../rewrite/operations.data.ts';
import type { Operation, Slot } from '../rewrite/operations.ts';
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

/** Masks of psr that kernels set and clear: ac, ic, i, dt, dfl, dfh, and ic with ac. */
const MASKS = [3, 13, 14, 17, 18, 19]
  .map((bit) => 1 << bit)
  .concat((1 << 13) | (1 << 3))
  .map(String);
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

/** Registers in no special place, with every list of scratch registers that the choice among free ones may try first. */
function* likelySites({ slots, predicates }: Operation, { needs, named }: TargetMacro): Iterable<CanonicalArguments> {
  const special = [...named()].filter((name) => /^r[1-9]/.test(name));
  const guards = predicates.map((_, index) => `p${index + 6}`);
  for (const operands of products(slots.map(operandsFor))) {
    for (const general of scratchLists(needs.gr, special)) {
      for (let tests = 0; tests <= needs.pr; tests++) {
        const scratch = [...general, ...Array.from({ length: tests }, (_, index) => `p${index + 10}`)];
        yield { predicates: guards, operands, scratch };
      }
    }
  }
}

function operandsFor({ kind }: Slot, index: number): string[] {
  if (kind === 'immediate') return MASKS;
  return kind === 'kernelRegister' ? KERNEL_REGISTERS : [`r${index + 40}`];
}

/** Lists of up to `most` registers: none of them special, one, or two of few. */
function scratchLists(most: number, special: readonly string[]): string[][] {
  const together = special.length > FEW ? 1 : 2;
  const lists: string[][] = [];
  for (let length = 0; length <= most; length++) {
    const plain = Array.from({ length }, (_, index) => `r${index + 50}`);
    const places = plain.map((register) => [register, ...special]);
    for (const list of products(places)) {
      const chosen = list.filter((register) => special.includes(register));
      if (chosen.length <= together && new Set(chosen).size === chosen.length) lists.push(list);
    }
  }
  return lists;
}

/** Every way to take one element of each list. */
function products(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((start) => list.map((one) => [...start, one])), [[]]);
}
