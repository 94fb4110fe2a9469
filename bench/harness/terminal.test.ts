import { expect, test } from 'vitest'
import { drawTable } from './terminal.ts'

test('what could not be measured is a dash', () => {
  const drawn = drawTable({ head: ['policy', 'standard error'], rows: [['default', Number.NaN], ['greedy', 0.01234]] })
  expect(drawn).toMatch(/default *│ *– /)
  expect(drawn).toMatch(/greedy *│ *0\.0123 /)
  expect(drawn).not.toContain('NaN')
})
