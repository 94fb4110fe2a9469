import { AutodidactError } from '../../../errors.ts'
import { described, expectList, expectObject, expectText } from '../../../expect.ts'
import type { Cell, Rows } from '../database/database.ts'
import { topLevelOrder } from '../database/sql.ts'

const tolerance = 1e-6

/** Counts and keys, which are right or wrong. */
const isWhole = (cell: Cell): boolean => typeof cell === 'bigint' || Number.isSafeInteger(cell)

/** Bytes, texts and whole numbers exactly, other numbers within the tolerance. */
const sameCell = (left: Cell, right: Cell): boolean => {
  if (left === right) return true
  if (left === null || right === null || (isWhole(left) && isWhole(right))) return false
  if (typeof left === 'object' || typeof right === 'object') return typeof left === typeof right && rank(left) === rank(right)
  // A code or a version that reads as a number is a text all the same: '007' is not '7'.
  if (typeof left === 'string' && typeof right === 'string') return false
  // A number and a text that reads as the same number count as equal: engines differ in the affinity of expressions.
  const [a, b] = [numberIn(left), numberIn(right)]
  return Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

/** NaN for a text that is no number; a blank one is none. */
const numberIn = (cell: string | number | bigint): number => (typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell))

const sameRow = (left: readonly Cell[], right: readonly Cell[]): boolean =>
  left.length === right.length && left.every((cell, at) => sameCell(cell, right[at] ?? null))

const rank = (cell: Cell): string => {
  if (cell === null) return '0'
  if (typeof cell === 'object') return `1${Buffer.from(cell).toString('hex')}`
  const number = numberIn(cell)
  // Five digits only: equal within the tolerance mostly means equal here, and neighbours in order are compared exactly afterwards.
  return Number.isFinite(number) ? `2${number.toPrecision(5)}` : `3${String(cell)}`
}

/** A text that is equal for two results exactly when their rows, rounded to five digits, are the same multiset. Groups equal answers. */
export const resultKey = (rows: Rows): string => rows.map((row) => row.map(rank).join('\u0001')).toSorted().join('\u0002')

const keyOfNull = resultKey([[null]])
const keyOfZero = resultKey([[0]])

/** True for the key of a result that says nothing: no rows, or one cell without a value. */
export const isEmpty = (key: string): boolean => key === '' || key === keyOfNull

/** True for the key of a single zero, as a count of nothing gives it. */
export const isZero = (key: string): boolean => key === keyOfZero

const sorted = (rows: Rows): (readonly Cell[])[] =>
  rows.map((row) => ({ row, key: row.map(rank).join('\u0001') })).toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row)

/**
 * Whether two results say the same: the same rows as a multiset, or in the same order if `ordered`. Numbers may differ by a relative 1e-6, unless both
 * are whole. The names of columns do not count; their order does.
 *
 * @param ordered true if the query asks for an order
 */
export const sameRows = (left: Rows, right: Rows, ordered = false): boolean => {
  if (left.length !== right.length) return false
  if (ordered) return left.every((row, at) => sameRow(row, right[at] ?? []))
  // Each row takes the first equal partner that is left. Sorting first makes the partner nearly always the next one.
  const open = sorted(right)
  for (const row of sorted(left)) {
    const partner = open.findIndex((other) => sameRow(row, other))
    if (partner < 0) return false
    open.splice(partner, 1)
  }
  return true
}

/**
 * Judges an answer by what it returns: whether the rows of the answered query are those of the right query, as a multiset, or in the same order if the
 * right query ends in an ORDER BY of its own. Numbers may differ by a relative 1e-6, unless both are whole; texts and bytes must be the same. The
 * names of columns do not count, their order does.
 *
 * @example
 * ```ts
 * import { sameAnswer } from 'autodidact/agents'
 *
 * const right = { query: 'SELECT name FROM t', rows: [['a'], ['b']] }
 * console.assert(sameAnswer(right, [['b'], ['a']]))
 * ```
 */
export const sameAnswer = (right: { readonly query: string; readonly rows: Rows }, answered: Rows): boolean => {
  expectObject(right, 'sameAnswer: right')
  expectText(right.query, 'sameAnswer: the right query')
  expectRows(right.rows, 'sameAnswer: the right rows')
  expectRows(answered, 'sameAnswer: the answered rows')
  return sameRows(answered, right.rows, topLevelOrder(right.query))
}

const expectRows = (rows: Rows, what: string): void => {
  expectList(rows, what)
  for (const row of rows) {
    expectList(row, `${what}: a row`)
    for (const cell of row) {
      if (cell === null || ['number', 'bigint', 'string'].includes(typeof cell) || cell instanceof Uint8Array) continue
      throw new AutodidactError('INVALID_INPUT', `${what}: a cell is ${described(cell)}. Pass a number, a text, bytes or null, as SQLite has them.`)
    }
  }
}
