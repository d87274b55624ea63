import type { Tree } from './tree.ts';

/** The text that the tree was read from, byte for byte. */
export function printTree(tree: Tree): string {
  let text = '';
  for (const token of tree.tokens) text += tree.file.text.slice(token.start, token.end);
  return text;
}
