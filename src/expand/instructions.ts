/** Instructions of bodies as data: parsed and decoded once for each text. */
import { decode } from '../machine/decode.ts';
import type { Effects } from '../machine/effects.ts';
import { anyFrame } from '../project/operations.ts';
import { parseTokens } from '../syntax/parse.ts';
import { SourceText } from '../syntax/source.ts';
import { tokenize } from '../syntax/tokenize.ts';
import type { Instruction } from '../syntax/tree.ts';

const known = new Map<string, { instruction: Instruction; effects: Effects }>();

/** What an instruction of a body does, registers by their canonical names. Throws when the text is no instruction. */
export function bodyInstruction(text: string): { readonly instruction: Instruction; readonly effects: Effects } {
  let entry = known.get(text);
  if (entry === undefined) {
    const [statement] = parseTokens(tokenize(new SourceText('<body>', text))).statements;
    if (statement?.kind !== 'instruction') throw new Error(`not an instruction: ${text}`);
    entry = { instruction: statement, effects: decode(statement, anyFrame) };
    known.set(text, entry);
  }
  return entry;
}
