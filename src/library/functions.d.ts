import type { Report } from '../report/model.ts';
import type { Built, Checked, Options, Parsed, Rewritten, Source } from './types.ts';

/**
 * Reads a source as it is written, before any preprocessor. Never throws: what cannot be read is kept and told of in `messages`.
 * Syntax: GNU as for IA-64 and cpp (docs/syntax.md). Time is linear in the length of the text.
 */
export declare function parse(source: Source): Parsed;

/**
 * Plain source to macro-ised source: each instruction that a hypervisor must see becomes a macro whose arguments name every
 * register it hits, those that were free by liveness among them. Sources of one call are chosen for together.
 *
 * @throws Error for a target or a convention that is none; what is wrong with a source is in `messages`, with `files` as far as
 *   they can be told.
 */
export declare function rewrite(sources: readonly Source[], options?: Options): Rewritten;

/**
 * Plain or macro-ised source to one listing for each file and target, ready for cpp and GNU as.
 *
 * @throws Error as {@link rewrite}
 */
export declare function build(sources: readonly Source[], options?: Options): Built;

/**
 * What `pvasm check` finds: see docs/rules.
 *
 * @throws Error as {@link rewrite}, and for a source that cannot be read at all
 */
export declare function check(sources: readonly Source[], options?: Options): Checked;

/**
 * What each listing costs (bytes, instructions without nops, stops), which registers each site changes and why that is safe.
 *
 * @throws Error as {@link rewrite}, and for sources with errors
 */
export declare function report(sources: readonly Source[], options?: Options): Report;
