import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { stratified } from './metrics/comparison.ts'
import { newcombe } from '../statistics/newcombe.ts'
import { wilson } from '../statistics/wilson.ts'

const sideOf = (count: number, of: number) => ({ runs: of, verified: wilson(of, of), success: wilson(count, of) })

const comparisonOf = ([own, of, other, against]: readonly [number, number, number, number]) => {
  const [first, second] = [sideOf(own, of), sideOf(other, against)]
  return { first, second, success: newcombe(first.success, second.success), moreSuccessful: 'not shown', faster: 'not shown' } as const
}

describe('two agents', () => {
  test('are compared on each kind of task that both did', async () => {
    const { autodidact } = await opened()
    const record = async (agent: string, category: string, good: number, runs: number, durationMs: number): Promise<void> => {
      for (let place = 0; place < runs; place += 1) await autodidact.record({ task: 'x', agent, category, success: place < good, durationMs: durationMs + (place % 10) })
    }
    await record('a', 'easy', 18, 20, 100)
    await record('b', 'easy', 9, 10, 300)
    await record('a', 'hard', 2, 10, 100)
    await record('b', 'hard', 14, 20, 100)
    await record('a', 'own', 1, 1, 1)
    await record('b', 'other', 1, 1, 1)
    const { categories, onlyFirst, onlySecond, overall, answer } = await autodidact.compare('a', 'b')
    expect({ onlyFirst, onlySecond }).toEqual({ onlyFirst: ['own'], onlySecond: ['other'] })
    expect(categories.map(({ category, moreSuccessful, faster }) => [category, moreSuccessful, faster])).toEqual([
      ['easy', 'not shown', 'first'],
      ['hard', 'second', 'not shown'],
    ])
    // Put together, a has 20 of 30 and b 23 of 30: nearly the same. Within the kinds, b is better: (20/3 · 0 + 20/3 · −.5) / (40/3).
    expect(overall.difference).toBeCloseTo(-0.25, 12)
    expect(overall).toMatchObject({ moreSuccessful: 'second' })
    expect(answer).toBe('"b" succeeds more often: "a" over "b" −25.0 points of success (95 %: −40.1 points to −0.4 points) over 2 kinds of tasks.')
  })

  test('with nothing in common are not compared', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ task: 'x', agent: 'a', category: 'one', success: true })
    await autodidact.record({ task: 'x', agent: 'b', category: 'two', success: true })
    expect(await autodidact.compare('a', 'b')).toMatchObject({ categories: [], overall: { difference: 0, low: -1, high: 1, moreSuccessful: 'not shown' }, answer: 'There is no kind of task that both "a" and "b" did.' })
  })

  test('must both be there, and be two', async () => {
    const { autodidact } = await opened()
    await expect(autodidact.compare('a', 'b')).rejects.toMatchObject({ code: 'UNKNOWN_ID', message: expect.stringContaining('No run names its agent yet') })
    await autodidact.record({ task: 'x', agent: 'a' })
    await expect(autodidact.compare('a', 'b')).rejects.toMatchObject({ code: 'UNKNOWN_ID', message: expect.stringContaining('There are: a.') })
    await expect(autodidact.compare('a', 'a')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('the difference over several kinds', () => {
  test('of one kind is that of the kind', () => {
    const one = comparisonOf([56, 70, 48, 80])
    const { difference, low, high } = stratified([one])
    expect([difference, low, high].map((value) => value.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339'])
  })

  test('turns round with the agents, holds the difference, and is sharper than its kinds', () => {
    const side = fc.integer({ min: 1, max: 40 }).chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)))
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 6 }), (kinds) => {
        const there = stratified(kinds.map(([own, other]) => comparisonOf([...own, ...other])))
        const back = stratified(kinds.map(([own, other]) => comparisonOf([...other, ...own])))
        expect(there.low).toBeLessThanOrEqual(there.difference)
        expect(there.high).toBeGreaterThanOrEqual(there.difference)
        expect(back.difference).toBeCloseTo(-there.difference, 9)
        expect(back.low).toBeCloseTo(-there.high, 9)
        const widest = Math.max(...kinds.map(([own, other]) => comparisonOf([...own, ...other]).success).map(({ low, high }) => high - low))
        expect(there.high - there.low).toBeLessThanOrEqual(widest + 1e-9)
      }),
    )
  })
})
