import { expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './off-policy.bench.ts'

const outcome = z.object({ rmse: z.number(), coverage: z.number() })
const size = z.object({ size: z.number(), answered: z.number(), evaluated: z.number(), guaranteed: z.number(), ips: outcome, snips: outcome, sndr: outcome, dm: outcome })
const fields = z.object({ worlds: z.array(z.object({ logger: z.string(), largestWeight: z.number(), bySize: z.array(size) })) })

test('errors fall with the number of decisions, but for the direct method', async () => {
  const { result, table } = await execute(bench, { seeds: 20, flags: { guaranteed: 3 } })
  const { worlds } = fields.parse(result)
  expect(worlds.map(({ logger }) => logger)).toEqual(['epsilon-greedy', 'softmax', 'rare'])
  for (const { bySize } of worlds) {
    const [few, , many] = bySize
    expect(many?.snips.rmse).toBeLessThan((few?.snips.rmse ?? 0) / 2)
    expect(many?.dm.rmse).toBeGreaterThan(0.9 * (few?.dm.rmse ?? 0))
    expect(many).toMatchObject({ answered: 1, evaluated: 1, guaranteed: 1 })
  }
  // Largest weights of 48 in 500 decisions: those that were answered had not drawn them.
  expect(worlds[0]?.bySize[0]).toMatchObject({ size: 500, evaluated: 0 })
  expect(table.rows).toHaveLength(9)
})
