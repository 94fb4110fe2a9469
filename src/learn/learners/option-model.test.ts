import { describe, expect, it } from 'vitest'
import { featurize } from '../features.ts'
import type { Ask } from '../../decide/policy.ts'
import { seededRandom } from '../../decide/random.ts'
import { experienceStream } from '../../testing/experience-stream.ts'
import type { DecisionSettled, Verdict } from '../learner.ts'
import { createOptionModel, optionModel, type OptionModelState } from './option-model.ts'

const decision = (task: string, option: string, current?: Verdict, previous?: Verdict): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  decision: 'decision',
  point: 'tool',
  option,
  followed: true,
  propensity: 0.5,
  features: featurize({ task }),
  similarity: 0,
  ...(current !== undefined && { current }),
  ...(previous !== undefined && { previous }),
})

const fold = (...experiences: DecisionSettled[]): OptionModelState =>
  experiences.reduce((state, experience) => optionModel.learn(state, experience), optionModel.initial())

const valueOf = (state: OptionModelState, task: string, option: string): number => {
  const ask: Ask = { point: 'tool', options: [{ id: option }], features: featurize({ task }), similarities: new Float64Array(1) }
  return optionModel.view(state).values(ask)[0] ?? Number.NaN
}

const good = { reward: 1, weight: 1 }
const bad = { reward: 0, weight: 1 }

describe('the option model', () => {
  it('learns which option suits which task', () => {
    const lessons = Array.from({ length: 20 }, (_, index) => [
      decision(`book flight ${index}`, 'travel', good),
      decision(`book flight ${index}`, 'bank', bad),
      decision(`pay bill ${index}`, 'travel', bad),
      decision(`pay bill ${index}`, 'bank', good),
    ]).flat()
    const state = fold(...lessons)
    expect(valueOf(state, 'book a flight', 'travel')).toBeGreaterThan(valueOf(state, 'book a flight', 'bank') + 0.3)
    expect(valueOf(state, 'pay the bill', 'bank')).toBeGreaterThan(valueOf(state, 'pay the bill', 'travel') + 0.3)
  })

  it('holds an option never tried above one that failed and below one that succeeded', () => {
    const state = fold(decision('x y', 'a', bad), decision('x y', 'b', good))
    expect(valueOf(state, 'x y', 'b')).toBeGreaterThan(valueOf(state, 'x y', 'untried'))
    expect(valueOf(state, 'x y', 'untried')).toBeGreaterThan(valueOf(state, 'x y', 'a'))
  })

  it('learns more from a verdict that is believed more', () => {
    const full = valueOf(fold(decision('x y', 'a', good)), 'x y', 'a')
    const third = valueOf(fold(decision('x y', 'a', { reward: 1, weight: 0.3 })), 'x y', 'a')
    expect(third).toBeGreaterThan(0)
    expect(third).toBeLessThan(0.5 * full)
  })

  it('learns from what was done against its advice', () => {
    const deviation = { ...decision('x y', 'a', good), followed: false, propensity: 0.01 }
    expect(valueOf(fold(deviation), 'x y', 'a')).toBe(valueOf(fold(decision('x y', 'a', good)), 'x y', 'a'))
  })

  it('keeps choice points apart', () => {
    const state = fold({ ...decision('x y', 'a', good), point: 'other' })
    expect(valueOf(state, 'x y', 'a')).toBe(0)
    expect(optionModel.view(state).mean('tool')).toBe(0.5)
    expect(optionModel.view(state).mean('other')).toBe(0.75)
  })

  it('follows a reward that turns around', () => {
    const turned = fold(decision('x y', 'a', good), decision('x y', 'a', bad, good))
    expect(valueOf(turned, 'x y', 'a')).toBeLessThan(-0.05)
    expect(optionModel.view(turned).mean('tool')).toBe(0.25)
  })

  it('comes back to where it was when its only reward is withdrawn', () => {
    const withdrawn = fold(decision('x y', 'a', good), decision('x y', 'a', undefined, good))
    expect(Math.abs(valueOf(withdrawn, 'x y', 'a'))).toBeLessThan(0.05)
    expect(optionModel.view(withdrawn).mean('tool')).toBe(0.5)
  })

  it('comes nearer to never having had a false reward when it is withdrawn', () => {
    const lessons = Array.from({ length: 10 }, (_, index) => decision(`task ${index % 3}`, 'a', index % 2 === 0 ? good : bad))
    const lie = decision('task 1 x', 'a', bad)
    const without = valueOf(fold(...lessons), 'task 1 x', 'a')
    const lied = valueOf(fold(...lessons.slice(0, 5), lie, ...lessons.slice(5)), 'task 1 x', 'a')
    const withdrawal = decision('task 1 x', 'a', undefined, bad)
    const taken = valueOf(fold(...lessons.slice(0, 5), lie, ...lessons.slice(5), withdrawal), 'task 1 x', 'a')
    expect(Math.abs(taken - without)).toBeLessThan(Math.abs(lied - without))
  })

  it('trusts descriptions more and options less where feedback is noise', () => {
    const random = seededRandom(5)
    const trustAfter = (rewardOf: (option: number) => number): number => {
      let state = optionModel.initial()
      for (let step = 0; step < 400; step += 1) {
        const option = Math.floor(random() * 5)
        state = optionModel.learn(state, decision(`word${Math.floor(random() * 30)} word${Math.floor(random() * 30)}`, `o${option}`, { reward: rewardOf(option), weight: 1 }))
      }
      return state.get('tool')?.blend.weights[2] ?? Number.NaN
    }
    expect(trustAfter(() => (random() < 0.5 ? 1 : 0))).toBeLessThan(0.5 * trustAfter((option) => (option === 0 ? 1 : 0)))
  })

  it('expects raw rewards', () => {
    const lessons = Array.from({ length: 30 }, () => [decision('x', 'a', { reward: 0.75, weight: 1 }), decision('x', 'b', { reward: 0.45, weight: 1 })]).flat()
    const ask: Ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: featurize({ task: 'x' }), similarities: new Float64Array(2) }
    const expected = optionModel.view(fold(...lessons)).expected(ask)
    expect(expected[0]).toBeCloseTo(0.75, 1)
    expect(expected[1]).toBeCloseTo(0.45, 1)
  })

  it('takes no more room than its table, whatever it learns', () => {
    const model = createOptionModel({ tableBits: 8 })
    const state = experienceStream(seededRandom(1), 2000).reduce((state, experience) => model.learn(state, experience), model.initial())
    expect(model.save(state).length).toBeLessThan(2 * (256 * 12 + 300))
  })

  it('is another model with other settings, whose saved state is not taken for this one', () => {
    expect(createOptionModel({ step: 0.15 }).name).toBe(optionModel.name)
    const names = [{}, { step: 0.2 }, { priorCertainty: 5 }, { tableBits: 12 }].map((settings) => createOptionModel(settings).name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('refuses settings out of range and damaged bytes', () => {
    expect(() => createOptionModel({ step: 0 })).toThrow(/step/)
    expect(() => createOptionModel({ tableBits: 40 })).toThrow(/tableBits is 40/)
    const bytes = optionModel.save(fold(decision('x', 'a', good)))
    expect(() => optionModel.load(bytes.subarray(0, bytes.length - 3))).toThrow(/damaged/)
  })
})
