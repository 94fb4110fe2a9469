/** Kinds of fact; replaced by the registry in `log/kinds`. */
export type FactKind = string

/** One entry of the experience log. */
export interface Fact {
  readonly kind: FactKind
  readonly sequence: number
}
