/** Repairs that take more than one rule knows: registers that are free in every configuration. */
import type { ChosenSite } from '../expand/planned-site.ts';
import type { Refusal, Site } from '../rewrite/site.ts';
import { indentedMacro, macroText, replaceSite } from '../rewrite/spell.ts';
import type { Finding, Fix } from './finding.ts';
import { LEFT, PV001 } from './rules/bare-instruction.PV001.ts';
import { PV006 } from './rules/live-branch-scratch.PV006.ts';
import { PV002 } from './rules/live-scratch.PV002.ts';
import { PV008 } from './rules/missed-in-configuration.PV008.ts';
import { PV013 } from './rules/missing-scratch.PV013.ts';
import { PV007 } from './rules/predicate-scratch.PV007.ts';
import { PV005 } from './rules/shared-scratch.PV005.ts';

/** Rules about instructions that are to become macros. */
const BARE: ReadonlySet<string> = new Set([PV001.id, PV008.id]);
/** Rules about pvasm's macros that name wrong registers. */
const WRONG_SCRATCH: ReadonlySet<string> = new Set([PV002.id, PV005.id, PV006.id, PV007.id, PV013.id]);

/** The result of a rewrite of the same files. */
export interface Choices {
  readonly sites: readonly ChosenSite[];
  readonly refusals: readonly Refusal[];
}

/**
 * Gives findings the edits that a rewrite would make: it knows which registers are free in every configuration; the check
 * itself may have seen one only. Of a bare instruction that a rewrite leaves as it is, the message says why.
 */
export function withChoices(findings: readonly Finding[], { sites, refusals }: Choices): readonly Finding[] {
  const instructions = new Map<string, Fix>();
  const macros: ChosenSite[] = [];
  for (const chosen of sites) {
    if (chosen.site.spelling === 'macro') macros.push(chosen);
    else instructions.set(placeKey(chosen.site), fixOf(chosen, indentedMacro(chosen.site, chosen.scratch)));
  }
  const reasons = new Map(refusals.map((refusal) => [placeKey(refusal), refusal.reason]));
  return findings.map((finding) => {
    const { rule, message } = finding;
    if (BARE.has(rule)) {
      const reason = reasons.get(placeKey(finding));
      if (message.includes(LEFT)) return finding;
      if (reason !== undefined) return { ...finding, message: `${message}; ${LEFT}${reason}` };
      return withFix(finding, instructions.get(placeKey(finding)));
    }
    if (!WRONG_SCRATCH.has(rule)) return finding;
    const around = macros.find(({ site }) => isIn(finding, site));
    return withFix(finding, around && fixOf(around, macroText(around.site, around.scratch)));
  });
}

function withFix(finding: Finding, fix: Fix | undefined): Finding {
  return fix === undefined ? finding : { ...finding, fix };
}

/** Whether a rewrite could have a repair for any of them. */
export function wantChoices(findings: readonly Finding[]): boolean {
  return findings.some(({ rule }) => BARE.has(rule) || WRONG_SCRATCH.has(rule));
}

/** The sites whose registers are chosen again: macro calls that have a finding. */
export function isCalledWrong(findings: readonly Finding[]): (site: Site) => boolean {
  const wrong = findings.filter(({ rule }) => WRONG_SCRATCH.has(rule));
  return (site) => wrong.some((finding) => isIn(finding, site));
}

function isIn({ file, start }: Finding, site: Site): boolean {
  return file.name === site.file.name && start >= site.start && start < site.end;
}

function placeKey({ file, start }: Pick<Finding, 'file' | 'start'>): string {
  return `${file.name}:${start}`;
}

function fixOf({ site, scratch }: ChosenSite, text: string): Fix {
  const edits = replaceSite(site, text).map((edit) => ({ ...edit, file: site.file }));
  return { title: `write ${macroText(site, scratch)}`, edits };
}
