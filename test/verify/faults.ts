/** Faults that are planted in code to see whether `pvasm verify` finds them: each a text in the place of another. */

export interface PlantedFault {
  readonly kind: FaultKind;
  /** In words: what stands where. */
  readonly what: string;
  readonly lines: readonly string[];
}

export const FAULT_KINDS = [
  'instruction deleted',
  'instruction of the source deleted',
  'slot of the page wrong',
  'number another',
  'register another',
  'live scratch',
  'operands swapped',
  'predicate lost',
  'predicate another',
  'stop deleted',
  'serialization deleted',
  'event lost',
  'event doubled',
  'slot wrong',
  'bank not switched',
  'NaT dropped',
  'label captured',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const STOP = ';;';
const EVENT = /\bbreak\.\w (?:7|0x7)$/;
const NUMBER = /(?<![a-z.0-9_])-?(?:0x[0-9a-f]+|\d+)\b/g;

/**
 * Every fault of each kind that lines of code have room for.
 *
 * @param scratch registers that a body may destroy: with each of them another becomes one that it may not
 */
export function plantedFaults(lines: readonly string[], scratch: readonly string[] = []): PlantedFault[] {
  const live = scratch.flatMap((name): PlantedFault[] => {
    const renamed = lines.map((line) => line.replace(new RegExp(`\\b${name}\\b`, 'g'), 'r5'));
    if (renamed.join() === lines.join()) return [];
    return [{ kind: 'live scratch', what: `r5 for ${name}`, lines: renamed }];
  });
  const single = lines.flatMap((line, at) => {
    const put = (kind: FaultKind, what: string, ...instead: string[]): PlantedFault => ({
      kind,
      what: `${what} at ${at + 1}`,
      lines: [...lines.slice(0, at), ...instead, ...lines.slice(at + 1)],
    });
    if (line === STOP) return [put('stop deleted', STOP)];
    if (line.startsWith('.') || line.startsWith('{') || line === '}' || line.startsWith('nop')) return [];
    const deleted = EVENT.test(line)
      ? 'event lost'
      : isSwitch(lines, line)
        ? 'bank not switched'
        : 'instruction deleted';
    return [put(deleted, line), ...wrongVersions(line, put), ...wrongSlot(lines, at)];
  });
  return [...live, ...single];
}

/** An event's break changes its place with the nop behind it in its bundle. */
function wrongSlot(lines: readonly string[], at: number): PlantedFault[] {
  const [event, behind] = [lines[at]!, lines[at + 1] ?? ''];
  const [, unit] = /^nop\.([mi]) /.exec(behind) ?? [];
  if (!EVENT.test(event) || unit === undefined) return [];
  const moved = [behind.replace(/\.[mi]/, '.m'), event.replace(/break\.\w/, `break.${unit}`)];
  return [
    {
      kind: 'slot wrong',
      what: `${event} at ${at + 1}`,
      lines: [...lines.slice(0, at), ...moved, ...lines.slice(at + 2)],
    },
  ];
}

/** The store that says which bank is on, in a body that moves the registers of a bank. */
function isSwitch(lines: readonly string[], line: string): boolean {
  return /^st4 /.test(line) && lines.some((each) => /\.(spill|fill)\b/.test(each));
}

type Put = (kind: FaultKind, what: string, ...instead: string[]) => PlantedFault;

function wrongVersions(line: string, put: Put): PlantedFault[] {
  const found: PlantedFault[] = [];
  const guard = /^\((p\d+)\) /.exec(line);
  if (guard !== null && guard[1] !== 'p0') {
    found.push(put('predicate lost', line, line.slice(guard[0].length)));
    found.push(put('predicate another', line, line.replace(guard[1]!, 'p9')));
  }
  const code = guard === null ? 0 : guard[0].length;
  for (const match of line.matchAll(/\br(\d+)\b/g)) {
    const by = match[1] === '0' ? 'r5' : 'r4';
    found.push(put('register another', `${match[0]} of ${line}`, replaced(line, match.index, match[0], by)));
  }
  for (const match of line.matchAll(NUMBER)) {
    if (match.index < code) continue;
    const value = BigInt(match[0].startsWith('-') ? match[0].slice(1) : match[0]);
    const other = match[0].length > 10 ? value + 8n : match[0].startsWith('-') ? -value - 1n : value + 1n;
    found.push(
      put(
        match[0].length > 10 ? 'slot of the page wrong' : 'number another',
        `${match[0]} of ${line}`,
        replaced(line, match.index, match[0], String(other)),
      ),
    );
  }
  const swapped = /^(.*\b(?:sub|cmp\.[lg]\S*) .*=)([^,=]+),([^,=]+)$/.exec(line);
  if (swapped !== null && swapped[2] !== swapped[3])
    found.push(put('operands swapped', line, `${swapped[1]}${swapped[3]},${swapped[2]}`));
  if (EVENT.test(line)) {
    found.push(put('event doubled', line, line, line));
  }
  if (line.includes('.spill')) found.push(put('NaT dropped', line, line.replace('.spill', '')));
  if (line.includes('.fill')) found.push(put('NaT dropped', line, line.replace('.fill', '')));
  return found;
}

function replaced(line: string, at: number, text: string, by: string): string {
  return line.slice(0, at) + by + line.slice(at + text.length);
}
