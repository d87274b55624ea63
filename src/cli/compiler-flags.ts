/**
 * Flags that a kernel build gives gcc, and what the preprocessor makes of them (GCC manual, "Preprocessor Options", "Directory
 * Options"). What only concerns the compiler, the assembler or the linker is taken and has no effect here.
 */

/** Where a flag's value goes; `ignored`: nowhere. */
export type FlagUse =
  | 'include'
  | 'macros'
  | 'define'
  | 'undef'
  | 'quote'
  | 'directory'
  | 'system'
  | 'after'
  | 'depfile'
  | 'dependent'
  | 'quotedDependent'
  | 'switch'
  | 'assembler'
  | 'ignored';

/** Flags without a value that have an effect. */
export type Switch = '-MD' | '-MMD' | '-MP' | '-P';

/** Flags with a value, behind the flag in the same word or in the next one; of two that fit, the longer comes first. */
const WITH_VALUE: readonly (readonly [flag: string, use: FlagUse])[] = [
  ['-include', 'include'],
  ['-imacros', 'macros'],
  ['-isystem', 'system'],
  ['-idirafter', 'after'],
  ['-iquote', 'quote'],
  ['-isysroot', 'ignored'],
  ['-imultilib', 'ignored'],
  ['-iprefix', 'ignored'],
  ['-iwithprefixbefore', 'ignored'],
  ['-iwithprefix', 'ignored'],
  ['-imultiarch', 'ignored'],
  ['-Xassembler', 'assembler'],
  ['-Xpreprocessor', 'ignored'],
  ['-Xlinker', 'ignored'],
  ['-MF', 'depfile'],
  ['-MT', 'dependent'],
  ['-MQ', 'quotedDependent'],
  ['-I', 'directory'],
  ['-D', 'define'],
  ['-U', 'undef'],
  ['-x', 'ignored'],
  // Of #assert, which pvasm lets never hold; of the compiler's own programs; of the linker.
  ['-A', 'ignored'],
  ['-B', 'ignored'],
  ['-L', 'ignored'],
  ['-T', 'ignored'],
  ['-e', 'ignored'],
  ['-l', 'ignored'],
  ['-u', 'ignored'],
  ['-z', 'ignored'],
];

/** These never join their value: `-include-pch` and `-isystematic` are other words. Value in the next word, or with `=`. */
const SEPARATE: ReadonlySet<string> = new Set([
  '-Xassembler',
  '-Xpreprocessor',
  '-Xlinker',
  '--param',
  '-dumpbase',
  '-aux-info',
  '-wrapper',
]);

const SWITCHES: ReadonlySet<string> = new Set<Switch>(['-MD', '-MMD', '-MP', '-P']);

/** Flags without effect on what the preprocessor gives: warnings, optimisation, code generation, debugging. */
const WITHOUT_EFFECT: readonly RegExp[] = [
  /^-[WOfmg]/, // -Wall -O2 -fno-common -mconstant-gp -gdwarf-2
  /^-std=/,
  /^-(nostdinc|ansi|pedantic|pedantic-errors|pipe|pthread|undef|trigraphs|remap|rdynamic|pg?|save-temps(=.*)?)$/,
  /^-(nostdlib|nodefaultlibs|nostartfiles|nolibc|symbolic|coverage|((static|shared)(-libgcc)?)|(no-|static-)?pie)$/,
  /^-M(M|G)?$/,
  /^-[cSECHQnvwsr]$|^-CC$|^-d[A-Z]+$|^-###$/,
  /^--?(specs|sysroot|param|dumpbase|dumpdir)=/,
];

export interface ReadFlag {
  readonly use: FlagUse;
  /** Null: the next word. */
  readonly value: string | null;
}

/** What a word is as a flag of gcc with or without a value; null for a word that gcc would not know either. */
export function readFlag(word: string): ReadFlag | null {
  if (SWITCHES.has(word)) return { use: 'switch', value: word };
  for (const [flag, use] of WITH_VALUE) {
    if (word === flag) return { use, value: null };
    if (word.startsWith(flag) && !SEPARATE.has(flag)) return { use, value: word.slice(flag.length) };
  }
  if (SEPARATE.has(word)) return { use: 'ignored', value: null };
  return WITHOUT_EFFECT.some((form) => form.test(word)) ? { use: 'ignored', value: '' } : null;
}

/** The words that `-Wa,` hands to the assembler; null for another word. */
export function assemblerFlags(word: string): string[] | null {
  return word.startsWith('-Wa,') ? word.slice('-Wa,'.length).split(',') : null;
}

/** The words that `-Wp,` hands to the preprocessor; null for another word. `-Wp,-MD,file` has its file in one with it. */
export function preprocessorWords(word: string): string[] | null {
  if (!word.startsWith('-Wp,')) return null;
  const words = word.slice('-Wp,'.length).split(',');
  return words.flatMap((each, at) => {
    if (/^-MM?D$/.test(words[at - 1] ?? '')) return ['-MF', each];
    return [each];
  });
}
