import { expect, test } from 'vitest';
import { assembleFile, assembleText, countInstructions, disassemble, image, textBytes } from './assemble.ts';
import { configurations, kernel } from './kernel.ts';

test('the kernel has 33 sources, which assemble silently in both configurations', () => {
  const { sources } = kernel();
  expect(sources()).toHaveLength(33);
  for (const configuration of configurations) {
    for (const file of sources()) {
      const { object, messages } = assembleFile(file, { configuration });
      expect({ file, messages }).toEqual({ file, messages: '' });
      expect(object).not.toBeNull();
    }
  }
});

test('plain sources give the same image as the hand macros', () => {
  for (const name of ['ivt.S', 'entry.S', 'fsys.S', 'gate.S', 'head.S']) {
    for (const configuration of configurations) {
      const plain = assembleFile(kernel().plain(name), { configuration });
      const hand = assembleFile(kernel().linux(name), { configuration });
      expect(plain.messages).toBe('');
      expect(image(plain.object!), name).toEqual(image(hand.object!));
    }
  }
});

test('a dependency violation is a message and an error leaves no object', () => {
  expect(assembleText('add r8=r9,r10\nadd r11=r8,r9\n').messages).toMatch(/:2: Warning: .*RAW/);
  expect(assembleText('add r8=r9,r10\nadd r11=r8,r9\n', { explicit: false }).messages).not.toContain('RAW');
  expect(assembleText('frobnicate r8\n')).toMatchObject({ object: null });
});

test('instructions, stops and bytes are counted without nops', () => {
  const { object } = assembleText('(p6) mov r8=cr.ivr ;;\n movl r9=0x123456789\n nop.i 0 ;;\n .data\n data8 1\n');
  expect(
    disassemble(object!).map(({ predicate, mnemonic, operands, stop }) => [predicate, mnemonic, operands, stop]),
  ).toEqual([
    ['p06', 'mov', 'r8=cr.ivr', true],
    ['', 'nop.m', '0x0', false],
    ['', 'nop.i', '0x0', false],
    ['', 'nop.m', '0x0', false],
    ['', 'movl', 'r9=0x123456789', false],
    ['', 'nop.m', '0x0', false],
    ['', 'nop.i', '0x0', false],
    ['', 'nop.i', '0x0', true],
  ]);
  expect(countInstructions(object!)).toMatchObject({ instructions: 2, stops: 2, bytes: 48 });
  const padded = assembleText(' mov r8=r9 ;;\n .org .text+0x400\n mov r8=r9 ;;\n').object!;
  expect(countInstructions(padded)).toMatchObject({ instructions: 2, stops: 2, bytes: 1040 });
  expect(Object.keys(textBytes(object!))).toEqual(['.text']);
  expect(Object.keys(image(object!))).toEqual(['.text', '.data']);
});

test('images differ where a relocation differs', () => {
  const call = (name: string) => image(assembleText(`br.call.sptk rp=${name}\n`).object!);
  expect(call('one')).toEqual(call('one'));
  expect(call('one')).not.toEqual(call('two'));
});
