/** Repairs that take more than one rule knows. */
import type { ChosenSite } from '../expand/planned-site.ts';
import { indentedMacro, macroText, replaceSite } from '../rewrite/spell.ts';
import type { Finding, Fix } from './finding.ts';
import { PV001 } from './rules/bare-instruction.PV001.ts';
import { PV008 } from './rules/missed-in-configuration.PV008.ts';

/**
 * Gives the findings of bare instructions the edits that a rewrite would make, where it finds registers that are free in
 * every configuration; the check itself may have seen one only.
 *
 * @param chosen what a rewrite of the same files chose
 */
export function withMacroFixes(findings: readonly Finding[], chosen: readonly ChosenSite[]): readonly Finding[] {
  const fixes = new Map(
    chosen.filter(({ site }) => site.spelling === 'instruction').map((each) => [placeKey(each.site), fixOf(each)]),
  );
  return findings.map((finding) => {
    const isBare = finding.rule === PV001.id || finding.rule === PV008.id;
    const fix = isBare ? fixes.get(placeKey(finding)) : undefined;
    return fix === undefined ? finding : { ...finding, fix };
  });
}

export function hasBareInstruction(findings: readonly Finding[]): boolean {
  return findings.some(({ rule }) => rule === PV001.id || rule === PV008.id);
}

function placeKey({ file, start }: Pick<Finding, 'file' | 'start'>): string {
  return `${file.name}:${start}`;
}

function fixOf({ site, scratch }: ChosenSite): Fix {
  const edits = replaceSite(site, indentedMacro(site, scratch)).map((edit) => ({ ...edit, file: site.file }));
  return { title: `write ${macroText(site, scratch)}`, edits };
}
