/** With which flags a tree's own build calls the compiler for an assembly source: compile_commands.json, or Kbuild's `.cmd` files. */
import { posix } from 'node:path';
import { readFlag } from './compiler-flags.ts';
import { splitWords } from './response-file.ts';

/** The preprocessor flags of one source. */
export interface SourceFlags {
  /** As the build names it, relative to the tree. */
  readonly source: string;
  readonly include: readonly string[];
  readonly includeFiles: readonly string[];
  readonly define: readonly string[];
  readonly undefine: readonly string[];
}

/** The assembly sources among the entries of a compile_commands.json (Clang's format); null when the file has another format. */
export function compileCommands(text: string, tree: string): SourceFlags[] | null {
  let entries: unknown;
  try {
    entries = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(entries)) return null;
  return entries.flatMap((entry: Record<string, unknown>) => {
    const { directory = '.', file, arguments: words, command } = entry ?? {};
    if (typeof file !== 'string' || typeof directory !== 'string' || !isAssembly(file)) return [];
    if (Array.isArray(words)) return [flagsOf(words.map(String), directory, file, tree)];
    return typeof command === 'string' ? [flagsOf(splitWords(command), directory, file, tree)] : [];
  });
}

/** What a `.ivt.o.cmd` of Kbuild says: `cmd_arch/ia64/kernel/ivt.o := gcc ... ivt.S`. Null: it is about no assembly source. */
export function kbuildCommand(text: string, tree: string): SourceFlags | null {
  const line = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  // Kbuild has the command as make keeps it, and further commands behind it.
  const words = splitWords(
    line
      .split(/ ; | && /)[0]!
      .replace(/\$\$/g, '$')
      .replace(/\$\(pound\)/g, '#'),
  );
  const file = words.findLast(isAssembly);
  return file === undefined ? null : flagsOf(words, '.', file, tree);
}

function isAssembly(path: string): boolean {
  return path.endsWith('.S');
}

function flagsOf(words: readonly string[], directory: string, file: string, tree: string): SourceFlags {
  const found: Record<'include' | 'includeFiles' | 'define' | 'undefine', string[]> = {
    ...{ include: [], includeFiles: [], define: [], undefine: [] },
  };
  const at = (path: string): string => fromTree(path, directory, tree);
  for (let each = 0; each < words.length; each++) {
    const flag = readFlag(words[each]!);
    if (flag === null) continue;
    const value = flag.value ?? words[++each] ?? '';
    if (flag.use === 'define') found.define.push(value);
    else if (flag.use === 'undef') found.undefine.push(value);
    else if (flag.use === 'include') found.includeFiles.push(at(value));
    else if (['quote', 'directory', 'system', 'after'].includes(flag.use)) found.include.push(at(value));
  }
  return { source: at(file), ...found };
}

/** A path of a command that ran in a folder, as seen from the tree's top. */
function fromTree(path: string, directory: string, tree: string): string {
  const absolute = posix.resolve(tree, directory, path);
  const relative = posix.relative(tree, absolute);
  return relative === '' ? '.' : relative.startsWith('../../') ? absolute : relative;
}

/** The flags that all sources have; and the others, as gcc spells them, each with the number of sources that have it. */
export function commonFlags(all: readonly SourceFlags[]): {
  readonly common: Omit<SourceFlags, 'source'>;
  readonly others: ReadonlyMap<string, number>;
} {
  const counts = new Map<string, number>();
  const keys = ['include', 'includeFiles', 'define', 'undefine'] as const;
  const spelled = { include: '-I', includeFiles: '-include ', define: '-D', undefine: '-U' };
  for (const flags of all)
    for (const key of keys)
      for (const value of new Set(flags[key])) {
        const name = `${spelled[key]}${value}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
  const [first] = all;
  const shared = (key: (typeof keys)[number]): string[] => [
    ...new Set((first?.[key] ?? []).filter((value) => counts.get(`${spelled[key]}${value}`) === all.length)),
  ];
  return {
    common: {
      include: shared('include'),
      includeFiles: shared('includeFiles'),
      define: shared('define'),
      undefine: shared('undefine'),
    },
    others: new Map([...counts].filter(([, count]) => count < all.length)),
  };
}
