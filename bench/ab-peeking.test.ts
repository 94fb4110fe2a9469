import { expect, test } from 'vitest'
import { z } from 'zod'
import { bench } from './ab-peeking.bench.ts'
import { execute } from './harness/execute.ts'

const fields = z.object({ falseWinner: z.number(), medianStop: z.number(), found: z.number(), wrongWinner: z.number(), naiveFalseWinner: z.number() })

test('a large difference is found soon, and two equal arms are told apart by the classical test alone', async () => {
  const { result, table } = await execute(bench, { seeds: 40, flags: { observations: 1_500, difference: 0.3 } })
  const { falseWinner, medianStop, found, wrongWinner, naiveFalseWinner } = fields.parse(result)
  expect(falseWinner).toBeLessThanOrEqual(0.1)
  expect(naiveFalseWinner).toBeGreaterThan(falseWinner)
  expect({ found, wrongWinner }).toEqual({ found: 1, wrongWinner: 0 })
  expect(medianStop).toBeLessThan(400)
  expect(table.rows).toHaveLength(5)
})
