import { expect, test } from 'vitest'
import { nearestName } from './nearest.ts'

test.each([
  ['Ada', ['adam', 'ada', 'grace'], 'ada'],
  ['garce', ['ada', 'grace'], 'grace'],
  ['gracie', ['ada', 'grace'], 'grace'],
  ['grace hoper', ['Grace Hopper', 'grace'], 'Grace Hopper'],
  ['bob', ['ada', 'eve'], undefined],
  ['a', ['b'], undefined],
  ['x'.repeat(500), ['x'.repeat(499), 'X'.repeat(500)], 'X'.repeat(500)],
  ['x'.repeat(500), ['x'.repeat(499)], undefined],
  ['', ['a'], undefined],
  ['anybody', [], undefined],
])('of %s and %j the nearest is %s', (given, known, nearest) => {
  expect(nearestName(given, known)).toBe(nearest)
})
