import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { virtualClock } from '../../../test/support/virtual-clock.ts'
import { RateLimit } from './rate-limit.ts'

test('whoever is called never sees more calls of a key in any stretch of time than the rate allows, however long they are on their way', async () => {
  const latencies = fc.array(fc.record({ there: fc.nat(500), back: fc.nat(500), key: fc.constant(undefined) }), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(latencies, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 300 }), async (calls, most, keys, perMs) => {
      const clock = virtualClock()
      const names = Array.from({ length: keys }, (_, place) => `key ${place}`)
      const limit = new RateLimit(names, { calls: most, perMs }, clock)
      const arrivals = new Map<string, number[]>()
      const call = async ({ there, back }: { there: number; back: number }): Promise<void> => {
        const { key = '', release } = await limit.take(new AbortController().signal)
        await clock.wait(there)
        arrivals.set(key, [...(arrivals.get(key) ?? []), clock.now()])
        await clock.wait(back)
        release()
      }
      await clock.drive(Promise.all(calls.map(call)))
      expect([...arrivals.values()].flat()).toHaveLength(calls.length)
      for (const times of arrivals.values()) {
        times.sort((left, right) => left - right)
        // The call after the last that is allowed comes a whole stretch later at the earliest.
        for (let place = most; place < times.length; place += 1) expect((times[place] ?? 0) - (times[place - most] ?? 0)).toBeGreaterThanOrEqual(perMs)
      }
    }),
    { numRuns: 50 },
  )
})

test('calls are served in turn, keys take turns, and the rate is used up', async () => {
  const clock = virtualClock()
  const limit = new RateLimit(['one', 'two'], { calls: 2, perMs: 1000 }, clock)
  const log: string[] = []
  const call = async (name: string): Promise<void> => {
    const { key, release } = await limit.take(new AbortController().signal)
    log.push(`${name} ${key} ${clock.now()}`)
    release()
  }
  await clock.drive(Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(call)))
  expect(log).toEqual(['a one 0', 'b two 0', 'c one 0', 'd two 0', 'e one 1000', 'f two 1000'])
})

test('whoever gives up waiting takes no place, and leaves no timer behind', async () => {
  const clock = virtualClock()
  const limit = new RateLimit([undefined], { calls: 1, perMs: 1000 }, clock)
  const { signal } = new AbortController()
  ;(await limit.take(signal)).release()
  const stop = new AbortController()
  const first = limit.take(stop.signal)
  const second = limit.take(signal)
  stop.abort(new Error('no longer'))
  await expect(first).rejects.toThrow('no longer')
  expect(await clock.drive(second)).toMatchObject({ key: undefined })
  expect(clock.now()).toBe(1000)
  await expect(limit.take(AbortSignal.abort(new Error('never')))).rejects.toThrow('never')
})
