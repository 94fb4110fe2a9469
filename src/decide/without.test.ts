import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asksOf } from '../testing/experience-stream.ts'
import { epsilonGreedy } from './policies/epsilon-greedy.ts'
import { thompsonBeta } from './policies/thompson-beta.ts'
import { uniform } from './policies/uniform.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { seededRandom } from './random.ts'
import { without } from './without.ts'

describe('a policy without an option', () => {
  test('weighs the others as if it were not there', () => {
    assert(
      property(integer(), (seed) => {
        const view = optionModel.view(optionModel.initial())
        for (const ask of asksOf(seededRandom(seed)).filter(({ options }) => options.length > 1 && options.length < 1_000)) {
          const place = Math.abs(seed) % ask.options.length
          const weights = without(epsilonGreedy(), ask.options[place]?.id ?? '').weigh(view, ask)
          const others = { ...ask, options: ask.options.toSpliced(place, 1), similarities: Float64Array.from([...ask.similarities].toSpliced(place, 1)) }
          expect([...weights].toSpliced(place, 1)).toEqual([...epsilonGreedy().weigh(view, others)])
          expect(weights[place]).toBe(0)
        }
      }),
      { numRuns: 8 },
    )
  })

  test('takes it where there is nothing else, and changes nothing where it is not offered', () => {
    const ask = { point: 'p', options: [{ id: 'a' }], features: { hashes: new Uint32Array(), values: new Float32Array() }, similarities: new Float64Array(1) }
    expect([...without(uniform(), 'a').weigh(undefined, ask)]).toEqual([1])
    const two = { ...ask, options: [{ id: 'a' }, { id: 'b' }], similarities: new Float64Array(2) }
    expect([...without(uniform(), 'c').weigh(undefined, two)]).toEqual([0.5, 0.5])
  })

  test('keeps what the policy learns from and how it estimates', () => {
    const policy = thompsonBeta()
    expect(without(policy, 'a')).toMatchObject({ name: policy.name, learner: policy.learner, estimated: true, draws: policy.draws })
  })

  test('refuses what is no id', () => {
    expect(() => without(uniform(), JSON.parse('7'))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
