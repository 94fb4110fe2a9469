import { array, assert, boolean, constantFrom, property, tuple } from 'fast-check'
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

test('what was never got past is that by its definition, also of runs of many steps', () => {
  assert(
    property(array(tuple(constantFrom('a', 'b', 'c'), boolean())), (steps) => {
      const attempts = attemptsOf(steps.map(([action]) => action), steps.flatMap(([, ok], place) => (ok ? [] : place)))
      const { actions, failed } = attempts
      const open = failed.filter((place) => !actions.some((action, later) => later > place && action === actions[place] && !failed.includes(later)))
      expect([firstBreak(attempts), brokenOffAt(attempts)]).toEqual([open[0], open.at(-1)].map((place) => (place === undefined ? undefined : actions[place])))
    }),
  )
  const long = Array.from({ length: 10_000 }, (_, place) => (place % 2 === 0 ? 'look' : 'wait'))
  expect(brokenOffAt(attemptsOf([...long, 'look'], long.flatMap((action, place) => (action === 'look' ? place : []))))).toBeUndefined()
})
