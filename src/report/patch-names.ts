/** The names of a diff's two sides, as `patch -p1` and `git apply` read them. */
import { posix } from 'node:path';

/**
 * `b/arch/ia64/kernel/ivt.S`: one folder, which -p1 takes off, and the file's path. Both programs refuse a path from the root and
 * one that leads out of the folder they work in: such a file is named from the root, or from the folder that its path leads out
 * to, and `-d` (`--directory`) says where that is.
 *
 * @param side the name of the one folder: `a` for a source
 * @param file a path with slashes
 */
export function patchName(side: string, file: string): string {
  const inside = posix.normalize(file).replace(/^(\.\.\/|\/)+/, '');
  return quoted(`${side}/${inside}`);
}

/** As git writes names: in quotes, by the bytes of UTF-8, where a character could be misread; with a tab behind blanks. */
function quoted(name: string): string {
  if (!/[^\x20-\x7e]|["\\]/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const bytes = [...Buffer.from(name, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, '0')}`;
    return character === '"' || character === '\\' ? `\\${character}` : character;
  });
  return `"${bytes.join('')}"`;
}
