import { expect, test } from 'vitest'
import { z } from 'zod'
import { bench } from './questions.bench.ts'

const share = z.number().min(0).max(1)
const shares = z.object({ mean: share, wrong: share, unknown: share, tenths: z.array(share).length(10) })
const fields = shares.extend({ baselines: z.object({ learningOff: shares, exactMatch: shares, nearestCase: shares }) })

test('the questions bench asks four assistants the same and compares them', async () => {
  const progress = { start: () => undefined, advance: () => undefined }
  const { result, table } = await bench.execute({ flags: { limit: 40, first: 1 }, seeds: 1, progress })
  const { baselines, ...cases } = fields.parse(result)
  for (const { mean, wrong, unknown, tenths } of [cases, ...Object.values(baselines)]) {
    expect(mean + wrong + unknown).toBeCloseTo(1, 9)
    expect(tenths.reduce((sum, tenth) => sum + tenth, 0) / 10).toBeCloseTo(mean, 9)
  }
  // One shuffle says nothing of how far others lie from it.
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({ standardError: null, baselines: { nearestCase: { standardError: null } } })
  expect(baselines.learningOff.wrong).toBe(0)
  expect(cases.mean).toBeGreaterThan(baselines.learningOff.mean)
  expect(table.rows.map(([name]) => name)).toEqual(['to reach', 'cases', 'learningOff', 'exactMatch', 'nearestCase'])
})
