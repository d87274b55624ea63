import { expect, test } from 'vitest';
import { jointChoice, splitJoint, withPaths } from '../../src/cli/joint-targets.ts';
import type { Target } from '../../src/expand/target.ts';

const noFile = () => false;
const read = (name: string) => ({ name: name.replace(/^.*\//, '').replace(/\.S$/, '') }) as Target;

function choice(label: string) {
  return jointChoice(label, splitJoint(label, noFile)!, read);
}

test('joined targets are one choice, with native at the sites', () => {
  const { label, target, joined, alternative } = choice('xen+native+./x/acme.S:d');
  expect({ label, target: target.name, alternative, joined: joined!.map(({ name }) => name) }).toEqual({
    label: 'xen+native+acme:d',
    target: 'native',
    alternative: 'D',
    joined: ['xen', 'native', 'acme'],
  });
});

test('e and c are their other alternatives; a second letter says what c falls back to', () => {
  expect(choice('native+xen:E')).toMatchObject({ label: 'native+xen:e', alternative: 'E' });
  expect(choice('native+xen:c')).toMatchObject({ label: 'native+xen:c', alternative: 'C' });
  expect(choice('native+xen:c')).not.toHaveProperty('fallback');
  expect(choice('native+xen:CE')).toMatchObject({ label: 'native+xen:ce', alternative: 'C', fallback: 'E' });
  expect(choice('native+xen:ct')).toMatchObject({ label: 'native+xen:ct', alternative: 'C', fallback: 'trap' });
});

test('a name without + is no joint one, nor is a file that has one in its name', () => {
  expect(splitJoint('xen:a', noFile)).toBeNull();
  expect(splitJoint('c++/acme.S:b', (path) => path === 'c++/acme.S')).toBeNull();
});

test.each([
  ['native+xen', 'needs? the letter of an alternative that serves several: native\\+xen:d'],
  ['native+xen:a', 'alternative a serves one target'],
  ['native+xen:q', "there is no alternative 'q'; joined targets take c, ce, ct, d or e"],
  ['native+xen:cd', "there is no alternative 'cd'"],
  ['native+xen:cet', "there is no alternative 'cet'"],
  ['native:b+xen:d', "the letter stands once, behind the last target, not in 'native:b'"],
  ['native+:d', "a name is missing beside '\\+'"],
  ['native+xen+xen:d', 'two of the joined targets are called xen'],
  ['native+xen+./own/xen.S:d', 'two of the joined targets are called xen'],
  ['xen+kvm:d', 'native must be among them'],
  ['native+a b:d', "'a b' cannot be part of the name of a section"],
])('%s is refused', (label, message) => {
  expect(() => choice(label)).toThrow(new RegExp(`^target ${label.replace(/[+.]/g, '\\$&')}: .*${message}`));
});

test('paths of pvasm.toml are those of its folder', () => {
  const at = (path: string) => `there/${path}`;
  expect(withPaths('native+xen+./acme.S:d', at)).toBe('native+xen+there/./acme.S:d');
  expect(withPaths('native+./acme.S:ce', at)).toBe('native+there/./acme.S:ce');
  expect(withPaths('xen:a', at)).toBe('xen:a');
  expect(withPaths('../acme.S:b', at)).toBe('there/../acme.S:b');
});
