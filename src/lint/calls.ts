/**
 * Calls of vocabulary macros as the code has them: what is written (`sites.ts`) together with every place where an
 * analysis met its native instructions. A call in a `#define` body is met once for each expansion, a call in a header
 * once for each source, and all of them in every configuration.
 */

import type { ProgramInstruction } from '../analysis/program/program.ts';
import type { MacroDefinition } from '../preprocess/definition.ts';
import type { Project } from '../project/project.ts';
import type { Unit } from '../project/units.ts';
import type { SourceText } from '../syntax/source.ts';
import type { MacroUse } from '../syntax/token.ts';
import type { SourceRange } from './finding.ts';
import type { CallInstance, MacroCall } from './macro-call.ts';
import { metArguments } from './met-arguments.ts';
import type { MacroSite, RegisterResolver } from './sites.ts';
import { findMacro, type Vocabulary, type VocabularyMacro } from './vocabulary.ts';

/** Puts the instances to the sites. `sites` are those of one file each, by its text. */
export function macroCalls(
  project: Project,
  sitesOf: (file: SourceText) => readonly MacroSite[],
  vocabularies: readonly Vocabulary[],
  resolve: RegisterResolver,
): readonly MacroCall[] {
  const instances = new Map<MacroSite, CallInstance[]>();
  const lookups = new Map<SourceText, ReadonlyMap<number, MacroSite>>();
  const siteAt = (file: SourceText, start: number): MacroSite | undefined => {
    const { file: own } = project.tree(file).tree;
    let lookup = lookups.get(own);
    if (lookup === undefined) {
      lookup = new Map(sitesOf(own).map((site) => [site.nameStart, site]));
      lookups.set(own, lookup);
    }
    return lookup.get(start);
  };
  const names = vocabularies.flatMap(({ macros }) => [...macros.keys()]);
  const anyName = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const file of project.editable()) {
    // Most files of a kernel have none, and need not be parsed to know.
    if (names.length > 0 && anyName.test(file.text)) for (const site of sitesOf(file)) instances.set(site, []);
  }
  for (const unit of project.units) {
    for (const { use, first, last } of callRuns(unit, vocabularies)) {
      const site = siteAt(use.file, use.start);
      if (site === undefined) continue;
      const list = instances.get(site) ?? [];
      list.push({ unit, first, last, args: metArguments(site, use, unit, first, resolve) });
      instances.set(site, list);
    }
  }
  const others = definedOtherwise(project, vocabularies);
  return [...instances].flatMap(([site, met]) => (others.has(site.macro) ? [] : [{ ...site, instances: met }]));
}

/** Macros that the source itself defines as something else: with other parameters, or as a macro of the assembler. */
function definedOtherwise({ units }: Project, vocabularies: readonly Vocabulary[]): ReadonlySet<VocabularyMacro> {
  const others = new Set<VocabularyMacro>();
  for (const { macros, defines } of vocabularies) {
    for (const macro of macros.values()) {
      for (const { preprocessed } of units) {
        if (isDefinedOtherwise(macro, preprocessed.macros.get(macro.name), defines)) others.add(macro);
      }
    }
  }
  return others;
}

function isDefinedOtherwise(
  { native, parameters, variadic }: VocabularyMacro,
  definition: MacroDefinition | undefined,
  defines: SourceText,
): boolean {
  if (definition === undefined) return native !== null;
  if (definition.file === defines || variadic) return false;
  // Another name for a macro with parameters: `#define DO_SAVE_MIN IA64_NATIVE_DO_SAVE_MIN`. What it names is its version.
  if (definition.parameters === null) return native !== null && parameters !== null;
  return native === null || definition.parameters.length !== parameters?.length;
}

interface CallRun {
  readonly use: MacroUse;
  readonly first: number;
  readonly last: number;
}

/** The runs of instructions that one call of a vocabulary macro gave, in program order. */
function callRuns(unit: Unit, vocabularies: readonly Vocabulary[]): readonly CallRun[] {
  const runs: { use: MacroUse; first: number; last: number }[] = [];
  unit.analysis.instructions.forEach(({ use }, index) => {
    const call = vocabularyUse(use, vocabularies);
    if (call === null) return;
    const open = runs.at(-1);
    // One expansion is one chain of uses: the same call in another expansion of the macro around it is another run.
    if (open?.use === call && open.last === index - 1) open.last = index;
    else runs.push({ use: call, first: index, last: index });
  });
  return runs;
}

/**
 * The innermost call of a vocabulary macro whose body (not an argument) gave a token. `DO_SAVE_MIN(COVER, ...)` spells its
 * first argument itself: the `cover` there belongs to `COVER`.
 */
export function vocabularyUse(use: MacroUse | null, vocabularies: readonly Vocabulary[]): MacroUse | null {
  for (let at = use; at !== null; at = at.parent) {
    if (at.argument) continue;
    const macro = findMacro(vocabularies, at.name);
    if (macro !== undefined && macro.native !== null) return at;
  }
  return null;
}

/**
 * Where a person would look for an instruction: the call of a vocabulary macro that gave it, else where it is spelled.
 * Native bodies are in files of the tool, or in a header that is the same for all calls.
 */
export function placeOfInstruction(instruction: ProgramInstruction, vocabularies: readonly Vocabulary[]): SourceRange {
  const { file, start, end } = vocabularyUse(instruction.use, vocabularies) ?? instruction;
  return { file, start, end };
}
