import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../src/analysis/program/program.ts';
import { bundleItems, bundlesOf, LayoutMark, layoutProgram } from '../../src/bundles/bundles.ts';
import { groupEnds, layout } from '../../src/bundles/layout.ts';
import type { LayoutInput } from '../../src/bundles/run.ts';
import { SlotType } from '../../src/bundles/template.ts';
import { measureSlots } from '../../src/bundles/vectors.ts';
import type { Effects, Form } from '../../src/machine/effects.ts';
import { parseSource } from '../../src/syntax/parse.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { assembleFile, assembleText } from '../support/assemble.ts';
import { readSections } from '../support/elf.ts';
import { configurations, kernel } from '../support/kernel.ts';
import { programOf } from './programs.ts';
import { analyseSource } from './sources.ts';
import { readSymbols } from './symbols.ts';

/** `nop.m` and its kin: all that the layout of data, sections and labels needs. */
function nopEffects(mnemonic: string): Effects {
  const unit = (mnemonic.split('.')[1]?.toUpperCase() ?? 'any') as Form['unit'];
  return { form: { unit, position: null } } as Effects;
}

function layoutOf(text: string, fileSize?: LayoutInput['fileSize']) {
  const tree = parseSource(new SourceText('test.S', text));
  const { statements } = tree;
  const placed = layout({
    tree,
    effects: (index) => {
      const statement = statements[index]!;
      return statement.kind === 'instruction' ? nopEffects(statement.mnemonic) : null;
    },
    ...(fileSize === undefined ? {} : { fileSize }),
  });
  return { placed, statements };
}

/** Section sizes and label offsets, ours. */
function ours(text: string) {
  const { placed } = layoutOf(text);
  expect(placed.diagnostics.map(({ message }) => message)).toEqual([]);
  const labels: Record<string, string> = {};
  for (const [name, at] of placed.labels) {
    labels[name] = `${placed.sections[placed.section[at]!]!.name} ${placed.offset[at]}`;
  }
  return { sizes: Object.fromEntries(placed.sections.map(({ name, size }) => [name, size])), labels };
}

/** The same of the real assembler. */
function real(text: string, names: readonly string[]) {
  const { object, messages } = assembleText(text, { preprocess: false });
  expect(messages).toBe('');
  const sizes = Object.fromEntries(
    readSections(object!)
      .filter(({ name }) => names.includes(name))
      .map(({ name, size }) => [name, size]),
  );
  const labels = Object.fromEntries(
    readSymbols(object!).map(({ name, section, value }) => [name, `${section} ${value}`]),
  );
  return { sizes, labels };
}

const CASES: readonly (readonly [what: string, text: string])[] = [
  [
    'instructions in bundles, labels at the next one',
    'a:\tnop.m 0\n\tnop.i 0 ;;\n\tnop.i 1\nb:\tnop.b 0\n\tnop.f 0\nc:\n',
  ],
  ['a tag names a slot', '\tnop.m 0\n[t:]\tnop.i 0\n[u:]\tnop.x 0\n'],
  [
    'alignment, in bytes or by power, with and without a limit',
    'nop.m 0\n.align 64\na: nop.m 0\n.p2align 7\nb: nop.m 0\n.balign 4096,,16\nc: nop.i 0\n.align 32,0\nd:\n',
  ],
  [
    '.org goes on at an offset',
    '.section .t,"ax"\nbase:\tnop.m 0\n.org base+0x400\na: nop.i 0\n.org base+0x400+(1<<8)\nb: nop.i 0 ;;\n.org 0x600\nc:\n',
  ],
  [
    'data is aligned to its size unless it says not',
    '.data\n.byte 1\na: .quad 1,2\n.byte 1\nb: data2 3\nc: data8.ua 4\n.byte 1\nd: real10 1.0\ne: .octa 1\nf: .word 1\n',
  ],
  [
    'strings with escapes',
    '.data\na: .ascii "a\\n\\x41\\101", "b"\nb: .asciz "x","y"\nc: stringz "xy"\nd: string "xy"\ne: .string16 "ab"\nf:\n',
  ],
  [
    'room',
    '.data\na: .skip 5\nb: .space (1<<4),1\nc: .zero 3\nd: .fill 3,2,1\ne: .fill 3\nf: .ds.l 2\ng: .dcb.w 3,1\nh: .uleb128 300,5\ni: .sleb128 -65\nj: .float 1\nk: .dc.x 1\nl: .skip a+80-.\nm:\n',
  ],
  [
    'sections and back',
    'nop.m 0\na: nop.m 0\n.section .x,"a"\nb: .byte 1\n.previous\nc: nop.m 0\n.pushsection .y,"aw"\nd: data8 1\n.popsection\ne: nop.i 0\n.data\nf: .byte 1\n.previous\n.previous\n.byte 2\ng:\n',
  ],
  [
    'a section change ends the group and the bundle',
    'nop.m 0\n.section .x,"ax"\nnop.i 0\n.previous\nnop.m 0\n.section .x\nnop.i 0\na:\n',
  ],
  [
    '.xdata4 does not',
    '.section .x,"a"\n.text\na: nop.m 0\n.xdata4 ".x", 1, 2\nnop.m 1\n.xdata1 ".x", 1\n.xdata4.ua ".x",3\n.xdata8 ".x",3\n.xstringz ".x","abc"\nnop.m 0\nb:\n.section .x,"a"\nc:\n',
  ],
  ['subsections follow each other', 'nop.m 0\na:\n.text 2\nb: nop.m 0\n.subsection 1\nc: nop.i 0\n.text\nd: nop.i 0\n'],
  [
    'procedures',
    '.byte 1\n.align 16\n.proc f\nf: nop.m 0\n.endp f\na: nop.m 0\n.proc g\ng:\t.prologue\n.body\nnop.i 0\n.endp g\n',
  ],
  [
    'handler data leaves the procedure',
    '.proc f\nf: .prologue\nnop.m 0\nnop.m 0\n.handlerdata\ndata8 1\n.endp f\na: nop.i 0\n',
  ],
  ['.lcomm goes to .bss', '.lcomm a,5,8\n.lcomm b,3,4\n.lcomm c,1,16\nd: nop.m 0\n'],
  ['assigned names', 'size = 5*8\n.data\n.set more, size+1\na: .skip size\nb: .skip more\nc = b-a\n.skip c\nd:\n'],
  ['numeric labels', '.data\n1: .byte 1\n1: .byte 2\n.skip .-1b\n1:\n.skip 1b-1b+2\na:\n'],
];

