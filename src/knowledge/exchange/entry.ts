import type { AutodidactError } from '../../errors.ts'

/** One item of a file as it was found there, not yet checked; or what is wrong with it. */
export interface Entry {
  /** From 1: its place in a list, or the line on which it begins. */
  readonly place: number
  readonly value?: unknown
  readonly problem?: AutodidactError
}
