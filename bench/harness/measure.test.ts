import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { measure, measureBeside } from './measure.ts'

test('warm-up calls happen but do not count', async () => {
  const seen: number[] = []
  const timing = await measure((index) => seen.push(index), { calls: 20, warmUp: 5 })
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index))
  expect(timing.calls).toBe(20)
  expect(timing.p95Ms).toBeGreaterThanOrEqual(timing.p50Ms)
})

test('one asynchronous call ends before the next begins', async () => {
  let open = 0
  await measure(
    async () => {
      open += 1
      expect(open).toBe(1)
      await setTimeout(1)
      open -= 1
    },
    { calls: 5 },
  )
  expect(open).toBe(0)
})

test('an operation and its baseline take turns', async () => {
  const order: string[] = []
  const { baseline, calls, ratio } = await measureBeside(
    () => order.push('operation'),
    () => order.push('baseline'),
    { calls: 3, warmUp: 0 },
  )
  expect(order).toEqual(['operation', 'baseline', 'operation', 'baseline', 'operation', 'baseline'])
  expect({ calls, baseline: baseline.calls }).toEqual({ calls: 3, baseline: 3 })
  expect(ratio).toBeGreaterThanOrEqual(0)
})

test('a call that fails ends the measurement', async () => {
  await expect(measure(() => Promise.reject(new Error('broken')), { calls: 3 })).rejects.toThrow('broken')
})
