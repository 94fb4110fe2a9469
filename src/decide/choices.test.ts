import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { optionModel } from '../learn/learners/option-model.ts'
import { featurize } from '../learn/features.ts'
import { defaultPolicy } from './policies/default.ts'
import type { Option } from './policy.ts'
import { seededRandom, shuffled } from './random.ts'
import { sample } from './sample.ts'
import { similarities } from './similarity.ts'

interface Request {
  readonly text: string
  readonly gold: string
  readonly candidates?: readonly string[]
}

const data = process.env['AUTODIDACT_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))
const folder = join(data, 'choices', 'bfcl-live-multiple')

/** Share of requests for which the right tool was chosen, in one pass with exploration on, when a share `flip` of the rewards is inverted. */
const shareRight = (seed: number, flip: number): number => {
  const options = new Map((JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')) as Option[]).map((option) => [option.id, option]))
  const lines = readFileSync(join(folder, 'stream.jsonl'), 'utf8').trim().split('\n')
  const random = seededRandom(seed)
  const requests = shuffled(lines.map((line) => JSON.parse(line) as Request), random)
  const policy = defaultPolicy()
  let state = optionModel.initial()
  let right = 0
  for (const [sequence, { text, gold, candidates = [...options.keys()] }] of requests.entries()) {
    const offered = candidates.flatMap((id) => options.get(id) ?? [])
    const ask = { point: 'tool', options: offered, features: featurize({ task: text }), similarities: similarities(text, offered) }
    const weights = policy.weigh(optionModel.view(state), ask)
    const index = sample(weights, random)
    const option = offered[index]?.id ?? ''
    if (option === gold) right += 1
    const reward = (option === gold) === random() >= flip ? 1 : 0
    state = optionModel.learn(state, {
      kind: 'decision.settled',
      sequence,
      occurredAt: sequence,
      run: `run-${sequence}`,
      decision: `decision-${sequence}`,
      point: ask.point,
      option,
      followed: true,
      propensity: weights[index] ?? 0,
      features: ask.features,
      similarity: ask.similarities[index] ?? 0,
      current: { reward, weight: 1 },
    })
  }
  return right / requests.length
}

describe.skipIf(!existsSync(folder))('the default policy on real requests for tools', () => {
  it('is better than descriptions alone (.816)', () => {
    expect(shareRight(1, 0)).toBeGreaterThan(0.85)
  })

  it('is no worse than descriptions alone when a fifth of the feedback is false', () => {
    expect(shareRight(1, 0.2)).toBeGreaterThan(0.816)
  })
})
