/** `pvasm init`: looks at the tree that it is started in, and writes a pvasm.toml to begin with. */

import { existsSync } from 'node:fs';
import { parseConfig } from '../../config/config.ts';
import { linuxConventions } from '../../config/conventions.data.ts';
import { loadConventions } from '../../config/conventions.ts';
import { DEFAULT_TARGETS } from '../../expand/shipped-targets.ts';
import { plural } from '../../lint/formats/format.ts';
import { RULES } from '../../lint/registry.ts';
import { tableRows } from '../../machine/tsv.ts';
import { SourceText } from '../../syntax/source.ts';
import { ExitCode, Failure } from '../failure.ts';
import { LINUX, SHIPPED_VOCABULARIES } from '../shipped-conventions.ts';
import { commonFlags } from '../tree-flags.ts';
import { surveyTree, type TreeSurvey } from '../tree-survey.ts';
import { writeFiles } from '../writing.ts';

const PATH = 'pvasm.toml';

export function initCommand(): ExitCode {
  if (existsSync(PATH)) throw new Failure(`${PATH} is there already: change it, or move it away`);
  const survey = surveyTree();
  if (survey.sources.length === 0)
    throw new Failure('no IA-64 assembly (*.S) from the working directory on; nothing was written');
  const text = configText(survey);
  const wrong = parseConfig(new SourceText(PATH, text), RULES).diagnostics;
  if (wrong.length > 0) throw new Error(`init makes what check refuses: ${wrong[0]!.message}`);
  writeFiles([{ path: PATH, text }]);
  process.stderr.write(`pvasm: ${PATH} is written: ${plural(survey.sources.length, 'source')}, ${found(survey)}\n`);
  return ExitCode.clean;
}

function found({ tables, flags }: TreeSurvey): string {
  const vectors = tables.size === 0 ? 'no vector table' : `vectors in ${[...new Set(tables.values())].join(', ')}`;
  return `${vectors}, ${flags === null ? 'no flags' : `the flags of ${flags.all.length} from ${flags.from}`}`;
}

function configText(survey: TreeSurvey): string {
  return [
    "# What pvasm goes by in this tree: pvasm's docs/configuration.md has every key. Paths are relative to this file.\n",
    flagsText(survey),
    '# The hypervisors that listings are made for: shipped ones by name, others by the path of a target file.',
    `targets = [${DEFAULT_TARGETS.map((name) => `"${name}"`).join(', ')}]\n`,
    ...vocabularyText(survey),
    '# Macros that are set one way or the other, by name; without this, check finds out which conditions matter.',
    '# configs = { smp = ["-DCONFIG_SMP"], up = ["-UCONFIG_SMP"] }\n',
    '# Sites that stay native by decision:',
    '# [[native]]',
    '# file = "head.S"',
    '# reason = "boot code: no hypervisor is there yet"\n',
    ...vectorsText(survey),
  ].join('\n');
}

function flagsText({ flags }: TreeSurvey): string {
  if (flags === null)
    return [
      '# How the build calls gcc for assembly. Nothing here said so (no compile_commands.json, no .cmd files of Kbuild).',
      '# include = ["arch/ia64/include", "include"]       # -I',
      '# include-files = ["include/linux/kconfig.h"]      # -include',
      '# define = ["__ASSEMBLY__"]                        # -D\n',
    ].join('\n');
  const { common, others } = commonFlags(flags.all);
  const { usable, unusable } = usableDefinitions(common.define);
  const left = [
    ...[...others].map(([flag, count]) => `${flag} (${count} of ${flags.all.length} sources)`),
    ...unusable,
  ];
  return [
    `# How the build calls gcc for assembly, from ${flags.from}:`,
    `include = ${list(common.include)}`,
    `include-files = ${list(common.includeFiles)}`,
    `define = ${list(usable)}`,
    `undefine = ${list(common.undefine)}`,
    ...(left.length === 0
      ? []
      : ['# Not for all sources, and left out:', ...left.map((each) => `#   ${oneLine(each)}`)]),
    '',
  ].join('\n');
}

/** What the key `define` takes, and what not. */
function usableDefinitions(define: readonly string[]): { usable: string[]; unusable: string[] } {
  const isUsable = (text: string): boolean =>
    parseConfig(new SourceText(PATH, `define = ${list([text])}\n`), RULES).diagnostics.length === 0;
  return {
    usable: define.filter(isUsable),
    unusable: define.filter((text) => !isUsable(text)).map((text) => `-D${text} (not as pvasm.toml takes it)`),
  };
}

/** Linux's macros of 2008, where the sources use them. */
function vocabularyText({ macros }: TreeSurvey): string[] {
  return Object.entries(SHIPPED_VOCABULARIES).flatMap(([name, table]) => {
    const used = tableRows(table).filter(([macro]) => macros.has(macro!));
    if (used.length < FEW) return [];
    return [
      `# Its sources use macros such as ${used[0]![0]!}: check reads them as what they stand for.`,
      `vocabularies = ${list([name])}`,
      `suppressions = ${list([LINUX])}\n`,
    ];
  });
}

const FEW = 3;

function vectorsText({ tables }: TreeSurvey): string[] {
  const { vectors } = loadConventions([], linuxConventions).conventions;
  const own = [...tables].filter(([label]) => !vectors.tables.includes(label));
  if (tables.size === 0)
    return [
      '# Labels of the interruption vector tables (.org LABEL+0x400): none was found.',
      '# [vectors]',
      '# tables = ["vectors"]',
      '',
    ];
  if (own.length === 0)
    return [`# The vectors are found by the conventions of ${LINUX}: ${[...tables.keys()].join(', ')}.`, ''];
  return [
    `# The interruption vector tables, in ${[...new Set(own.map(([, file]) => file))].join(', ')}.`,
    '[vectors]',
    `tables = ${list([...vectors.tables.filter((label) => tables.has(label)), ...own.map(([label]) => label)])}`,
    '',
  ];
}

/** Strings of TOML; their escapes are those of JSON. The text is bytes, and stays so. */
function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value).replace(/\u007f/g, '\\u007f')).join(', ')}]`;
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]/g, ' ');
}
