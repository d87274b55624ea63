/** The examples on the rules' pages. */
export interface Example {
  /** Where the findings stand: in the code, or in the convention file. */
  readonly where: 'example.S' | 'pvasm.toml';
  /** The page's convention file, in front of the example. */
  readonly conventions: string;
  readonly fires: boolean;
  readonly text: string;
}

const FENCE = /^```(asm fires|asm silent|toml conventions|toml fires)\n([\s\S]*?)^```$/gm;

export function examples(page: string): readonly Example[] {
  let conventions = '';
  let code = '';
  const found: Example[] = [];
  for (const [, kind, text] of page.matchAll(FENCE)) {
    if (kind === 'toml conventions') conventions = text!;
    else if (kind === 'toml fires') found.push({ where: 'pvasm.toml', conventions: text!, fires: true, text: code });
    else {
      code = text!;
      found.push({ where: 'example.S', conventions, fires: kind === 'asm fires', text: code });
    }
  }
  return found;
}
