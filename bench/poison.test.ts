import { expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './poison.bench.ts'

test('what others did in a task speaks against a success that was made up', async () => {
  const { result: given, table } = await execute(bench, { seeds: 1 })
  const result = z.object({ attackTop3: z.number(), withoutLearning: z.number(), honestLoss: z.number() }).parse(given)
  expect(result.attackTop3).toBeLessThanOrEqual(0.1)
  expect(result.withoutLearning).toBeGreaterThan(result.attackTop3)
  expect(result.honestLoss).toBeLessThanOrEqual(0.02)
  expect(table.rows).toHaveLength(8)
})
