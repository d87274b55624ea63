/** The targets of grammar/targets/: most of their bodies were expanded when the bundle was made (shipped.data.ts). */
import { SourceText } from '../syntax/source.ts';
import { type ShippedMacro, shippedMacros } from './shipped.data.ts';
import { loadTarget, type OperationSignature, type Target, type TargetMacro } from './target.ts';

/**
 * A target that ships with the tool. Its file is read when a site needs a body that was not foreseen.
 *
 * @param text the text of its file
 */
export function shippedTarget(name: string, text: string, operations: readonly OperationSignature[]): Target {
  let read: Target | undefined;
  const inFile = (operation: string): TargetMacro => {
    read ??= loadTarget(new SourceText(`${name}.S`, text), operations).target;
    return read.macros.get(operation)!;
  };
  const shipped = shippedMacros[name]!;
  const macros = new Map<string, TargetMacro>();
  for (const operation of operations) {
    const macro = shipped[operation.name];
    if (macro !== undefined)
      macros.set(
        operation.name,
        withBodies(macro, operation, () => inFile(operation.name)),
      );
  }
  return { name, macros };
}

function withBodies(
  { needs, named, templates }: ShippedMacro,
  operation: OperationSignature,
  inFile: () => TargetMacro,
): TargetMacro {
  const names = new Set(named);
  return {
    operation,
    needs,
    named: () => names,
    templates: new Map(Object.entries(templates)),
    expand: (parameters, texts) => inFile().expand(parameters, texts),
  };
}
