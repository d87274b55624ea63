/**
 * The ground truth about what is live, kept apart from the tool's own analysis: the listing that gcc -E makes, read line
 * by line and straight ahead. It knows little, and what it says is certain: this register is read there, and nothing
 * between here and there writes it.
 */

/** One statement of a listing. */
export interface Step {
  readonly text: string;
  /** The qualifying predicate, `p6`, or null. */
  readonly predicate: string | null;
  /** Canonical names of the GRs, BRs and PRs that it reads and writes; the predicate is not among them. */
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** The numbers of the calls it came from; empty for ordinary code. */
  readonly call: number | null;
  /** The way does not go on behind it, or nobody can say what happens there. */
  readonly ends: boolean;
  /** It changes the bank of r16-r31. */
  readonly switches: boolean;
  readonly kind: 'instruction' | 'call' | 'label' | 'directive';
}

const ALIASES: Readonly<Record<string, string>> = {
  ...{ gp: 'r1', sp: 'r12', tp: 'r13', rp: 'b0', ret0: 'r8', ret1: 'r9', ret2: 'r10', ret3: 'r11' },
};
const REGISTER = /\b(?:r\d+|b\d|p\d+|gp|sp|tp|rp|ret[0-3])\b/g;

/** Behind the name of a macro stands `__PV` and its number. */
export const TAG = '__PV';

/** The statements of a listing in order. */
export function readSteps(listing: string): readonly Step[] {
  const steps: Step[] = [];
  for (const line of listing.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    const code = line.replace(/\/\/.*$/, '');
    if (code.includes('"')) {
      steps.push(directive(code.trim()));
      continue;
    }
    for (const piece of code.split(/;+/)) readPiece(piece, steps);
  }
  return steps;
}

function readPiece(piece: string, steps: Step[]): void {
  let text = piece
    .replace(/^\s*\{/, ' ')
    .replace(/\}\s*$/, ' ')
    .trim();
  text = text.replace(/^\.m[mlbfi]{2}\b|^\.b[b]{2}\b/, '').trim();
  for (;;) {
    const label = /^(?:\[[\w.$]*:\]|[\w.$]+::?(?!\w))\s*/.exec(text);
    if (label === null) break;
    steps.push({ ...directive(label[0].trim()), kind: 'label' });
    text = text.slice(label[0].length);
  }
  if (text === '') return;
  if (text.startsWith('.') || /^[\w.$]+\s*=/.test(text)) steps.push(directive(text));
  else steps.push(text.includes(TAG) ? readTagged(text) : readInstruction(text));
}

const NONE: ReadonlySet<string> = new Set();

function directive(text: string): Step {
  const ends = /^\.(?:endp|org|section|previous|text|data|macro)\b/.test(text);
  return { text, predicate: null, reads: NONE, writes: NONE, call: null, ends, switches: false, kind: 'directive' };
}

function readInstruction(whole: string): Step {
  const { predicate, text } = parted(whole);
  const [mnemonic = '', ...rest] = text.split(/\s+/);
  const operands = rest.join(' ');
  const equals = operands.indexOf('=');
  const left = equals === -1 ? '' : operands.slice(0, equals);
  const right = equals === -1 ? operands : operands.slice(equals + 1);
  const addresses = [...left.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!).join(' ');
  const writes = registers(left.replace(/\[[^\]]*\]/g, ' '));
  const stepped = /\[(\w+)\]\s*,/.exec(operands); // [r2],8 and [r2],r3 step r2
  if (stepped !== null) for (const name of registers(stepped[1]!)) writes.add(name);
  const isBranch = mnemonic === 'br' || mnemonic.startsWith('br.') || mnemonic.startsWith('brl');
  const isCall = isBranch && mnemonic.includes('.call');
  const ends =
    isCall || (isBranch && predicate === null) || mnemonic === 'rfi' || /^(?:break|epc|loadrs)\b/.test(mnemonic);
  if (/^mov$/.test(mnemonic) && /^\s*pr(?:\.rot)?\b/.test(left)) for (let n = 1; n < 64; n++) writes.add(`p${n}`);
  const reads = registers(`${addresses} ${right}`);
  if (/^mov$/.test(mnemonic) && /^\s*pr\s*$/.test(right)) for (let n = 1; n < 64; n++) reads.add(`p${n}`);
  return {
    text: whole,
    predicate,
    reads,
    writes,
    call: null,
    ends,
    switches: mnemonic.startsWith('bsw'),
    kind: 'instruction',
  };
}

/** A macro: what its arguments say without knowing its body. Scratch registers count as written. */
function readTagged(whole: string): Step {
  const { predicate, text } = parted(whole);
  const match = /^ASM_(\w+?)__PV(\d+)\((.*)\)$/.exec(text);
  if (match === null) throw new Error(`not a macro: ${whole}`);
  const [, name, number, list] = match;
  const args = list!.split(',').map((arg) => arg.trim());
  let branch = 0;
  while (/^p\d+$/.test(args[branch]!)) branch++;
  const reading = /^(?:WRITE_(?!KR)|ITC_|PTC_|THASH|TTAG|TPA)/.test(name!);
  const skip = /^(?:THASH|TTAG|TPA)/.test(name!) ? 2 : 1;
  const reads = reading ? registers(args[branch + skip] ?? '') : new Set<string>();
  const writes = registers(args.slice(branch).join(' '));
  for (const each of reads) writes.add(each); // its value may be gone behind it
  return {
    text: whole,
    predicate: predicate ?? (branch > 0 ? args[0]! : null),
    reads,
    writes,
    call: Number(number),
    ends: name!.startsWith('RFI'),
    switches: name!.startsWith('BSW'),
    kind: 'call',
  };
}

function parted(text: string): { predicate: string | null; text: string } {
  const match = /^\(\s*(p\d+)\s*\)\s*(.*)$/.exec(text);
  return match === null
    ? { predicate: null, text }
    : { predicate: match[1] === 'p0' ? null : match[1]!, text: match[2]! };
}

/** The registers that a piece of code names, by canonical names. */
export function registers(text: string): Set<string> {
  return new Set([...text.matchAll(REGISTER)].map(([name]) => ALIASES[name] ?? name));
}

/** The statement that reads a register of `at`'s future before anything writes it, straight ahead; null: none is certain. */
export function readerOf(steps: readonly Step[], at: number, register: string): Step | null {
  const guard = steps[at]!.predicate;
  const banked = /^r(?:1[6-9]|2\d|3[01])$/.test(register);
  if (banked && steps[at]!.switches) return null;
  for (let next = at + 1; next < steps.length; next++) {
    const step = steps[next]!;
    // A macro under a predicate destroys nothing for a reader under another.
    const certain = guard === null || step.predicate === null || step.predicate === guard;
    const used = step.reads.has(register) || step.predicate === register;
    if (used && certain) return step;
    if (step.ends || step.writes.has(register) || (banked && step.switches)) return null;
    if (guard !== null && step.writes.has(guard)) return null;
  }
  return null;
}
