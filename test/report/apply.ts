/** What `patch` makes of a text and a unified diff; throws where the diff does not fit exactly. */
export function applyUnified(text: string, diff: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const body = diff.match(/[^\n]*\n/g) ?? [];
  for (let index = 0; index < body.length; index++) {
    const line = body[index]!;
    if (line.startsWith('--- ') || line.startsWith('+++ ')) continue;
    const head = /^@@ -(\d+),(\d+) /.exec(line);
    if (head !== null) {
      // A range of no lines names the line in front of it.
      const first = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      result.push(...lines.slice(at, first));
      at = first;
      continue;
    }
    const unfinished = body[index + 1]?.startsWith('\\') === true;
    const content = unfinished ? line.slice(1, -1) : line.slice(1);
    if (unfinished) index++;
    if (line[0] === '+') result.push(content);
    else {
      if (lines[at] !== content)
        throw new Error(`line ${at + 1} is ${JSON.stringify(lines[at])}, not ${JSON.stringify(content)}`);
      if (line[0] === ' ') result.push(content);
      at++;
    }
  }
  return [...result, ...lines.slice(at)].join('');
}
