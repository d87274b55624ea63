/** The configurations of one source, run through the preprocessor: what `--configs all` means. */
import { createHash } from 'node:crypto';
import { type Preprocessed, type PreprocessOptions, preprocess } from '../preprocess/index.ts';
import type { SourceText } from '../syntax/source.ts';
import { type Token, TokenKind } from '../syntax/token.ts';
import type { Tree } from '../syntax/tree.ts';
import { testedNames } from './conditions.ts';
import { type Enumeration, enumerateConfigurations, type Setting, settingName } from './configurations.ts';

/** With more independent conditions than this, all combinations are more than anybody would wait for. */
export const RUN_LIMIT = 512;

/**
 * Preprocesses a source under every combination of the conditions that it and its local headers test, and keeps those
 * that give different code.
 *
 * @param trees the source and its local headers, as written: whose conditions count
 */
export function everyConfiguration(
  source: SourceText,
  trees: readonly Tree[],
  options: PreprocessOptions,
  limit = RUN_LIMIT,
): Enumeration<Preprocessed> {
  const names = testedNames(trees);
  const known = new Set(names.map(({ name }) => name));
  const files = new Set(trees.map((tree) => tree.file));
  const run = (setting: Setting): ReturnType<Parameters<typeof enumerateConfigurations<Preprocessed>>[1]> => {
    const result = preprocess(source, withSetting(options, setting));
    return { asked: askedNames(result, files, known), signature: signature(result.tokens), result };
  };
  return enumerateConfigurations(names, run, limit);
}

/**
 * Options under which the names of a setting are as it says, whatever the command line and the headers of -include say:
 * a kernel's configuration comes in through such a header. The setting is one more of them, the last.
 */
export function withSetting(options: PreprocessOptions, setting: Setting): PreprocessOptions {
  if (setting.size === 0) return options;
  const path = `<configuration ${settingName(setting)}>`;
  const lines = [...setting].map(
    ([name, value]) => `#undef ${name}\n${value === null ? '' : `#define ${name} ${value}\n`}`,
  );
  const { host } = options;
  return {
    ...options,
    commands: [...options.commands, { kind: 'include', path }],
    host: { read: (asked) => (asked === path ? lines.join('') : host.read(asked)) },
  };
}

/** The names in the conditions that the run evaluated. */
function askedNames(
  run: Preprocessed,
  files: ReadonlySet<SourceText>,
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const { group, values } of run.conditionals) {
    if (!files.has(group.file)) continue;
    group.branches.forEach((branch, index) => {
      if (values[index] === undefined) return;
      for (const word of branch.expression.match(/[A-Za-z_$][\w$]*/g) ?? []) if (known.has(word)) asked.add(word);
    });
  }
  return asked;
}

/** Equal for token lists that the assembler could not tell apart. */
function signature(tokens: readonly Token[]): string {
  const hash = createHash('sha1');
  let line = '';
  for (const token of tokens) {
    if (token.kind === TokenKind.Newline) {
      if (line !== '') hash.update(`${line}\n`);
      line = '';
    } else line += token.spaceBefore ? ` ${token.text}` : token.text;
  }
  return hash.update(line).digest('hex');
}
