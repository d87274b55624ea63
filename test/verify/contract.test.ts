/** What is wrong in a contract or a table of hypercalls is an error with its place. */
import { describe, expect, test } from 'vitest';
import { shippedContracts } from '../../src/cli/shipped.ts';
import { loadHypercalls } from '../../src/expand/hypercalls.ts';
import { formatDiagnostic } from '../../src/syntax/diagnostic.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { loadContract, unreadableHypercalls } from '../../src/verify/contract.ts';
import { operations, xen } from './support.ts';

const HEADING = 'kind\twhat\tmeans\tsource\n';

function errors(line: string): string[] {
  const { diagnostics } = loadContract(new SourceText('acme.contract.tsv', HEADING + line), xen.hypercalls, operations);
  return diagnostics.map(({ message, file, start }) => `${file.position(start).line}: ${message}`);
}

describe('a line of a contract', () => {
  test.each([
    ['place\tcr.ifa\t0x1000 8\tours', []],
    ['place\tcr.none\t0x1000 8\tours', ["2: 'cr.none' is no state of a machine"]],
    [
      'place\tcr.ifa\t0x1000\tours',
      ["2: '0x1000' is no place: an address, the bytes (1, 2, 4, 8), perhaps 'inverted'"],
    ],
    ['place\tcr.ifa\tnothing(1) 8\tours', ["2: 'nothing(1) 8': there is no function 'nothing'"]],
    ['place\tcr.ifa\t0x1000 8\tours\nplace\tcr.ifa\t0x1008 8\tours', ["3: 'cr.ifa' has two places"]],
    ['pinned\t-\tall\tours', ["2: 'all' is no range: an address and a number of bytes"]],
    ['word\t-\t0x1001 = 1\tours', ["2: '0x1001 = 1' is no word: address = value"]],
    ['instead\tthsh\tr1 = 0\tours', ["2: 'thsh' is no form of grammar/instructions.tsv"]],
    ['assumes\tREAD_NOTHING\t1 == 1\tours', ['2: there is no operation READ_NOTHING']],
    ['assumes\tREAD_IFA\tpsr.be ==\tours', ["2: 'psr.be ==': a name must stand here, not the end"]],
    ['assumes\tREAD_IFA\tpsr.be % 2\tours', ["2: 'psr.be % 2': '%' cannot stand here"]],
    [
      'lies\tcr.ifa\t0x1000 8\tours',
      ["2: 'lies' is no kind of line; there are pinned, word, place, instead, refused, delivers, note, assumes"],
    ],
    ['place\tcr.ifa\t0x1000 8', ["2: a line has 4 cells, parted by tabs, not 3; '-' is an empty one"]],
  ])('%s', (line, expected) => expect(errors(line)).toEqual(expected));

  test('the heading', () => {
    const { diagnostics } = loadContract(new SourceText('a', 'place\tcr.ifa\n'), xen.hypercalls, operations);
    expect(diagnostics[0]!.message).toBe(
      'the first line must name the columns, parted by tabs: kind, what, means, source',
    );
  });
});

test('the meaning of a hypercall must be readable', () => {
  const table = (does: string) =>
    loadHypercalls(
      new SourceText(
        'a.tsv',
        `hypercall\tname\treads\treturns\tdestroys\tdemands\tdoes\tsource\nbreak 1\tONE\t-\tr8\t-\t-\t${does}\tours\n`,
      ),
    );
  const complaints = (does: string) =>
    unreadableHypercalls(table(does).hypercalls).map((found) => formatDiagnostic(found).split('\n')[0]);
  expect(table('r8 = psr_shown()').diagnostics).toEqual([]);
  expect(complaints('r8 = psr_shown()')).toEqual([]);
  expect(complaints('r8 = nobody()')).toEqual([
    "a.tsv:2:1: error: hypercall ONE, 'r8 = nobody()': there is no function 'nobody'",
  ]);
  expect(complaints('jump(r8)')).toEqual(["a.tsv:2:1: error: hypercall ONE, 'jump(r8)': there is no action 'jump'"]);
});

test('the contract of xen says what a guest sees otherwise and no body can help', () => {
  const lines = shippedContracts
    .get('xen')!
    .split('\n')
    .map((line) => line.split('\t'));
  const notes = lines.filter(([kind]) => kind === 'note').map(([, , means]) => means);
  for (const word of [
    'privilege level 1',
    'cpuid[0] is "Xen/ia64"',
    'ppl of ar.pfs',
    'r29, the copy of cr.ipsr, lacks bn',
  ])
    expect(
      notes.filter((note) => note!.includes(word)),
      word,
    ).toHaveLength(1);
});
