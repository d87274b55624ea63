/** Places and conditions as a report shows them. */
import { analyseStructure, type ConditionalBranch, isGuard } from '../preprocess/structure.ts';
import type { SourceText } from '../syntax/source.ts';
import type { SourceLocation } from './model.ts';

export function placeOf({ file, start }: { readonly file: SourceText; readonly start: number }): SourceLocation {
  return { file: file.name, ...file.position(start) };
}

/** `ivt.S:123` */
export function placeText({ file, line }: SourceLocation): string {
  return `${file}:${line}`;
}

/** Source text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\\?\s+/g, ' ').trim();
}

/** Asks for the `#if` directives of all branches around an offset, outermost first; each file is cut up once. */
export function conditionFinder(): (file: SourceText, offset: number) => readonly string[] {
  const known = new Map<SourceText, readonly ConditionalBranch[]>();
  return (file, offset) => {
    let branches = known.get(file);
    if (branches === undefined) {
      branches = branchesOf(file);
      known.set(file, branches);
    }
    return branches.filter(({ bodyStart, bodyEnd }) => bodyStart <= offset && offset < bodyEnd).map(branchText);
  };
}

/** All branches of a file but the guard around it. */
function branchesOf(file: SourceText): ConditionalBranch[] {
  const structure = analyseStructure(file);
  return structure.groups.filter((group) => !isGuard(structure, group)).flatMap(({ branches }) => branches);
}

/** `#ifdef CONFIG_SMP`; an `#else` names what it is the other side of. */
function branchText({ keyword, expression, group }: ConditionalBranch): string {
  const text = oneLine(`#${keyword} ${withoutComment(expression)}`);
  if (keyword !== 'else') return text;
  const [first, ...others] = group.branches;
  const opened = oneLine(`#${first!.keyword} ${withoutComment(first!.expression)}`);
  return others.length > 1 ? `#else of ${opened} ...` : `#else of ${opened}`;
}

function withoutComment(text: string): string {
  return text.replace(/\/\*.*?(\*\/|$)|\/\/.*$/gs, ' ');
}
