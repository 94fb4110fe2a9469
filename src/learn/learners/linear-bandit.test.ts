import { describe, expect, it } from 'vitest'
import { decided } from '../../../test/support/decided.ts'
import type { Ask } from '../../decide/policy.ts'
import { featurize } from '../features.ts'
import { createLinearBandit, type LinearBanditSettings, type LinearBanditView, mostInputs } from './linear-bandit.ts'

const numbers = (values: readonly number[]) => Object.fromEntries(values.map((value, place) => [`x${place}`, value]))

const askOf = (options: readonly string[], context: Record<string, number>): Ask => ({
  point: 'tool',
  options: options.map((id) => ({ id })),
  features: featurize({ task: '' }),
  similarities: new Float64Array(options.length),
  context,
})

interface Lesson {
  readonly option: string
  readonly reward: number
  readonly inputs: readonly number[]
}

const learned = (settings: LinearBanditSettings, lessons: readonly Lesson[]): LinearBanditView => {
  const learner = createLinearBandit(settings)
  const experiences = lessons.map(({ option, reward, inputs }) => decided({ option, context: numbers(inputs), current: { reward, weight: 1 } }))
  return learner.view(experiences.reduce((state, experience) => learner.learn(state, experience), learner.initial()))
}

const upper = (view: LinearBanditView, options: readonly string[], inputs: readonly number[], alpha: number): number[] => {
  const { values, widths } = view.estimate(askOf(options, numbers(inputs)))
  return [...values].map((value, place) => value + alpha * (widths[place] ?? 0))
}

const width = (view: LinearBanditView): number => view.estimate(askOf(['a'], numbers([0.3, 0.4]))).widths[0] ?? Number.NaN

/** As it stands in the papers: no intercept of its own, and rewards as they are. */
const plain = { centred: false, intercept: false } as const

