/** The table of the ways, as the documentation has it. */
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { pvasm, vectorFiles } from '../acceptance/listings.ts';
import { kernel } from '../support/kernel.ts';
import { callPvasm } from '../support/pvasm.ts';

const HEAD = `# The ways to serve the bare machine and a hypervisor

The discussion of 2008 weighed these ways by opinion; \`pvasm report --alternatives\` measures them. A way is chosen by its
letter (\`-t xen:a\`, \`-t native+xen:d\`), or by naming a target without one; \`dual\` is \`--link-together\`. This page is its
output for the four files of Linux 6.1 that hold nearly all sites, SMP, and for the samples. Data are records, replacements
([patching.md](patching.md)) and tables ([table.md](table.md)).
`;

/** Headings one level down. */
function section(title: string, files: readonly string[], flags: readonly string[]): string {
  const { status, stdout } = pvasm(['report', '--alternatives', '--format', 'md', ...files, ...flags]);
  expect(status).toBe(0);
  const named = files.reduce((text, file) => text.replaceAll(file, basename(file)), stdout);
  const inHeaders = named
    .replaceAll(/\/[\w./-]*\/(?=[\w-]+\.[Sh]\b)/g, '')
    .replaceAll(/\S*\/(?=(?:minstate|native_asm|paravirt_inst)\.h\b)/g, '');
  return `\n${inHeaders.replace(/^# .*$/m, `# ${title}`).replaceAll(/^#/gm, '##')}`;
}

test.each([
  ['-t xen -t samples/acme.S', /compares the ways for one target beside native: give one -t/],
  ['-t native+xen:d', /joins the targets itself: give -t xen/],
  ['-t xne', /unknown target 'xne'/],
  ['--at leave_kernel', /Arguments alternatives and at are mutually exclusive|alternatives.*at/],
])('--alternatives %s is refused', (words, message) => {
  const args = ['report', '--alternatives', 'samples/entry.S', ...words.split(' ')];
  const { status, stdout, stderr } = callPvasm(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('docs/alternatives.md', async () => {
  const linux = section(
    'Linux 6.1',
    vectorFiles.map((name) => kernel().plain(name)),
    kernel().flags('smp'),
  );
  const samples = section('The samples', ['samples/ivt.S', 'samples/entry.S'], ['-DCONFIG_SMP']);
  await expect(`${HEAD}${linux}${samples}`).toMatchFileSnapshot('../../docs/alternatives.md');
});
