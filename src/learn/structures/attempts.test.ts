import { expect, test } from 'vitest'
import { attemptsOf, brokenOffAt, firstBreak } from './attempts.ts'

test('repetitions in a row are one attempt, which went as the last of them did', () => {
  expect(attemptsOf(['a', 'a', 'b', 'b', 'c'], [0, 3, 4])).toEqual({ actions: ['a', 'b', 'c'], failed: [1, 2] })
  expect(attemptsOf([])).toEqual({ actions: [], failed: [] })
})

test('a run broke off at what failed last and never succeeded afterwards', () => {
  expect(brokenOffAt(attemptsOf(['a', 'b', 'notify'], [1]))).toBe('b')
  expect(brokenOffAt(attemptsOf(['a', 'b', 'login', 'b'], [1]))).toBeUndefined()
  expect(brokenOffAt(attemptsOf(['b', 'a', 'b'], [2]))).toBe('b')
  expect(brokenOffAt(attemptsOf(['a', 'b']))).toBeUndefined()
  expect(brokenOffAt(attemptsOf(['a', 'b', 'c'], [0, 1]))).toBe('b')
  expect(firstBreak(attemptsOf(['a', 'b', 'c'], [0, 1]))).toBe('a')
  expect(firstBreak(attemptsOf(['a', 'b', 'a'], [0]))).toBeUndefined()
})
