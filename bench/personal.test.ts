import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './personal.bench.ts'

test('users of opposite tastes are more content with what is learned of each, and those of one taste no less', async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { users: 4, rounds: 40 } })
  const { choices, lessons, sameTaste } = result as Record<'choices' | 'lessons' | 'sameTaste', { withIt: number; without: number }>
  expect(choices.withIt).toBeGreaterThan(choices.without + 0.1)
  expect(lessons.withIt).toBeGreaterThan(lessons.without + 0.05)
  expect(sameTaste.withIt).toBeGreaterThan(sameTaste.without - 0.1)
  expect(table.rows).toHaveLength(4)
})
