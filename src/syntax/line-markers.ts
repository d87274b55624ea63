/**
 * Line markers: which file and line a message about a text should name. `#line 7 "a.S"` speaks to cpp; `# 7 "a.S"`, which cpp
 * makes of it, to gas (CPP manual, "Preprocessor Output"; gas manual, "Whitespace" and "Comments").
 */
import type { SourceText } from './source.ts';

/** A place as messages should name it. */
export interface PresumedPlace {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/**
 * A marker: the next line is that line of that file. `.s` goes to gas as it is; all else goes through cpp, which in assembly
 * takes `# 1 "name"` for a remark and only `#line` for what it is: else `__LINE__`, `__FILE__` and what it says to gas were
 * those of the listing.
 */
export function lineMarker({ name, line }: PresumedPlace, dialect: SourceText['dialect']): string {
  return `#${dialect === 'gas' ? '' : 'line'} ${line} "${name.replace(/[\\"]/g, '\\$&')}"`;
}

interface Marker extends PresumedPlace {
  /** The first line, from 1, that it speaks of. */
  readonly from: number;
}

const MARKERS = {
  gas: /^[ \t]*#[ \t]*(?:line[ \t]+)?(\d+)[ \t]+"((?:[^"\\\n]|\\.)*)"/gm,
  cpp: /^[ \t]*#[ \t]*line[ \t]+(\d+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)")?/gm,
};

const known = new WeakMap<SourceText, readonly Marker[]>();

/** Where an offset of a text stands by the markers in it; without any, in the text itself, which is called `name`. */
export function presumedPlace(file: SourceText, offset: number, name = file.name): PresumedPlace {
  const { line } = file.position(offset);
  const marker = markersOf(file).findLast(({ from }) => from <= line);
  if (marker === undefined) return { name, line };
  return { name: marker.name === '' ? name : marker.name, line: marker.line + line - marker.from };
}

/**
 * Where messages say that an offset stands. What gas reads as it is may have been made of another file: then markers say which.
 * In what cpp reads they are the source's own, and a person looks for its lines.
 */
export function shownPlace(file: SourceText, offset: number): PresumedPlace {
  return file.dialect === 'gas' ? presumedPlace(file, offset) : { name: file.name, line: file.position(offset).line };
}

function markersOf(file: SourceText): readonly Marker[] {
  let markers = known.get(file);
  if (markers === undefined) {
    let name = '';
    markers = [...file.withComments.matchAll(MARKERS[file.dialect])].map(({ index, 1: line, 2: spelled }) => {
      if (spelled !== undefined) name = spelled.replace(/\\(.)/g, '$1');
      return { from: file.position(index).line + 1, line: Number(line), name };
    });
    known.set(file, markers);
  }
  return markers;
}
