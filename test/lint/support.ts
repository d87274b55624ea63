import { type Finding, fingerprinter } from '../../src/lint/finding.ts';
import type { FormatContext } from '../../src/lint/formats/format.ts';
import { SourceText } from '../../src/syntax/source.ts';

/** A finding at the first place where `at` stands in the file. */
export function findingAt(file: SourceText, at: string, fields: Partial<Finding> = {}): Finding {
  const start = file.text.indexOf(at);
  if (start === -1) throw new Error(`${JSON.stringify(at)} is not in ${file.name}`);
  const place = { file, start, end: start + at.length };
  const rule = fields.rule ?? 'PV002';
  return {
    rule,
    severity: 'warning',
    message: 'the scratch register r18 is live',
    ...place,
    related: [],
    condition: null,
    fix: null,
    fingerprint: fingerprinter((each) => each.name)(rule, place),
    ...fields,
  };
}

export const CONTEXT: FormatContext = {
  nameOf: (file) => file.name,
  rules: [
    { id: 'PV001', name: 'bare-instruction', severity: 'warning', summary: 'A bare instruction.' },
    { id: 'PV002', name: 'live-scratch', severity: 'error', summary: 'A scratch register is live.' },
  ],
  pageOf: (rule) => `https://example.org/rules/${rule}.md`,
  tool: { name: 'pvasm', version: '1.2.3', page: 'https://example.org/' },
  colour: false,
};

export const IVT = new SourceText(
  'arch/ia64/kernel/ivt.S',
  [
    'ENTRY(vhpt_miss)',
    '\tASM_READ_IFA(b6, r16, r18)\t// fault address',
    '\t;;',
    '\tmov r19=r18',
    '\tASM_READ_IFA(b6, r16,   r18) // fault address',
    '\tASM_READ_IFA(b6, r16, r18)\t// fault address',
    'END(vhpt_miss)',
    '',
  ].join('\n'),
);
