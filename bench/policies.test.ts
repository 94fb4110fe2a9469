import { expect, test } from 'vitest'
import { z } from 'zod'
import { bench as delay } from './delay.bench.ts'
import { bench as drift } from './drift.bench.ts'
import { execute } from './harness/execute.ts'
import { bench as lockedArm } from './locked-arm.bench.ts'
import { bench as policies } from './policies.bench.ts'

test('policies: solves the lake where the settings of the tutorial fail, and counts what is solved', async () => {
  const { result, table } = await execute(policies, { seeds: 2, flags: { lakeEpisodes: 2000, taxiEpisodes: 100, poleEpisodes: 120 } })
  const fields = z.record(z.string(), z.unknown()).parse(result)
  expect(fields).toMatchObject({ frozenLakeSolved: 2, failingSolved: 0, cartPoleSolved: 0, taxiReturn: expect.any(Number), seeds: 2 })
  expect(z.number().parse(fields['failingReturn'])).toBeLessThan(z.number().parse(fields['frozenLakeReturn']))
  expect(table.rows).toHaveLength(5)
})

test('locked-arm: every policy finds the good option but for the one that starts untried options at 0 and looks ahead', async () => {
  const { result } = await execute(lockedArm, { seeds: 6 })
  const shares = z.object({ goodShare: z.number(), policies: z.record(z.string(), z.object({ goodShare: z.number() })) }).parse(result)
  expect(shares.goodShare).toBeGreaterThan(0.8)
  for (const [policy, { goodShare }] of Object.entries(shares.policies)) {
    if (policy.includes('looking ahead')) expect(goodShare).toBeLessThan(0.6)
    else expect(goodShare, policy).toBeGreaterThan(0.8)
  }
})

const curve = z.object({ policy: z.string(), regret: z.number(), curve: z.array(z.number()) })

test('drift: costs what had been learned, and is made good', async () => {
  const { result } = await execute(drift, { seeds: 1, flags: { limit: 2000 } })
  const { policies } = z.object({ policies: z.array(curve) }).parse(result)
  expect(policies.map(({ policy }) => policy)).toContain('default')
  for (const { curve } of policies) {
    expect(curve).toHaveLength(10)
    expect(curve[5]).toBeGreaterThan((curve[4] ?? 0) + 0.3)
    expect(curve[9]).toBeLessThan((curve[5] ?? 0) - 0.3)
  }
})

test('delay: costs the time until rewards are known; corrections are exact where learners say so', async () => {
  const { result } = await execute(delay, { seeds: 1, flags: { limit: 1500, corrections: 300 } })
  const { curves, deviations } = z
    .object({
      curves: z.array(curve.extend({ delay: z.number() })),
      deviations: z.array(z.object({ policy: z.string(), exact: z.boolean(), corrected: z.number(), uncorrected: z.number() })),
    })
    .parse(result)
  const at = (delay: number): number => curves.find((one) => one.policy === 'default' && one.delay === delay)?.regret ?? Number.NaN
  expect(at(1000)).toBeGreaterThan(at(0) + 0.2)
  for (const { exact, corrected, uncorrected } of deviations) {
    expect(corrected).toBeLessThan(uncorrected)
    if (exact) expect(corrected).toBeLessThan(1e-9)
  }
  expect(deviations.some(({ exact }) => exact)).toBe(true)
})
