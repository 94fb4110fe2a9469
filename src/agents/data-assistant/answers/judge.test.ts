import { array, assert, constant, constantFrom, integer, oneof, property } from 'fast-check'
import { expect, test } from 'vitest'
import { shuffled, seededRandom } from '../../../decide/random.ts'
import { sameAnswer, sameRows } from './judge.ts'

const cell = oneof(integer({ min: -5, max: 5 }), constantFrom('a', 'b', ''), constant(null))
const rows = array(array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 8 })

test('the order of rows counts only where the right query asks for one', () => {
  assert(property(rows, integer(), (right, seed) => sameRows(right, shuffled(right, seededRandom(seed)))))
  const swapped = [['b'], ['a']]
  expect(sameAnswer({ query: 'SELECT x FROM t', rows: [['a'], ['b']] }, swapped)).toBe(true)
  expect(sameAnswer({ query: 'SELECT x FROM t ORDER BY x', rows: [['a'], ['b']] }, swapped)).toBe(false)
  expect(sameAnswer({ query: 'SELECT x FROM (SELECT x FROM t ORDER BY x)', rows: [['a'], ['b']] }, swapped)).toBe(true)
})

test('a row more, a row less, or a row twice is another answer', () => {
  assert(property(rows, (right) => !sameRows([...right, ['c', 1]], right) && !sameRows(right, [...right, ['c', 1]])))
  expect(sameRows([['a'], ['a'], ['b']], [['a'], ['b'], ['b']])).toBe(false)
})

test('numbers are compared within a relative tolerance, texts exactly', () => {
  expect(sameRows([[1_000_000]], [[1_000_000.5]])).toBe(true)
  expect(sameRows([[1_000_000.5]], [[1_000_002]])).toBe(false)
  expect(sameRows([['a']], [['A']])).toBe(false)
  expect(sameRows([[null]], [[0]])).toBe(false)
  expect(sameRows([['']], [[0]])).toBe(false)
  expect(sameRows([[' ']], [[0]])).toBe(false)
  expect(sameRows([['007']], [['7']])).toBe(false)
  expect(sameRows([['1.10']], [['1.1']])).toBe(false)
  expect(sameRows([['7']], [[7]])).toBe(true)
})

test('bytes are compared as they are', () => {
  const rows = [[Uint8Array.of(1, 255)], [Uint8Array.of()]]
  expect(sameRows(rows, [[Uint8Array.of()], [Uint8Array.of(1, 255)]])).toBe(true)
  expect(sameRows(rows, [[Uint8Array.of()], [Uint8Array.of(1, 254)]])).toBe(false)
  expect(sameRows([[Uint8Array.of(49)]], [['1']])).toBe(false)
  expect(sameRows([[Uint8Array.of()]], [[null]])).toBe(false)
})

test('whole numbers are keys and counts, and compared exactly', () => {
  expect(sameRows([[5_000_000]], [[5_000_001]])).toBe(false)
  expect(sameRows([[5_000_000]], [[5_000_000.5]])).toBe(true)
  expect(sameRows([[9_223_372_036_854_775_807n]], [[9_223_372_036_854_775_806n]])).toBe(false)
  expect(sameRows([[9_223_372_036_854_775_807n]], [[9_223_372_036_854_775_807n]])).toBe(true)
})
