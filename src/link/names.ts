/** What the symbols of a variant are called, where several are linked into one image. */

import type { LinkRules, RenameRule } from '../config/link-rules.ts';

const BY_ITSELF: RenameRule = { target: null, symbol: '*', as: '{target}_*' };

/** Whether all variants have a symbol in common. */
export function isShared(name: string, { shared }: LinkRules): boolean {
  return shared.some((pattern) => matched(name, pattern) !== null);
}

/**
 * What a variant calls a symbol.
 *
 * @param label the variant's target, `xen:a`
 * @param keeps whether the variant keeps the names that the source has, but for what rules say of its target
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

/** What the `*` of a pattern stands for in a name; null: the name is none of these. */
function matched(name: string, pattern: string): string | null {
  const at = pattern.indexOf('*');
  if (at === -1) return name === pattern ? '' : null;
  const [before, behind] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = name.length >= before.length + behind.length && name.startsWith(before) && name.endsWith(behind);
  return fits ? name.slice(at, name.length - behind.length) : null;
}
