/** Spells sites as macros, and the edits that a rewrite makes of them. */
import type { Edit } from '../syntax/edits.ts';
import { PFS, type Scratch, type Site } from './site.ts';

/** Stands for a register that no configured target needs. */
export const noRegister = '-';

/** `ASM_READ_IVR(b6, r24, r8)`; with a qualifying predicate `ASM_READ_PSR_P(p3, b6, r22, r8)`. */
export function macroText(site: Site, scratch: Scratch): string {
  const predicated = site.predicates.some((predicate) => predicate !== null);
  const predicates = predicated ? site.predicates.map((predicate) => predicate ?? 'p0') : [];
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

/** The scratch registers of a macro, as it names them. */
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
 * A macro in the place of a predicated instruction at the start of its line: the predicate moves into the arguments, and
 * the macro goes where the mnemonic stood.
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
