/** One line of a body, with the registers of a site. */

export type BodyItem =
  /** One instruction with its predicate; `comment` spells the symbols that were replaced by numbers, or is empty. */
  | { readonly kind: 'instruction'; readonly text: string; readonly comment: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'directive'; readonly text: string };