const isUnwindTable = (name: string) => name.startsWith('.IA_64');

describe('layout places everything where the assembler does', () => {
  it.each(CASES)('%s', (_, text) => {
    const mine = ours(text);
    const theirs = real(text, Object.keys(mine.sizes));
    for (const [name, size] of Object.entries(theirs.sizes)) {
      if (!isUnwindTable(name)) expect(`${name} ${mine.sizes[name]}`).toBe(`${name} ${size}`);
    }
    for (const [name, place] of Object.entries(theirs.labels)) {
      if (/^[a-z]$/.test(name)) expect(`${name} ${mine.labels[name]}`).toBe(`${name} ${place}`);
    }
  });
});

describe('what the assembler refuses is reported', () => {
  it.each([
    ['.text\nbase: nop.m 0\nnop.b 0\nnop.m 0 ;;\n.org base+16\n', 'attempt to move .org backwards by 16 bytes'],
    ['.org elsewhere+16\n', 'the value of .org is not known here'],
    ['.skip 1f-.\n1:\n', 'the size it asks for is not known here'],
    ['.incbin "x.so"\n', 'the size of x.so is not known'],
    ['{ .mii\nnop.m 0\nnop.m 0\nnop.i 0\n}\n', 'does not fit into this MII bundle'],
    ['{ .mii\nnop.f 0\nnop.m 0\nnop.i 0\n}\n', 'does not fit into MII template'],
  ])('%j', (text, message) => {
    expect(layoutOf(text).placed.diagnostics.map((diagnostic) => diagnostic.message)).toContain(message);
  });

  it('takes the size of an included file from the caller', () => {
    const { placed } = layoutOf('.data\n.incbin "x.so"\n.incbin "x.so",4\n.incbin "x.so",4,2\n', (name) =>
      name === 'x.so' ? 10 : undefined,
    );
    expect(placed.sections.find(({ name }) => name === '.data')!.size).toBe(18);
  });
});

describe('vector slots', () => {
  it('have a name, a capacity up to the next .org, and the bundles they use', () => {
    const filler = 'nop.m 0 ;;\nnop.i 0 ;;\n'.repeat(40);
    const text = `.section .t,"ax"\nbase:\n.org base\n.align 32\nfirst: nop.m 0\n1: nop.m 0\n.org base+0x400\n${filler}.org base+0x500\nlast: nop.m 0\n`;
    const { placed, statements } = layoutOf(text);
    expect(
      measureSlots(placed, statements).map(({ name, offset, capacity, used }) => [name, offset, capacity, used]),
    ).toEqual([
      ['first', 0, 64, 2],
      [null, 0x400, 16, 40],
      ['last', 0x500, null, 1],
    ]);
  });
});

