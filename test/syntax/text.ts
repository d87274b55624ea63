import fc from 'fast-check';

/** Any bytes, as source text has them: one character, one byte. */
export const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) });

/** Text with many of the characters that matter. */
export const sourceText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...' \t\n\\/*\'"#;:{}()[],=.@+-<>|&~!$?%ab1_\0\r\f\xe9'),
    fc.constantFrom(
      '\r\n',
      '\\\n',
      '//',
      '/*',
      '*/',
      ';;',
      '##',
      'mov',
      'r8',
      '0x1e+',
      '#define',
      '#if 0\n',
      '#endif\n',
      '.macro',
      '(p6)',
    ),
  ),
  maxLength: 200,
});
