/** Names of a variant's symbols in an image with several variants. */

import type { LinkRules, RenameRule } from '../config/link-rules.ts';

const BY_ITSELF: RenameRule = { target: null, symbol: '*', as: '{target}_*' };

/** Whether a symbol is shared by all variants. */
export function isShared(name: string, { shared }: LinkRules): boolean {
  return shared.some((pattern) => matched(name, pattern) !== null);
}

/**
 * The name of a symbol in a variant.
 *
 * @param label the variant's target, e.g. `xen:a`
 * @param keeps whether the variant keeps the names of the source, unless a rule for its target says otherwise
 */
export function nameIn(label: string, name: string, rules: LinkRules, keeps: boolean): string {
  if (isShared(name, rules)) return name;
  for (const rule of [...rules.renames, ...(keeps ? [] : [BY_ITSELF])]) {
    if (rule.target === null ? keeps : rule.target !== label) continue;
    const part = matched(name, rule.symbol);
    if (part === null) continue;
    return rule.as.replaceAll('{target}', label.replace(/\W/g, '_')).replace('*', () => part);
  }
  return name;
}

/** The text that the `*` of a pattern stands for in a name; null when the name does not match. */
function matched(name: string, pattern: string): string | null {
  const at = pattern.indexOf('*');
  if (at === -1) return name === pattern ? '' : null;
  const [before, behind] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = name.length >= before.length + behind.length && name.startsWith(before) && name.endsWith(behind);
  return fits ? name.slice(at, name.length - behind.length) : null;
}
