/** Paths as text, on whatever system: places in them, and what their separators are inside of the tool. */
import { sep } from 'node:path';

/** With slashes, which every system takes: `C:\\x\\a.S` as `C:/x/a.S`. Elsewhere a backslash is a part of a name. */
export function withSlashes(path: string, separator: string = sep): string {
  return path.replaceAll(separator, '/');
}

/** `file:12`, the name with colons in it as it may be, such as behind a drive; null for another text. */
export function splitPlace(text: string): { readonly file: string; readonly line: number } | null {
  const match = /^(.+):(\d+)$/.exec(text);
  return match === null ? null : { file: match[1]!, line: Number(match[2]) };
}

/** Splits `xen:a`, `C:\\acme.S:b` or `native+xen:ce` into a name and the letters of an alternative; null when there are none. */
export function splitTarget(text: string): { readonly name: string; readonly letter: string | null } {
  const match = /^(.*?)(?::([A-Za-z]{1,2}))?$/s.exec(text)!;
  return { name: match[1]!, letter: match[2] ?? null };
}

/** What a target is called in messages and folders: without folders and `.S`, with its alternative. */
export function targetLabel(text: string): string {
  return text.replace(/^.*[\\/]/, '').replace(/\.S(?=$|:)/, '');
}
