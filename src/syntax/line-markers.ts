/**
 * Line markers, which set the file and line that messages about the following text name. `#line 7 "a.S"` is for cpp, which passes
 * it on to gas as `# 7 "a.S"` (CPP manual, "Preprocessor Output"; gas manual, "Whitespace" and "Comments").
 */
import type { SourceText } from './source.ts';

/** The place that messages name (C11 6.10.4: the presumed line and file name). */
export interface PresumedPlace {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/**
 * A marker that gives the next line that file and line. A `.s` file is read by gas alone. In all others cpp reads the marker first,
 * which in assembly takes `# 1 "name"` for a comment; only with `#line` are `__LINE__`, `__FILE__` and cpp's own markers for gas
 * those of the source, not of the listing.
 */
export function lineMarker({ name, line }: PresumedPlace, dialect: SourceText['dialect']): string {
  return `#${dialect === 'gas' ? '' : 'line'} ${line} "${name.replace(/[\\"]/g, '\\$&')}"`;
}

interface Marker extends PresumedPlace {
  /** The first line, from 1, that the marker applies to. */
  readonly from: number;
}

const MARKERS = {
  gas: /^[ \t]*#[ \t]*(?:line[ \t]+)?(\d+)[ \t]+"((?:[^"\\\n]|\\.)*)"/gm,
  cpp: /^[ \t]*#[ \t]*line[ \t]+(\d+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)")?/gm,
};

const known = new WeakMap<SourceText, readonly Marker[]>();

/** The place of an offset by the markers in a text; without markers, its place in the text itself, under the name `name`. */
export function presumedPlace(file: SourceText, offset: number, name = file.name): PresumedPlace {
  const { line } = file.position(offset);
  const marker = markersOf(file).findLast(({ from }) => from <= line);
  if (marker === undefined) return { name, line };
  return { name: marker.name === '' ? name : marker.name, line: marker.line + line - marker.from };
}

/**
 * The place of an offset for messages. A text for gas may have been made from another file: its markers are followed. In a text for
 * cpp markers are part of the source, and messages name the lines of the text itself.
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
