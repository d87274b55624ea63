/** Targets by name or path, and errors that end a command. */
import { suggestion } from '../config/suggestion.ts';
import { type Hypercalls, loadHypercalls, NO_HYPERCALLS } from '../expand/hypercalls.ts';
import type { TargetChoice } from '../expand/plan.ts';
import { loadTarget, type Target } from '../expand/target.ts';
import { targetFolder } from '../output-places.ts';
import type { Operations } from '../project/operations.ts';
import { SourceText } from '../syntax/source.ts';
import { Failure } from './failure.ts';
import { readOptional, readSource } from './files.ts';
import { isJointLetter, jointChoice, splitJoint } from './joint-targets.ts';
import { failOnErrors } from './messages.ts';
import { splitTarget, targetLabel } from './path-text.ts';
import { shippedHypercalls, shippedTargetNames, shippedTargets } from './shipped.ts';

/** `xen`, `xen:a`, `./kvm.S:b`, `native+xen:d` and the like as choices; each target file is read once. */
export function chooseTargets(names: readonly string[], operations: Operations): TargetChoice[] {
  const targets = new Map<string, Target>();
  const read = (name: string): Target => {
    let target = targets.get(name);
    if (target === undefined) {
      target = readTarget(name, operations);
      targets.set(name, target);
    }
    return target;
  };
  const choices = [...new Set(names)].map((label): TargetChoice => {
    const joint = splitJoint(label, (path) => readOptional(path) !== undefined);
    if (joint !== null) return jointChoice(label, joint, read);
    const { name, letter: given } = splitTarget(label);
    const letter = given?.toUpperCase() ?? null;
    if (given !== null && isJointLetter(given))
      throw new Failure(`target ${label}: alternative ${given} serves several targets, such as native+xen:${given}`);
    if (letter !== null && letter !== 'A' && letter !== 'B')
      throw new Failure(`target ${label}: there is no alternative '${given}'; choose a or b`);
    return { label: targetLabel(label), target: read(name), alternative: letter };
  });
  refuseAlike(choices);
  return choices;
}

/** Listings go to folders that are called like their targets. */
function refuseAlike(choices: readonly TargetChoice[]): void {
  const folders = new Set<string>();
  for (const { label } of choices) {
    const folder = targetFolder(label);
    if (folders.has(folder)) throw new Failure(`two targets are called ${folder}: their listings would be one`);
    folders.add(folder);
  }
}

function readTarget(name: string, operations: Operations): Target {
  const shipped = Object.hasOwn(shippedTargets, name) ? shippedTargets[name] : undefined;
  if (shipped === undefined && !/[./\\]/.test(name)) {
    const names = shippedTargetNames();
    throw new Failure(
      `unknown target '${name}'; shipped are ${names.join(', ')}, or give the path of a target file${suggestion(name, names)}`,
    );
  }
  const source = shipped === undefined ? readSource(name) : new SourceText(`grammar/targets/${name}.S`, shipped);
  const { target, diagnostics } = loadTarget(source, operations.all, readHypercalls(name));
  failOnErrors(diagnostics);
  return target;
}

/** The table of hypercalls beside a target file: `acme.tsv` beside `acme.S`. */
function readHypercalls(name: string): Hypercalls {
  const shipped = shippedHypercalls.get(name);
  const path = shipped === undefined ? name.replace(/(\.[^./\\]*)?$/, '.tsv') : `grammar/targets/${name}.tsv`;
  const text = shipped ?? readOptional(path);
  if (text === undefined) return NO_HYPERCALLS;
  const { hypercalls, diagnostics } = loadHypercalls(new SourceText(path, text));
  failOnErrors(diagnostics);
  return hypercalls;
}
