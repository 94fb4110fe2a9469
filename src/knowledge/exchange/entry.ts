import type { AutodidactError, ErrorCode } from '../../errors.ts'

/** One item of a file as it was found there, not yet checked; or what is wrong with it. */
export interface Entry {
  /** From 1: its place in a list, or the line on which it begins. */
  readonly place: number
  /** What the place is counted in; default `line`. */
  readonly unit?: 'item'
  readonly value?: unknown
  readonly problem?: AutodidactError
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with one item only: the next ones may be right. Anything else, such as a full disk, ends an import. */
export const ofTheItem: ReadonlySet<ErrorCode> = new Set(['INVALID_INPUT', 'ID_CONFLICT', 'CONFLICT', 'FORGOTTEN', 'NOT_ALLOWED', 'UNKNOWN_ID'])

/** So many problems are told of one by one. */
export const mostProblems = 100
