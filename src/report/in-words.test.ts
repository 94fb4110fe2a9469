import { expect, test } from 'vitest'
import { countText, fewerText } from './in-words.ts'

test('errors that have become more are not called fewer', () => {
  expect([1, 0.25, 0, -0.5, -3].map(fewerText)).toEqual(['100 % fewer', '25 % fewer', 'no fewer', '50 % more', '300 % more'])
})

test('one of something is not many', () => {
  expect([0, 1, 2, 0.5, 1_200].map((count) => countText(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs', '0.5 runs', '1,200 runs'])
})
