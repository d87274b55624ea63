/**
 * A kernel that was converted by hand defines its macros once for each hypervisor, and a build chooses one set. What `check`
 * has to say is about the instruction that a macro stands for, and that no set but the native one spells.
 */
import { isOfClass } from '../machine/classes.ts';
import { formsOf } from '../machine/forms.ts';
import type { MacroDefinition } from '../preprocess/definition.ts';
import type { PreprocessOptions } from '../preprocess/types.ts';
import { findMacro, type Vocabulary, type VocabularyMacro } from './vocabulary.ts';

/**
 * Whether a source's definition of a vocabulary's macro is another hypervisor's, and the native meaning stays: it has the
 * parameters of the vocabulary by their names, and in its body there is nothing of the instruction. One without parameters
 * must become another macro: `#define RFI br.ret.sptk b0` is a meaning of its own.
 */
export function isForeign(vocabularies: readonly Vocabulary[]): NonNullable<PreprocessOptions['keeps']> {
  return (own, defined) => {
    const macro = findMacro(vocabularies, own.name);
    if (macro === undefined || macro.variadic) return false;
    const sought = instructionOf(macro);
    if (sought === null || !hasItsParameters(own, macro)) return false;
    // Without the tree's own headers its native meaning may be nothing.
    if (!calledIn(macro.native!).every((name) => defined.has(name))) return false;
    const words: readonly string[] = own.file.text.slice(own.bodyStart, own.bodyEnd).match(WORD) ?? [];
    if (own.parameters === null) return words[0] !== undefined && formsOf(words[0]).length === 0;
    return !sought.every((word) => words.includes(word));
  };
}

/** The macros that a native meaning calls: `IA64_KR(kr)`. */
function calledIn(native: string): readonly string[] {
  return [...native.matchAll(/(\w+)\(/g)].map(([, name]) => name!);
}

/** A mnemonic, a register with its class (`cr.ifa`), a name. */
const WORD = /[\w.]+/g;

function hasItsParameters({ parameters }: MacroDefinition, macro: VocabularyMacro): boolean {
  if (parameters === null || macro.parameters === null) return parameters === macro.parameters;
  return parameters.join() === macro.parameters.map(({ name }) => name).join();
}

/** What tells the instruction of a native meaning: its mnemonic and, for a move, its register; null: it is a name. */
function instructionOf({ native, parameters }: VocabularyMacro): readonly string[] | null {
  if (native === null) return null;
  const given = new Set(parameters?.map(({ name }) => name));
  const [mnemonic, ...operands] = (native.split(';')[0]!.match(WORD) ?? []).filter((word) => !given.has(word));
  const forms = mnemonic === undefined ? [] : formsOf(mnemonic);
  if (mnemonic === undefined || forms.length === 0) return null;
  return forms.some((form) => isOfClass(form, 'moves')) ? [mnemonic, ...operands.slice(0, 1)] : [mnemonic];
}