describe('linear bandits', () => {
  // MABWiser, tests/test_linucb.py: test_alpha0_expectations and test_alpha1_expectations.
  const history = [
    [0, 1, 2, 3, 5],
    [1, 1, 1, 1, 1],
    [0, 0, 1, 0, 0],
    [0, 2, 2, 3, 5],
    [1, 3, 1, 1, 1],
    [0, 0, 0, 0, 0],
    [0, 1, 4, 3, 5],
    [0, 1, 2, 4, 5],
    [1, 2, 1, 1, 3],
    [0, 2, 1, 0, 0],
  ]
  it.each([
    {
      alpha: 0,
      arms: [1, 1, 1, 2, 2, 2, 3, 3, 3, 1],
      rewards: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
      golden: [
        [-0.018378378378378413, 0, 0.9966292134831471],
        [0.14054054054054055, 0, 0.43258426966292074],
      ],
    },
    {
      alpha: 1,
      arms: [1, 1, 1, 2, 2, 3, 3, 3, 3, 3],
      rewards: [0, 0, 1, 0, 0, 0, 0, 1, 1, 1],
      golden: [
        [0.9790312458954391, 1.1617706239438832, 1.4247056229871702],
        [0.8896475809353053, 0.923364043088837, 1.457085577251709],
      ],
    },
  ])('give the upper bounds of MABWiser for α $alpha', ({ alpha, arms, rewards, golden }) => {
    const view = learned(plain, arms.map((arm, place) => ({ option: `${arm}`, reward: rewards[place] ?? 0, inputs: history[place] ?? [] })))
    for (const [row, inputs] of [[0, 1, 2, 3, 5], [1, 1, 1, 1, 1]].entries()) {
      for (const [place, value] of upper(view, ['1', '2', '3'], inputs, alpha).entries()) expect(value).toBeCloseTo(golden[row]?.[place] ?? Number.NaN, 9)
    }
  })

  const lessons = [
    { option: 'a', reward: 1, inputs: [0.5, -0.2] },
    { option: 'a', reward: 0, inputs: [0.1, 0.9] },
    { option: 'a', reward: 0.5, inputs: [-0.4, 0.3] },
    { option: 'a', reward: 1, inputs: [0.8, 0.8] },
  ]

  it('agree with the inverse kept by Sherman and Morrison (NumPy), with λ 2', () => {
    const { values, widths } = learned({ ridge: 2, centred: false }, lessons).estimate(askOf(['a', 'b'], numbers([0.3, 0.4])))
    expect(values[0]).toBeCloseTo(0.4466756681609909, 12)
    expect(widths[0]).toBeCloseTo(0.41893697718391165, 12)
    // The trap: an option never tried has A⁻¹ = I/λ, not λI.
    expect(widths[1]).toBeCloseTo(Math.sqrt((1 + 0.09 + 0.16) / 2), 12)
  })

  it('with forgetting agree with D-LinUCB (NumPy), with γ .9 and λ .7', () => {
    const view = learned({ ridge: 0.7, forgetting: 0.9, centred: false }, lessons)
    const { values, widths } = view.estimate(askOf(['a'], numbers([0.3, 0.4])))
    expect(values[0]).toBeCloseTo(0.5574775021747423, 12)
    expect(widths[0]).toBeCloseTo(0.47007479887416914, 12)
  })

  it('with forgetting grow unsure of an option that is not taken any more', () => {
    const later = Array.from({ length: 200 }, () => ({ option: 'b', reward: 1, inputs: [0.3, 0.4] }))
    expect(width(learned({ forgetting: 0.95 }, [...lessons, ...later]))).toBeCloseTo(width(learned({ forgetting: 0.95 }, [])), 2)
    expect(width(learned({}, [...lessons, ...later]))).toBeCloseTo(width(learned({}, lessons)), 12)
  })

  it('hold an option never tried above one that failed, when all rewards are high', () => {
    const view = learned({}, [
      { option: 'a', reward: 0.75, inputs: [0.5] },
      { option: 'b', reward: 0.45, inputs: [0.5] },
    ])
    const [a = 0, b = 0, untried = Number.NaN] = view.estimate(askOf(['a', 'b', 'c'], numbers([0.5]))).values
    expect(untried).toBe(0)
    expect(a).toBeGreaterThan(0)
    expect(b).toBeLessThan(0)
  })

  it('take a number that was absent for 0, and one that is new for unsure', () => {
    const view = learned({}, lessons)
    const narrow = view.estimate(askOf(['a'], numbers([0.3, 0.4])))
    const wide = view.estimate(askOf(['a'], { ...numbers([0.3, 0.4]), unheard: 2 }))
    expect(wide.values[0]).toBe(narrow.values[0])
    expect(wide.widths[0]).toBeCloseTo(Math.sqrt((narrow.widths[0] ?? 0) ** 2 + 4), 12)
  })

  it('stay bounded, whatever is in the context', () => {
    const context = Object.fromEntries(Array.from({ length: 3 * mostInputs }, (_, place) => [`n${place}`, 1e300]))
    const learner = createLinearBandit()
    const state = learner.learn(learner.initial(), decided({ option: 'a', context, current: { reward: 1, weight: 1 } }))
    expect(Object.keys(learner.view(state).table()['tool']?.['a']?.weights ?? {})).toHaveLength(1 + mostInputs)
    expect(Number.isFinite(learner.view(state).estimate(askOf(['a'], context)).values[0])).toBe(true)
  })

  it('show what they know as plain data', () => {
    const table = learned({ centred: false }, lessons).table()
    expect(table['tool']?.['a']?.settled).toBe(4)
    expect(Object.keys(table['tool']?.['a']?.weights ?? {})).toEqual(['', 'x0', 'x1'])
    expect(JSON.parse(JSON.stringify(table))).toEqual(table)
  })

  it('leave nothing behind when the only verdict is taken back', () => {
    const learner = createLinearBandit()
    const verdict = { reward: 1, weight: 0.7 }
    const state = learner.learn(learner.initial(), decided({ option: 'a', context: { load: 0.3 }, current: verdict }))
    expect(learner.learn(state, decided({ option: 'a', context: { load: 0.3 }, previous: verdict }))).toEqual(new Map())
  })

  it('refuse settings that make no sense', () => {
    expect(() => createLinearBandit({ ridge: 0 })).toThrow(/ridge/)
    expect(() => createLinearBandit({ forgetting: 1.1 })).toThrow(/forgetting/)
  })
})
