import { expect, test } from 'vitest'
import { fewerText } from './in-words.ts'

test('errors that have become more are not called fewer', () => {
  expect([1, 0.25, 0, -0.5, -3].map(fewerText)).toEqual(['100 % fewer', '25 % fewer', 'no fewer', '50 % more', '300 % more'])
})
