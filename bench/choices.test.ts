import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { defaultPolicy, featurize, optionModel, sample, seededRandom, shuffled, similarities } from '../src/index.ts'
import { bench } from './choices.bench.ts'
import { readChoices } from './harness/choices.ts'
import { execute } from './harness/execute.ts'
import { mean } from './harness/statistics.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-choices-'))
afterAll(() => rmSync(folder, { recursive: true }))

const words = ['river', 'stone', 'cloud', 'ember', 'leaf', 'frost']
const fillers = ['please', 'today', 'again', 'quickly', 'there', 'somehow']

beforeAll(() => {
  const random = seededRandom(5)
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? ''
  const rows = Array.from({ length: 400 }, (_, place) => {
    const word = one(words)
    const gold = `option-${words.indexOf(word)}`
    const candidates = place % 4 === 0 ? [gold, `option-${(words.indexOf(word) + 1) % words.length}`] : undefined
    return JSON.stringify({ text: `${one(fillers)} ${word} ${one(fillers)}`, gold, candidates })
  })
  writeFileSync(join(folder, 'stream.jsonl'), rows.join('\n'))
  writeFileSync(join(folder, 'options.json'), JSON.stringify(words.map((_, place) => ({ id: `option-${place}`, description: 'one of several' }))))
})

const fields = z.object({ mean: z.number(), lastTenth: z.number(), seeds: z.number(), random: z.number(), explored: z.number() })

test('learns from the chosen reward alone what descriptions do not say', async () => {
  const { result, table } = await execute(bench, { data: folder, seeds: 2 })
  const { mean: share, lastTenth, seeds, random, explored } = fields.parse(result)
  expect(seeds).toBe(2)
  expect(random).toBeCloseTo(0.25 * 0.5 + 0.75 / 6, 9)
  expect(share).toBeGreaterThan(random + 0.2)
  expect(lastTenth).toBeGreaterThan(0.8)
  expect(explored).toBeGreaterThan(0)
  expect(explored).toBeLessThan(0.1)
  expect(table.rows).toHaveLength(5)
})

/** The same pass over policy and model, without log, store and credit join. */
const withoutAutodidact = (seed: number): number => {
  const requests = shuffled(readChoices(folder).requests, seededRandom(seed))
  const draws = seededRandom(seed)
  const policy = defaultPolicy()
  let state = optionModel.initial()
  return mean(
    requests.map(({ text, gold, options }, sequence) => {
      const ask = { point: 'option', options, features: featurize({ task: text }), similarities: similarities(text, options) }
      const weights = policy.weigh(optionModel.view(state), ask)
      const index = sample(weights, seededRandom(Math.floor(draws() * 2 ** 32)))
      const option = options[index]?.id ?? ''
      const reward = Number(option === gold)
      state = optionModel.learn(state, {
        kind: 'decision.settled',
        sequence: sequence + 1,
        occurredAt: 0,
        run: `run-${sequence}`,
        decision: `decision-${sequence}`,
        point: 'option',
        option,
        followed: true,
        propensity: weights[index] ?? 0,
        features: ask.features,
        similarity: ask.similarities[index] ?? 0,
        current: { reward, weight: 1 },
      })
      return reward
    }),
  )
}

test('log, store and credit join change nothing about what is learned', async () => {
  const { result } = await execute(bench, { data: folder, seeds: 1 })
  expect(fields.parse(result).mean).toBe(withoutAutodidact(1))
})

test('counts true rewards when the learner is told inverted ones', async () => {
  const { result } = await execute(bench, { data: folder, seeds: 1, flags: { flip: 1 } })
  // Told the opposite of everything, it learns to avoid what is right.
  expect(fields.parse(result).lastTenth).toBeLessThan(0.2)
})
