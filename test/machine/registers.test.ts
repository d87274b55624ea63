import { describe, expect, test } from 'vitest';
import { resourceRegister } from '../../src/machine/register-table.ts';
import {
  AR,
  BR,
  CR,
  FR,
  GR,
  PR,
  psrBit,
  RESOURCE_COUNT,
  resourceName,
  resourceNamed,
} from '../../src/machine/resources.ts';
import { resolveRegister } from '../../src/machine/scope.ts';

describe('registers', () => {
  test.each([
    ['r0', 'r0', 'constant'],
    ['gp', 'r1', 'special'],
    ['sp', 'r12', 'special'],
    ['tp', 'r13', 'special'],
    ['ret0', 'r8', 'return'],
    ['ret3', 'r11', 'return'],
    ['r127', 'r127', 'stacked'],
    ['f127', 'f127', 'scratch'],
    ['farg7', 'f15', 'argument'],
    ['fret0', 'f8', 'argument'],
    ['p0', 'p0', 'constant'],
    ['p63', 'p63', 'preserved'],
    ['rp', 'b0', 'scratch'],
    ['b5', 'b5', 'preserved'],
    ['ar.k7', 'ar.k7', 'kernel'],
    ['ar64', 'ar.pfs', 'special'],
    ['ar50', 'ar50', 'ignored'],
    ['cr65', 'cr.ivr', 'event'],
    ['cr.iib1', 'cr.iib1', 'special'],
    ['dahr3', 'dahr3', 'special'],
    ['pr.rot', 'pr.rot', null],
    ['psr.l', 'psr.l', null],
    ['ip', 'ip', 'special'],
  ])('%s is %s, %s', (name, canonical, role) => {
    expect(resolveRegister(name)).toMatchObject({ name: canonical, role });
  });

  test.each(['r128', 'f128', 'p64', 'b8', 'ar128', 'cr128', 'R8', 'ret4', 'memory', 'ar.fpsr.rv', 'rr', 'in0', 'x'])(
    '%s is none',
    (name) => {
      expect(resolveRegister(name)).toBeUndefined();
    },
  );

  test('a frame names the stacked ones', () => {
    const frame = { inputs: 2, locals: 3, outputs: 4, rotating: 0 };
    const names = ['in0', 'in1', 'in2', 'loc0', 'loc2', 'loc3', 'out0', 'out3', 'out4', 'in', 'in01x'];
    expect(names.map((name) => resolveRegister(name, frame)?.name)).toEqual([
      'r32',
      'r33',
      undefined,
      'r34',
      'r36',
      undefined,
      'r37',
      'r40',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('resources', () => {
  test('names and numbers belong to each other', () => {
    const names = Array.from({ length: RESOURCE_COUNT }, (_, resource) => resourceName(resource));
    expect(new Set(names).size).toBe(RESOURCE_COUNT);
    names.forEach((name, resource) => {
      expect(resourceNamed(name)).toBe(resource);
    });
    expect(resourceNamed('nothing')).toBe(-1);
  });

  test('numbered registers', () => {
    expect([GR(31), FR(2), PR(6), BR(7), AR(64), CR(20), psrBit(13), psrBit(44)].map(resourceName)).toEqual([
      'r31',
      'f2',
      'p6',
      'b7',
      'ar.pfs',
      'cr.ifa',
      'psr.ic',
      'psr.bn',
    ]);
    expect(psrBit(6)).toBe(-1);
  });

  test('every number of a class is one register', () => {
    for (const [count, resource] of [
      [128, GR],
      [128, FR],
      [64, PR],
      [8, BR],
      [128, AR],
      [128, CR],
    ] as const)
      for (let number = 0; number < count; number++)
        if (isThere(resource, number)) expect(resourceRegister(resource(number)).number).toBe(number);
  });
});

/** ar and cr numbers that the manual lists neither as registers nor as reserved. */
function isThere(resource: (number: number) => number, number: number): boolean {
  try {
    return resource(number) >= 0;
  } catch {
    return false;
  }
}
