/** One instruction of every form and spelling, with sample operands that GNU as accepts. */
import { allForms, type FormLine, type OperandKind } from '../../src/machine/forms.ts';
import { expandPattern } from '../../src/machine/pattern.ts';

const OPERANDS: Readonly<Record<string, string>> = {
  r0: 'r0',
  kr: 'ar.k3',
  timer: 'ar.itc',
  ar3m: 'ar.ccv',
  ar3i: 'ar.lc',
  ar3a: 'ar50',
  cr3: 'cr.dcr',
  dahr3: 'dahr3',
  '1': '1',
  imm1: '-1',
  imm16u: '4660',
  mask44: '0x30000',
  inc3: '8',
  level2: '2',
  count2: '2',
  count2c: '7',
  r3short: 'r2',
  feature5: '40',
  inputs: '4',
  locals: '8',
  outputs: '4',
  rotating: '8',
  tag13: '.',
  target25: 'here',
  target64: 'here',
  symbol: 'here#',
  stride5: '64',
  fclass9: '@nat',
};

/** Registers of the operands r1, r2, r3 and their like. */
export type Registers = Readonly<Record<string, string>>;

export const someRegisters: Registers = {
  r1: 'r14',
  r2: 'r15',
  r3: 'r18',
  f1: 'f6',
  f2: 'f9',
  f3: 'f10',
  f4: 'f11',
  p1: 'p6',
  p2: 'p7',
  b1: 'b6',
  b2: 'b7',
};

/** The form written out with one of its mnemonics. */
export function sample(form: FormLine, mnemonic: string, registers: Registers = someRegisters): string {
  const write = (kind: OperandKind): string => operand(form, kind, mnemonic, registers);
  const outputs = form.outputs.map(write).join(', ');
  const inputs = form.inputs.map(write).join(', ');
  return `${mnemonic} ${outputs}${outputs === '' ? '' : ' = '}${inputs}`.trim();
}

function operand(form: FormLine, kind: OperandKind, mnemonic: string, registers: Registers): string {
  if (kind.shape === 'memory') return `[${registers[kind.name]}]`;
  if (kind.shape === 'indexed') return `${kind.fixed}[${registers[kind.name]}]`;
  if (kind.word === 'mask24') return form.id === 'sum' || form.id === 'rum' ? '0x2' : '0x2000';
  if (kind.word === 'mux') return mnemonic === 'mux1' ? '@rev' : '0x1b';
  if (kind.word === 'size') return mnemonic.startsWith('ldfps') ? '8' : '16';
  if (form.id.startsWith('lfetch-count') && kind.word === 'count6') return '5';
  return OPERANDS[kind.word] ?? registers[kind.word] ?? kind.fixed ?? '8';
}

export interface Sample {
  readonly form: FormLine;
  readonly mnemonic: string;
  readonly text: string;
}

/** Every mnemonic of every form. */
export function allSamples(): Sample[] {
  return allForms().flatMap((form) =>
    expandPattern(form.pattern).map((mnemonic) => ({ form, mnemonic, text: sample(form, mnemonic) })),
  );
}

/** The first mnemonic of every form. */
export function oneSampleEach(registers: Registers = someRegisters): Sample[] {
  return allForms().map((form) => {
    const mnemonic = expandPattern(form.pattern)[0]!;
    return { form, mnemonic, text: sample(form, mnemonic, registers) };
  });
}
