import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './echo.bench.ts'

test('nothing that was recalled is stored again, in whatever form it comes back', async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { rounds: 20 } })
  expect(result).toMatchObject({ storedAgain: 0, growth: 0 })
  expect(table.rows).toHaveLength(3)
})
