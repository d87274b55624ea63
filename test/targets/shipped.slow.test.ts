/** The shipped targets have none of the problems that test/targets/problems.test.ts makes a file have. */
import { expect, test } from 'vitest';
import kvmTarget from '../../grammar/targets/kvm.S';
import kvmTable from '../../grammar/targets/kvm.tsv';
import nativeTarget from '../../grammar/targets/native.S';
import poisonTarget from '../../grammar/targets/poison.S';
import traceTarget from '../../grammar/targets/trace.S';
import xenTarget from '../../grammar/targets/xen.S';
import xenTable from '../../grammar/targets/xen.tsv';
import { loadHypercalls, NO_HYPERCALLS } from '../../src/expand/hypercalls.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { tryTarget } from '../../src/expand/trial.ts';
import { operations } from '../../src/project/operations.data.ts';
import { SourceText } from '../../src/syntax/source.ts';

test.each([
  ['native', nativeTarget, NO_HYPERCALLS],
  ['poison', poisonTarget, NO_HYPERCALLS],
  ['trace', traceTarget, NO_HYPERCALLS],
  ['kvm', kvmTarget, loadHypercalls(new SourceText('kvm.tsv', kvmTable)).hypercalls],
  ['xen', xenTarget, loadHypercalls(new SourceText('xen.tsv', xenTable)).hypercalls],
])(
  'of %s nothing is wrong',
  (_, text, hypercalls) => {
    const { target, diagnostics } = loadTarget(new SourceText('shipped.S', text), operations, hypercalls);
    expect([...diagnostics, ...tryTarget(target, operations).diagnostics]).toEqual([]);
  },
  300_000,
);
