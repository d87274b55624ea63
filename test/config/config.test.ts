import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Config, checkConventionFile, DEFAULT_CONFIG, levelOf, parseConfig } from '../../src/config/config.ts';
import { printConfig } from '../../src/config/print.ts';
import { readToml } from '../../src/config/toml.ts';
import { RULES as ALL_RULES } from '../../src/lint/registry.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';

const RULES = [
  { id: 'PV001', name: 'bare-instruction', severity: 'warning' },
  { id: 'PV002', name: 'live-scratch', severity: 'error' },
] as const;

function read(text: string): ReturnType<typeof parseConfig> {
  return parseConfig(new SourceText('pvasm.toml', text), RULES);
}

function valid(text: string): Config {
  const { config, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return config;
}

const FULL = `
include = ["include"]
include-files = ["kconfig.h"]
define = ["__KERNEL__", "NR=4"]
undefine = ["DEBUG"]
targets = ["native", "xen:b"]
conventions = []
vocabularies = ["mine.tsv"]
baseline = "lint.json"
max-warnings = 3

[configs]
smp = ["-DCONFIG_SMP=1"]
up = ["-UCONFIG_SMP"]

[rules]
PV001 = "note"

[[overrides]]
files = ["kernel/head.S", "pal*.S"]
rules = { PV001 = "off" }

[[native]]
operation = "THASH"
line = "thash r8 = r9"
reason = "boot code"

[[suppress]]
rule = ["PV001", "PV002"]
file = "ivt.S"
line = "mov r16 = cr.ifa"
reason = "checked by hand"
`;

test('an empty file is the defaults', () => {
  expect(valid('')).toEqual(DEFAULT_CONFIG);
});

test('every field arrives', () => {
  const config = valid(FULL);
  expect(config).toMatchObject({
    include: ['include'],
    includeFiles: ['kconfig.h'],
    define: ['__KERNEL__', 'NR=4'],
    undefine: ['DEBUG'],
    targets: ['native', 'xen:b'],
    conventions: [],
    vocabularies: ['mine.tsv'],
    baseline: 'lint.json',
    maxWarnings: 3,
    suppressions: [{ rules: ['PV001', 'PV002'], file: 'ivt.S', line: 'mov r16 = cr.ifa', reason: 'checked by hand' }],
    natives: [{ operation: 'THASH', file: null, line: 'thash r8 = r9', reason: 'boot code' }],
  });
  expect(config.configs).toEqual(
    new Map([
      ['smp', ['-DCONFIG_SMP=1']],
      ['up', ['-UCONFIG_SMP']],
    ]),
  );
  expect(valid('configs = "all"').configs).toBe('all');
});

test.each([
  ['kernel/ivt.S', 'PV001', 'note', 'pvasm.toml:17'],
  ['arch/ia64/kernel/head.S', 'PV001', 'off', 'pvasm.toml:21'],
  ['head.S', 'PV001', 'note', 'pvasm.toml:17'],
  ['kernel/pal_x.S', 'PV001', 'off', 'pvasm.toml:21'],
  ['kernel/pal/x.S', 'PV001', 'note', 'pvasm.toml:17'],
  ['kernel/head.S', 'PV002', 'error', 'default'],
])('in %s the level of %s is %s (%s)', (file, rule, level, origin) => {
  expect(levelOf(valid(FULL), RULES.find((each) => each.id === rule)!, file)).toEqual({ level, origin });
});

test.each([
  ['[rules]\nPV001 = "loud"\n', 'pvasm.toml:2:1: error: rules.PV001: "loud" is none of'],
  ['[rules]\nPV001 = "off"\nPV003 = "off"\n', "pvasm.toml:3:1: error: there is no rule PV003; did you mean 'PV001'?"],
  ['a = 1\ntargets = ["xen", 7]\n', "pvasm.toml:1:1: error: unknown key 'a'"],
  ['targets = ["xen",\n  7]\n', 'pvasm.toml:2:3: error: targets[2]: expected a string, found 7'],
  ['[[suppress]]\nrule = "PV002"\n', "pvasm.toml:1:1: error: suppress[1]: 'reason' is missing"],
  ['[[suppress]]\nrule = "PV888"\nreason = "x"\n', 'pvasm.toml:2:1: error: there is no rule PV888'],
  ['a = [\n', 'pvasm.toml:'],
])('%j is an error with its place', (text, message) => {
  const { config, diagnostics } = read(text);
  expect(config).toBe(DEFAULT_CONFIG);
  expect(formatDiagnostic(diagnostics[0]!)).toContain(message);
});

test('--print-config prints what holds for the file, as a pvasm.toml of its own', () => {
  const printed = printConfig(valid(FULL), RULES, 'arch/ia64/kernel/head.S');
  expect(printed).toContain('PV001 = "off" # bare-instruction; pvasm.toml:21');
  expect(printed).toContain('PV002 = "error" # live-scratch; default');
  expect(printed).not.toContain('[[suppress]]');
  const again = valid(printConfig(valid(FULL), RULES, 'ivt.S'));
  expect(again.suppressions).toHaveLength(1);
  expect(again.natives).toHaveLength(1);
  expect({ ...again, levels: 0, suppressions: 0, natives: 0 }).toEqual({
    ...valid(FULL),
    levels: 0,
    suppressions: 0,
    natives: 0,
    overrides: [],
  });
  expect(levelOf(again, RULES[0], 'ivt.S').level).toBe('note');
});

test.each(readdirSync('grammar/conventions'))('the shipped %s is what its schema says', (name) => {
  const file = new SourceText(name, readFileSync(`grammar/conventions/${name}`, 'latin1'));
  expect(checkConventionFile(readToml(file), ALL_RULES).map(formatDiagnostic)).toEqual([]);
});

test('a convention file that suppresses a rule that there is not is wrong', () => {
  const text = '[[suppress]]\nrule = ["PV001", "PV011"]\nreason = "x"\n';
  const found = checkConventionFile(readToml(new SourceText('a.toml', text)), RULES);
  expect(found.map(formatDiagnostic)).toEqual([
    expect.stringContaining("a.toml:2:18: error: there is no rule PV011; did you mean 'PV001'?"),
  ]);
});
