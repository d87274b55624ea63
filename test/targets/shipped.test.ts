import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import nativeText from '../../grammar/targets/native.S';
import xenText from '../../grammar/targets/xen.S';
import { bodyTemplate, expandBody } from '../../src/expand/body.ts';
import { bodyFacts, type CanonicalArguments } from '../../src/expand/facts.ts';
import { shippedMacros } from '../../src/expand/shipped.data.ts';
import { shippedTarget } from '../../src/expand/shipped.ts';
import { loadTarget } from '../../src/expand/target.ts';
import { operations } from '../../src/project/operations.data.ts';
import { SourceText } from '../../src/syntax/source.ts';
import { siteOf } from './sites.ts';

describe.each([
  ['native', nativeText],
  ['xen', xenText],
])('%s', (name, text) => {
  const { target: fromFile } = loadTarget(new SourceText(`${name}.S`, text), operations);
  const shipped = shippedTarget(name, text, operations);

  test('has a macro for the same operations, with the same needs', () => {
    expect([...shipped.macros.keys()]).toEqual([...fromFile.macros.keys()]);
    for (const [operation, { needs, named }] of shipped.macros) {
      expect(needs).toEqual(fromFile.macros.get(operation)!.needs);
      expect(named()).toEqual(fromFile.macros.get(operation)!.named());
    }
  });

  test('no body that was foreseen is wrong', () => {
    for (const { templates } of Object.values(shippedMacros[name]!))
      for (const [key, { kind }] of Object.entries(templates))
        expect({ key, kind }).not.toEqual({ key, kind: 'broken' });
  });

  test.each(operations.filter((operation) => shipped.macros.has(operation.name)).map((operation) => [operation.name]))(
    '%s: the same bodies as from its file, foreseen or not',
    (operationName) => {
      const operation = operations.find((each) => each.name === operationName)!;
      fc.assert(
        fc.property(siteOf(operation, fromFile), ({ site }) => {
          expect(expandBody(shipped, operationName, site)).toEqual(expandBody(fromFile, operationName, site));
          const canonical = site as CanonicalArguments; // its registers are texts
          expect(bodyFacts(shipped, operation, canonical)).toEqual(bodyFacts(fromFile, operation, canonical));
          expect(bodyTemplate(shipped, operationName, site)).toEqual(bodyTemplate(fromFile, operationName, site));
        }),
        { numRuns: 60 },
      );
    },
  );
});