describe('bundlesOf', () => {
  const { A, M, I, B, F, X } = SlotType;
  it.each([
    ['nothing', [], 0],
    ['a full bundle', [M, I, B], 1],
    ['a long instruction takes two slots', [M, X, A], 2],
    ['a stop inside a bundle', [M, LayoutMark.Stop, M, I], 1],
    ['a stop no template has', [M, F, LayoutMark.Stop, I], 2],
    ['a label begins a bundle', [A, LayoutMark.Label, A], 2],
    ['a break ends one', [A, LayoutMark.Break, A], 2],
    ['an explicit bundle stands alone', [A, LayoutMark.Open, M, I, I, LayoutMark.Close, A], 3],
  ])('%s', (_, items, bundles) => {
    expect(bundlesOf(items as number[])).toBe(bundles);
  });
});

/** gate-data.S includes the shared object that the kernel links from gate.S; the tests have a stub of it. */
const includedFileSize = (name: string) => statSync(join(kernel().root, 'stub', name), { throwIfNoEntry: false })?.size;

describe('every kernel source is laid out as the assembler lays it out', () => {
  it.each(
    configurations.flatMap((each) =>
      kernel()
        .sources()
        .map((source) => [each, basename(source), source] as const),
    ),
  )('%s %s', (configuration, _, source) => {
    const { program } = analyseSource(source, configuration);
    const placed = layoutProgram(program, includedFileSize);
    expect(placed.diagnostics).toEqual([]);
    const { object } = assembleFile(source, { configuration });
    const sizes = readSections(object!).filter(({ allocated, name }) => allocated && !isUnwindTable(name));
    expect(
      Object.fromEntries(
        placed.sections
          .filter(({ name }) => !isUnwindTable(name) && sizes.some((each) => each.name === name))
          .map(({ name, size }) => [name, size]),
      ),
    ).toEqual(Object.fromEntries(sizes.map(({ name, size }) => [name, size])));
    const wrong = readSymbols(object!).filter(({ name, section, value }) => {
      const at = placed.labels.get(name);
      return at === undefined || placed.sections[placed.section[at]!]!.name !== section || placed.offset[at] !== value;
    });
    expect(wrong).toEqual([]);
  });
});

describe('where groups end is known without making bundles', () => {
  const names = ['ivt.S', 'entry.S', 'fsys.S', 'gate.S', 'head.S', 'mca_asm.S'];

  it.each(names)('%s', (name) => {
    const { program } = analyseSource(kernel().linux(name), 'smp');
    expectSameEnds(program);
  });

  it.each([
    '.text\nnop 0\n.section .d,"aw"\ndata8 1\nx: .align 8\n.previous\ny: .align 16\nnop 0\n',
    '.pushsection .other,"ax"\nz: .skip 16\n.popsection\n.proc f\nf: nop 0\n.handlerdata\ndata4 1\n.endp f\ndata4 2\n',
    '.subsection 2\na: nop 0\n.data\nb: .org b+8\n.xdata4 ".text",1\n.lcomm c,8\n',
  ])('%j', (text) => {
    expectSameEnds(programOf(text));
  });
});

function expectSameEnds(program: Program): void {
  const ends = groupEnds(program);
  const placed = layoutProgram(program);
  expect([...ends.endsGroup]).toEqual([...placed.endsGroup]);
  const labels = program.statements.flatMap(({ kind }, at) => (kind === 'label' ? [at] : []));
  expect(labels.map((at) => ends.inCode[at])).toEqual(
    labels.map((at) => (placed.sections[placed.section[at]!]?.code === true ? 1 : 0)),
  );
}

describe('counting bundles, a whole file at a time', () => {
  it.each(['ivt.S', 'entry.S', 'fsys.S', 'gate.S'])('%s has as many as its layout', (name) => {
    const { program } = analyseSource(kernel().linux(name), 'smp');
    const placed = layoutProgram(program);
    const items = program.statements.flatMap((statement, at) =>
      placed.endsGroup[at] === 1
        ? [LayoutMark.Break]
        : bundleItems(statement, program.instructions[program.instructionOf[at]!]?.effects ?? null),
    );
    expect(bundlesOf(items)).toBe(placed.sections.reduce((sum, { bundles }) => sum + bundles, 0));
  });
});

describe('the interruption vector table of Linux', () => {
  it('has 68 slots, none of them too full', () => {
    const { program } = analyseSource(kernel().linux('ivt.S'), 'smp');
    const slots = measureSlots(layoutProgram(program), program.statements);
    expect(slots).toHaveLength(68);
    expect(slots.slice(0, 3).map(({ name, offset, capacity, used }) => [name, offset, capacity, used])).toEqual([
      ['vhpt_miss', 0, 64, 23],
      ['itlb_miss', 0x400, 64, 7],
      ['dtlb_miss', 0x800, 64, 7],
    ]);
    expect(slots[20]).toMatchObject({ name: 'page_not_present', capacity: 16 });
    expect(slots.filter(({ capacity, used }) => capacity !== null && used > capacity)).toEqual([]);
    expect(slots.at(-1)!.capacity).toBeNull();
  });
});
