/**
 * A line marker. `.s` goes to gas as it is, which reads `# 1 "name"`; all else goes through cpp, which in assembly takes that
 * for a remark and only `#line` for what it is: else `__LINE__`, `__FILE__` and what it says to gas were those of the listing.
 */
export function lineMarker(line: number, name: string): string {
  return name.endsWith('.s') ? `# ${line} "${name}"` : `#line ${line} "${name}"`;
}
