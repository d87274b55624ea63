/** `@file`: a file with words of a command line. */

/** Words as gcc splits a response file: blanks separate, quotes and backslashes protect. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\\[\s\S]|[^\s"'\\])+/g))
    words.push(match[0].replace(/"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|\\([\s\S])/g, unquote));
  return words;
}

function unquote(_: string, double?: string, single?: string, escaped?: string): string {
  return escaped ?? (double ?? single ?? '').replace(/\\([\s\S])/g, '$1');
}

/**
 * A command line with its response files in their places, as binutils read them: a word that names no file is left alone.
 *
 * @param read the text of a file; undefined where there is none
 */
export function expandedWords(words: readonly string[], read: (path: string) => string | undefined): string[] {
  let open = 100; // one that names itself must end
  const expand = (word: string): string[] => {
    const text = word.length > 1 && word.startsWith('@') && open > 0 ? read(word.slice(1)) : undefined;
    if (text === undefined) return [word];
    open--;
    return splitWords(text).flatMap(expand);
  };
  return words.flatMap(expand);
}
