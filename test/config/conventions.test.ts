import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/inputs/cache.mjs';
import { loadConventions } from '../../src/config/conventions.ts';
import { registerName } from '../../src/machine/register-numbers.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { conventionsWith } from '../analysis/support.ts';

/** First lines of the complaints about a file. */
function complaints(text: string): string[] {
  const { diagnostics } = loadConventions([new SourceText('pvasm.toml', text)]);
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).split('\n')[0]!);
}

describe('convention files', () => {
  test('the shipped ones are right', () => {
    const conventions = conventionsWith();
    expect(conventions.vectors.tables).toEqual(['ia64_ivt', 'xen_ivt']);
    expect(conventions.symbols.get('ia64_syscall_setup')?.link).toBe(7);
  });

  test('so is that of FreeBSD, behind them', () => {
    const path = 'grammar/conventions/freebsd-ia64.toml';
    const conventions = conventionsWith(readFileSync(join(projectRoot, path), 'utf8'));
    expect(conventions.vectors).toEqual({ tables: ['ia64_vector_table'], sections: ['*ivt*'], holds: [] });
    const save = conventions.exits.find(({ routine }) => routine === 'exception_save')!;
    const names = save.reads![1].map(registerName);
    expect(names).toEqual(expect.arrayContaining(['r12', 'r4', 'p10', 'p15']));
    expect(names).not.toEqual(expect.arrayContaining(['r14']));
  });

  test('a routine has one convention by each of its names', () => {
    const { symbols } = conventionsWith('[[symbol]]\nname = "f"\naliases = ["__f", "xen_f"]\nreads = ["r14"]\n');
    expect(symbols.get('xen_f')).toBe(symbols.get('f'));
    expect(symbols.get('__f')!.name).toBe('f');
  });

  test('a later file replaces keys and adds entries', () => {
    const conventions = conventionsWith('[call]\nreads = ["r8"]\n[[symbol]]\nname = "f"\nreads = ["r14"]\n');
    expect(conventions.call.reads[1]).toEqual([8]);
    expect(conventions.call.clobbers[1].length).toBeGreaterThan(20);
    expect(conventions.symbols.get('f')?.reads[1]).toEqual([14]);
    expect(conventions.symbols.has('ia64_leave_kernel')).toBe(true);
  });

  test('r16-r31 are those of the bank the convention is applied on, unless it names one', () => {
    const { symbols } = conventionsWith('[[symbol]]\nname = "f"\nreads = ["r16", "bank1.r17", "bank0.r18"]\n');
    const [onBank0, onBank1] = symbols.get('f')!.reads;
    expect(onBank1[0]).toBe(16);
    expect(onBank0).toContain(17);
    expect(onBank0).not.toContain(16);
    expect(onBank1).not.toContain(18);
  });

  test.each([
    ['[call', 'pvasm.toml:1:2: error: '],
    ['\n[calls]\nreads = []', "pvasm.toml:2:1: error: unknown key 'calls'; did you mean 'call'?"],
    ['[call]\n\nread = []', "pvasm.toml:3:1: error: call: unknown key 'read'; did you mean 'reads'?"],
    ['[call]\nreads = "r8"', 'pvasm.toml:2:1: error: call.reads: expected a list, found the string "r8"'],
    ['[call]\nreads = ["r8",\n"r128"]', 'pvasm.toml:3:1: error: `r128` is no register, range or set'],
    ['[call]\nreads = ["r9-r8"]', 'pvasm.toml:2:10: error: `r9-r8` is no register, range or set'],
    ['[call]\nreads = ["r8-p9"]', 'pvasm.toml:2:10: error: `r8-p9` is no register, range or set'],
    ['[call]\nreads = ["@kept"]', 'pvasm.toml:2:10: error: `@kept` is no register, range or set'],
    ['[[exclusive]]\nreason = "x"\nregisters = ["p6", "r7"]', "exclusive[1].registers[2]: 'r7' is not a predicate"],
    ['[sets]\nall = ["r7"]\n[[exclusive]]\nreason = "x"\nregisters = ["@all"]', 'error: `r7` is no predicate'],
    ['[[break]]\nimmediate = -1', 'pvasm.toml:2:1: error: break[1].immediate: '],
    ['[call]\nreads = ["R 8"]', "pvasm.toml:2:10: error: call.reads[1]: 'R 8' is not a register, a range (r8-r11)"],
    ['[[call]]\nreads = []', 'pvasm.toml:1:1: error: call: there is one such table: write [call]'],
    ['[symbol]\nname = "f"', 'pvasm.toml:1:1: error: symbol: there may be several such tables: write [[symbol]]'],
    ['[[symbol]]\nname = "f"\n[[symbol]]\nlink = "b7"', "pvasm.toml:3:1: error: symbol[2]: 'name' is missing"],
    ['[[symbol]]\nname = "f"\nlink = "b8"', "pvasm.toml:3:1: error: symbol[1].link: 'b8' is not a branch register"],
    ['[[symbol]]\nname = "f"\nbank = 2', 'pvasm.toml:3:1: error: symbol[1].bank: 2 is none of 0, 1'],
    ['[[exit]]\nroutine = "f"\nkind = "leave"', 'pvasm.toml:3:1: error: exit[1].kind: "leave" is none of "jump", '],
    ['[[break]]\nimmediate = "0"\nreturns = false', 'pvasm.toml:2:1: error: break[1].immediate: expected a whole'],
    ['[sets]\nmine = 1', 'pvasm.toml:2:1: error: sets.mine: expected a list, found 1'],
    [
      '[nested_miss]\nsections = []\ncontinuation = "b0"\nreads = []\nclobbers = []',
      "pvasm.toml:3:1: error: nested_miss.continuation: 'b0' is not a general register",
    ],
    [
      '[nested_miss]\nsections = []\ncontinuation = "r200"\nreads = []\nclobbers = []',
      'pvasm.toml:3:1: error: `r200` is no general register',
    ],
  ])('%j', (text, complaint) => {
    expect(complaints(text)).toEqual([expect.stringContaining(complaint)]);
  });

  test('a set that holds itself', () => {
    expect(complaints('[sets]\na = ["@a"]\n[call]\nreads = ["@a"]')).toHaveLength(1);
  });
});
