import { assert as holds, dictionary, double, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Features } from './learner.ts'
import { type Context, featurize, longestTask } from './features.ts'

const product = (left: Features, right: Features): number => {
  const values = new Map(Array.from(left.hashes, (hash, index) => [hash, left.values[index] ?? 0]))
  return right.hashes.reduce((sum, hash, index) => sum + (values.get(hash) ?? 0) * (right.values[index] ?? 0), 0)
}

describe('featurize', () => {
  it('gives ascending, unique hashes and values of length 1, whatever the task and the context', () => {
    const number = double({ noNaN: true, noDefaultInfinity: true })
    holds(
      property(string(), dictionary(string(), oneof(number, string())), (task, context) => {
        const { hashes, values } = featurize({ task, context })
        expect(values).toHaveLength(hashes.length)
        for (let index = 1; index < hashes.length; index += 1) expect(hashes[index]).toBeGreaterThan(hashes[index - 1] ?? Infinity)
        expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
      }),
    )
  })

  it('gives the same features whatever the order of the context', () => {
    holds(
      property(dictionary(string(), double({ noNaN: true, noDefaultInfinity: true })), (context) => {
        const reversed = Object.fromEntries(Object.entries(context).reverse())
        expect(featurize({ task: 'a task', context: reversed })).toEqual(featurize({ task: 'a task', context }))
      }),
    )
  })

  it('finds two forms of a word the same, and the order of words different', () => {
    const task = featurize({ task: 'book flights' })
    expect(featurize({ task: 'booking a flight' }).hashes.filter((hash) => task.hashes.includes(hash)).length).toBeGreaterThanOrEqual(3)
    expect(product(task, featurize({ task: 'book flights' }))).toBeCloseTo(1)
    expect(product(task, featurize({ task: 'flights book' }))).toBeLessThan(0.9)
  })

  it('has something to go by without a task', () => {
    expect(featurize({ task: '' }).values).toEqual(Float32Array.of(1))
  })

  it('reads the beginning of an endless task', () => {
    const task = Array.from({ length: 100_000 }, (_, index) => `word${index}`).join(' ')
    expect(featurize({ task }).hashes.length).toBeLessThanOrEqual(2 * longestTask + 1)
  })

  it.each([
    [10, 11, 1000],
    [0.1, 0.11, 0.9],
    [-5, -5.5, 5],
    [0, 1e-9, 1],
    [1e40, 1e50, 1e5],
  ])('%d is nearer to %d than to %d', (value, near, far) => {
    const [ours, close, distant] = [value, near, far].map((load) => featurize({ task: '', context: { load } })) as [Features, Features, Features]
    expect(product(ours, close)).toBeGreaterThan(product(ours, distant) + 0.1)
  })

  it('keeps names, categories and states apart', () => {
    const contexts: Context[] = [{ a: 1 }, { b: 1 }, { a: '1' }, { a: true }, {}]
    const seen = contexts.map((context) => featurize({ task: 't', context }).hashes.join())
    seen.push(featurize({ task: 't', state: '1' }).hashes.join())
    expect(new Set(seen).size).toBe(seen.length)
  })
})
