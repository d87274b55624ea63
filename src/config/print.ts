/** `pvasm check --print-config FILE`. */
import type { NativeEntry } from './accepted.ts';
import { type Config, levelOf, type RuleLevel } from './config.ts';
import { nameMatcher } from './patterns.ts';

/**
 * The configuration of one file as TOML: overrides are applied, and each rule's level is followed by a comment that names the
 * place that set it.
 */
export function printConfig(config: Config, rules: readonly RuleLevel[], fileName: string): string {
  const lines = [`# The configuration of ${fileName}`];
  const list = (key: string, values: readonly string[]): void => void lines.push(`${key} = ${tomlList(values)}`);
  list('include', config.include);
  list('include-files', config.includeFiles);
  list('define', config.define);
  list('undefine', config.undefine);
  if (config.targets !== null) list('targets', config.targets);
  list('conventions', config.conventions);
  list('suppressions', config.suppressionSets);
  list('vocabularies', config.vocabularies);
  if (config.configs === 'all') lines.push('configs = "all"');
  if (config.baseline !== null) lines.push(`baseline = ${tomlText(config.baseline)}`);
  if (config.maxWarnings !== null) lines.push(`max-warnings = ${config.maxWarnings}`);
  if (config.configs !== 'all' && config.configs.size > 0) {
    lines.push('', '[configs]');
    for (const [name, flags] of config.configs) lines.push(`${tomlKey(name)} = ${tomlList(flags)}`);
  }
  lines.push('', '[rules]');
  for (const rule of rules) {
    const { level, origin } = levelOf(config, rule, fileName);
    lines.push(`${rule.id} = "${level}" # ${rule.name}; ${origin}`);
  }
  const isMeant = ({ file }: { readonly file: string | null }) => file === null || nameMatcher(file)(fileName);
  for (const entry of config.natives.filter(isMeant)) lines.push(...nativeLines(entry));
  for (const entry of config.suppressions.filter(isMeant)) {
    lines.push(
      '',
      '[[suppress]]',
      `rule = ${entry.rules.length === 1 ? tomlText(entry.rules[0]!) : tomlList(entry.rules)}`,
    );
    if (entry.file !== null) lines.push(`file = ${tomlText(entry.file)}`);
    if (entry.line !== null) lines.push(`line = ${tomlText(entry.line)}`);
    if (entry.converted) lines.push('converted = true');
    lines.push(`reason = ${tomlText(entry.reason)}`);
  }
  return `${lines.join('\n')}\n`;
}

function nativeLines({ operation, file, line, reason }: NativeEntry): string[] {
  const fields = Object.entries({ operation, file, line, reason });
  return ['', '[[native]]', ...fields.flatMap(([key, text]) => (text === null ? [] : [`${key} = ${tomlText(text)}`]))];
}

function tomlList(values: readonly string[]): string {
  return `[${values.map(tomlText).join(', ')}]`;
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlText(key);
}

/** A TOML basic string: JSON's, but DEL must be escaped too. */
function tomlText(text: string): string {
  return JSON.stringify(text).replace(/\x7f/g, '\\u007F');
}
