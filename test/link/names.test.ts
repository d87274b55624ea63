import { expect, test } from 'vitest';
import { isShared, nameIn } from '../../src/link/names.ts';

const rules = {
  shared: ['swapper_pg_dir', '*_data'],
  renames: [
    { target: 'kvm:b', symbol: '*', as: 'k_*' },
    { target: null, symbol: 'ia64_*', as: '{target}_*' },
    { target: 'native', symbol: 'start', as: 'native_start' },
    { target: null, symbol: 'ia64_never', as: 'met' },
  ],
};

test.each([
  ['xen', 'ia64_ivt', 'xen_ivt'],
  ['xen', 'memcpy', 'xen_memcpy'],
  ['xen:a', 'ia64_ivt', 'xen_a_ivt'],
  ['xen', 'ia64_never', 'xen_never'],
  ['kvm:b', 'ia64_ivt', 'k_ia64_ivt'],
  ['kvm', 'ia64_ivt', 'kvm_ivt'],
  ['xen', 'swapper_pg_dir', 'swapper_pg_dir'],
  ['xen', 'per_cpu_data', 'per_cpu_data'],
  ['xen', '_data_', 'xen__data_'],
])('in %s %s is called %s', (label, name, called) => {
  expect(nameIn(label, name, rules, false)).toBe(called);
});

test('the first variant keeps the names, but for rules that name it', () => {
  expect(nameIn('native', 'ia64_ivt', rules, true)).toBe('ia64_ivt');
  expect(nameIn('native', 'start', rules, true)).toBe('native_start');
});

test('what * stands for is put in as it is', () => {
  const odd = { shared: [], renames: [{ target: null, symbol: '*', as: '$&*' }] };
  expect(nameIn('xen', 'a', odd, false)).toBe('$&a');
});

test('a pattern is for whole names', () => {
  expect(isShared('my_swapper_pg_dir', rules)).toBe(false);
  expect(isShared('data', { ...rules, shared: ['da*ata'] })).toBe(false);
});
