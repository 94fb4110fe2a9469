import { expect, test } from 'vitest'
import { z } from 'zod'
import { execute } from './harness/execute.ts'
import { bench } from './execution.bench.ts'

const fields = z.object({
  speedUp: z.number().positive(),
  allowed: z.number(),
  api: z.record(z.string(), z.object({ calls: z.number(), mostInWindow: z.number() })),
  learnedShare: z.number().min(0).max(1),
})

test('calls as often as a batch asks for, and no more often than the server allows', async () => {
  const { result } = await execute(bench, { seeds: 1, flags: { steps: 6, wait: 1, requests: 25, calls: 4, per: 30, tasks: 6 } })
  const { allowed, api } = fields.parse(result)
  expect(Object.fromEntries(Object.entries(api).map(([approach, { calls }]) => [approach, calls]))).toEqual({ standard: 25, parallel: 25, api_heavy: 3 })
  for (const { mostInWindow } of Object.values(api)) expect(mostInWindow).toBeLessThanOrEqual(allowed)
})
