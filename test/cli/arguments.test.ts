/** gcc's flags among our own: taken, ignored, or told of. */
import { expect, test } from 'vitest';
import { splitCommandLine } from '../../src/cli/arguments.ts';
import type { Command } from '../../src/preprocess/types.ts';

const split = (line: string, files: Readonly<Record<string, string>> = {}) =>
  splitCommandLine(line.split(' '), (path) => files[path]!);

test.each([
  '-nostdinc',
  '-mconstant-gp',
  '-mfixed-range=f32-f127',
  '-Wall -Wno-unused',
  '-O2 -g -gdwarf-2 -pipe',
  '-std=gnu89 -std=gnu11',
  '-ffreestanding -fno-common',
  '-c',
  '-S',
  '-x assembler-with-cpp',
  '-Wa,-x -Xassembler -N -Xassembler so',
  '--param max-inline-insns-single=5',
])('%s has no effect', (flags) => {
  expect(split(`build a.S ${flags} -t xen`)).toEqual({
    rest: ['build', 'a.S', '-t', 'xen'],
    includeDirs: [],
    quoteDirs: 0,
    commands: [],
    dependencies: null,
    lineMarkers: true,
    unknown: [],
  });
});

test('directories are searched in the order that cpp has', () => {
  const found = split('-isystem s -idirafter z -Ia -iquote q -I b -isystems2');
  expect(found.includeDirs).toEqual(['q', 'a', 'b', 's', 's2', 'z']);
  expect(found.quoteDirs).toBe(1);
});

test('of -imacros only the macros stay, and it comes before -include', () => {
  expect(split('-include a.h -imacros b.h -DX').commands).toEqual([
    { kind: 'define', text: 'X' },
    { kind: 'include', path: 'b.h', macrosOnly: true },
    { kind: 'include', path: 'a.h' },
  ]);
});

test('dependency files are asked for as gcc is asked, and by the call alone', () => {
  expect(split('-MD').dependencies).toEqual({ systemDirs: [], file: null, targets: [], phony: false });
  const { dependencies } = split('-Wp,-MMD,a.d -MP -MQ $q -MT $t -isystem s -idirafter after');
  expect(dependencies).toEqual({ systemDirs: ['s', 'after'], file: 'a.d', targets: ['$t', '$$q'], phony: true });
  expect(split('@f', { f: '-Wp,-MD,x.d -MD -MF y -MT z -MP -P' })).toMatchObject({
    dependencies: null,
    lineMarkers: true,
  });
  expect(split('-P').lineMarkers).toBe(false);
  expect(() => split('-MF x.d')).toThrow('-MF takes -MD or -MMD');
  expect(() => split('-MP')).toThrow('-MP takes -MD or -MMD');
});

const spelled = (command: Command): string => {
  if (command.kind === 'assembly') return command.line;
  if (command.kind === 'undef') return `-${command.name}`;
  return command.kind === 'define' ? command.text : command.path;
};

test('what is said to the assembler of the source: symbols and the macro language, in every spelling', () => {
  const flags = '-Wa,--defsym,A=1 -Xassembler --defsym -Xassembler B=2 -Wa,-x,--alternate -Wa,--defsym -Wa,C=0x3 -DX';
  const { commands } = split(`a.S ${flags} @f`, { f: '-Wa,--defsym=D=4' });
  expect(commands.map(spelled)).toEqual(['X', 'A = 1', 'B = 2', '.altmacro', 'C = 0x3', 'D = 4']);
});

test('definitions, wherever they hide; files to include behind them', () => {
  const { commands } = split('-include k.h -DX(a)=b -D Y -UZ -Wp,-DW=1 -imacros m.h @f', {
    f: `-D"V=1 2" -D'U' -DT=\\"`,
  });
  expect(commands.map(spelled)).toEqual([
    ...['X(a)=b', 'Y', '-Z', 'W=1', 'V=1 2', 'U', 'T="'],
    ...['m.h', 'k.h'], // -imacros first, as gcc has it (CPP manual, Invocation)
  ]);
});

test('what is no flag of gcc: an error, from a file of flags a word once', () => {
  expect(() => split('build a.S -qfoo')).toThrow('unknown option -qfoo');
  expect(split('build a.S @f', { f: '-qfoo -qfoo -Wall' }).unknown).toEqual(['-qfoo']);
  // Those of the linker and of assertions have values, which are no sources.
  const linker = split('build a.S @f', {
    f: '-l c -lgcc -L /x -T y.lds -u z -z now -e start -A a=b -B /y -shared -no-pie',
  });
  expect([linker.unknown, linker.rest]).toEqual([[], ['build', 'a.S']]);
  expect(() => split('build a.S -isystem')).toThrow('option -isystem needs a value');
});

test('behind -- are files', () => {
  expect(split('check -- -Dx.S @y.S').rest).toEqual(['check', './-Dx.S', '@y.S']);
});
