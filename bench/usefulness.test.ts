import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './usefulness.bench.ts'

test('what helps and what harms is told apart by leaving it out', async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { lessons: 3, runs: 250, percent: 40, look: 25 } })
  expect(result).toMatchObject({ signRight: 1, coverage: 1, zeroDemoted: 0, lessons: 3 })
  expect(table.rows).toHaveLength(7)
})
