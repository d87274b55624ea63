/** Colours of differences on a terminal, or none. */
export interface Paint {
  readonly title: (text: string) => string;
  readonly place: (text: string) => string;
  readonly same: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly added: (text: string) => string;
  /** The part of a changed line that differs. */
  readonly different: (text: string) => string;
}

const asItIs = (text: string) => text;

export const plainPaint: Paint = {
  title: asItIs,
  place: asItIs,
  same: asItIs,
  removed: asItIs,
  added: asItIs,
  different: asItIs,
};

/** ECMA-48: bold, cyan, red, green; reverse for what differs within a line. */
export const colourPaint: Paint = {
  title: (text) => `\x1b[1m${text}\x1b[22m`,
  place: (text) => `\x1b[36m${text}\x1b[39m`,
  same: asItIs,
  removed: (text) => `\x1b[31m${text}\x1b[39m`,
  added: (text) => `\x1b[32m${text}\x1b[39m`,
  different: (text) => `\x1b[7m${text}\x1b[27m`,
};
