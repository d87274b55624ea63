/** The handler, routine or macro that an instruction is in: the name that readers of the source use for the place. */

import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { Unit } from '../project/units.ts';
import type { Site } from '../rewrite/site.ts';
import { countUpTo } from '../syntax/search.ts';
import type { MacroUse } from '../syntax/token.ts';

/**
 * The name of the macro whose body spells a site; else of the `.proc` around it; else of the label before it. Null where there is
 * none of them, and for plain code that no configuration reaches.
 */
export function handlerOfSite({ file, start, end, surroundings, instances }: Site): string | null {
  if (surroundings.define !== null) return surroundings.define.name;
  const [first] = instances;
  if (first === undefined) return null;
  const { analysis } = first.unit;
  const instruction = analysis.instructions[first.first]!;
  if (surroundings.place === 'code') {
    const chain = placesOf(instruction);
    const spelled = chain.findIndex((each) => each.file === file && start <= each.start && each.start < end);
    const carrier = chain[spelled + 1];
    if (spelled >= 0 && carrier !== undefined && 'name' in carrier) return carrier.name;
  }
  return handlerAt(first.unit, first.first);
}

/** Where an instruction is spelled, and the macro calls that carried it, innermost first. */
export function placesOf(instruction: ProgramInstruction): readonly (ProgramInstruction | MacroUse)[] {
  const places: (ProgramInstruction | MacroUse)[] = [instruction];
  for (let use = instruction.use; use !== null; use = use.parent) places.push(use);
  return places;
}

/** The `.proc` around an instruction of a unit, by its index; else the label before it in its section; null for none. */
export function handlerAt({ analysis: { program } }: Pick<Unit, 'analysis'>, index: number): string | null {
  const { routine, section, statementIndex } = program.instructions[index]!;
  if (routine >= 0) return program.routines[routine]!.name;
  const { labels } = program.symbols;
  const before = countUpTo(labels, statementIndex - 1, ({ statement }) => statement);
  for (let at = before - 1; at >= 0; at--) {
    const { name, kind, section: where } = labels[at]!;
    if (where === section && kind === 'label' && isSpoken(name)) return name;
  }
  return null;
}

/** Numeric labels, and names that begin with a dot, are targets of branches and no names that a reader would use. */
function isSpoken(name: string): boolean {
  return !/^[\d.]/.test(name);
}

/**
 * Asks for the handlers whose code a line is part of: by what it spells itself, and by the macros that it calls. The lines of a
 * project are looked through once, when it is first asked.
 */
export function handlersOfLines(units: readonly Unit[]): (file: string, line: number) => readonly string[] {
  let known: Map<string, Set<string>> | undefined;
  return (file, line) => {
    known ??= linesOf(units);
    return [...(known.get(`${file}:${line}`) ?? [])];
  };
}

function linesOf(units: readonly Unit[]): Map<string, Set<string>> {
  const lines = new Map<string, Set<string>>();
  for (const unit of units) {
    for (const instruction of unit.analysis.instructions) {
      const handler = handlerAt(unit, instruction.index);
      if (handler === null) continue;
      for (const { file, start } of placesOf(instruction)) {
        const line = `${file.name}:${file.position(start).line}`;
        const handlers = lines.get(line);
        if (handlers === undefined) lines.set(line, new Set([handler]));
        else handlers.add(handler);
      }
    }
  }
  return lines;
}
