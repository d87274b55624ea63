/** The macro calls that stand for sites, and the edits that put them into the source. */
import { TRUE_PREDICATE } from '../machine/purposes.ts';
import type { Edit } from '../syntax/edits.ts';
import { PFS, type Scratch, type Site } from './site.ts';

/** The argument in place of a register that no configured target needs. */
export const noRegister = '-';

/** `ASM_READ_IVR(b6, r24, r8)`; with a qualifying predicate `ASM_READ_PSR_P(p3, b6, r22, r8)`. */
export function macroText(site: Site, scratch: Scratch): string {
  const predicated = site.predicates.some((predicate) => predicate !== null);
  const predicates = predicated ? site.predicates.map((predicate) => predicate ?? TRUE_PREDICATE) : [];
  const args = [
    ...predicates,
    scratch.branch ?? noRegister,
    ...site.operands,
    ...scratch.general,
    ...scratch.predicates,
    ...(scratch.pfs === true ? [PFS] : []),
    ...(scratch.through === undefined ? [] : [scratch.through]),
  ];
  return `${site.operation.macro}${predicated ? '_P' : ''}(${args.join(', ')})`;
}

/** The scratch arguments of a macro call, in order. */
export function scratchNames({ branch, general, predicates, pfs, through }: Scratch): string[] {
  const named = [
    branch ?? noRegister,
    ...general,
    ...predicates,
    pfs === true ? PFS : noRegister,
    through ?? noRegister,
  ];
  return named.filter((name) => name !== noRegister);
}

/**
 * The macro call for a predicated instruction at the start of its line. The predicate becomes an argument, and the call is
 * indented to the column of the mnemonic.
 */
export function indentedMacro(site: Site, scratch: Scratch): string {
  const text = macroText(site, scratch);
  const atLineStart = site.start === 0 || site.file.text[site.start - 1] === '\n';
  return atLineStart && site.predicates.some((predicate) => predicate !== null) ? `\t${text}` : text;
}

/** The edits that put `text` in the place of a site; the later instructions of a fused run are taken out. */
export function replaceSite(site: Site, text: string): Edit[] {
  return [{ start: site.start, end: site.end, text }, ...site.rest.map(({ start, end }) => ({ start, end, text: '' }))];
}
