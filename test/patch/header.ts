/** The C header of the reference patcher, made from grammar/patching.tsv. */
import { patchFormat } from '../../src/machine/patch-format.ts';

/** samples/patcher/pvasm_records.h. */
export function recordsHeader(): string {
  const { version, magic, bundle, filler, stop, branch, branchSlot, structures } = patchFormat();
  const bytes = filler.match(/../g)!.map((digits) => `0x${digits}`);
  const lines = [
    '/*',
    ' * The layout of patch records, made from grammar/patching.tsv: offsets and sizes in bytes, numbers little-endian.',
    ' * A `relative` field is the address referred to less its own. See docs/patching.md.',
    ' */',
    '#ifndef PVASM_RECORDS_H',
    '#define PVASM_RECORDS_H',
    '',
    define('VERSION_NUMBER', String(version)),
    define('MAGIC_NUMBER', `0x${magic.toString(16)}u`),
    define('BUNDLE', String(bundle)),
    define('FILLER', `{ ${bytes.slice(0, 8).join(', ')}, \\`),
    `\t\t\t\t\t  ${bytes.slice(8).join(', ')} }`,
    define('SITE_STOP', String(stop)),
    define('SITE_BRANCH', String(branch)),
    define('BRANCH_SLOT', String(branchSlot)),
  ];
  for (const [structure, { size, fields }] of structures) {
    lines.push('', define(`${structure}_SIZE`, String(size)));
    for (const { name, offset, kind, size: width } of fields)
      if (!name.startsWith('reserved'))
        lines.push(`${define(`${structure}_${name}`, String(offset))}\t/* ${width} bytes, ${kind} */`);
  }
  return [...lines, '', '#endif', ''].join('\n');
}

function define(name: string, value: string): string {
  const macro = `PVASM_${name.toUpperCase()}`;
  return `#define ${macro}${'\t'.repeat(Math.max(1, 4 - Math.floor((8 + macro.length) / 8)))}${value}`;
}
