/** The directives that decide where things come to stand, from grammar/layout-directives.tsv. */
import table from '../../grammar/layout-directives.tsv';

export type LayoutAction =
  | 'align'
  | 'align-power'
  | 'org'
  | 'data'
  | 'string'
  | 'string0'
  | 'space'
  | 'fill'
  | 'leb128'
  | 'sleb128'
  | 'incbin'
  | 'lcomm'
  | 'section'
  | 'previous'
  | 'push'
  | 'pop'
  | 'subsection'
  | 'proc'
  | 'endp'
  | 'handlerdata'
  | 'remote';

export interface LayoutDirective {
  readonly name: string;
  readonly action: LayoutAction;
  /** Bytes of one item; 0 where the action has no items. */
  readonly size: number;
  /** Alignment in bytes of the first item, at least 1. */
  readonly align: number;
  /** A section's name, or for `remote` the directive that puts the data there. */
  readonly to: string;
}

let directives: ReadonlyMap<string, LayoutDirective> | undefined;

/** All of them by name as spelled, `.align` or `data8`. */
export function layoutDirectives(): ReadonlyMap<string, LayoutDirective> {
  directives ??= new Map(
    table
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .slice(1)
      .map((line) => {
        const [name, action, size, align, to] = line.split('\t');
        return [
          name!,
          { name: name!, action: action as LayoutAction, size: Number(size), align: Number(align) || 1, to: to! },
        ];
      }),
  );
  return directives;
}
