import { describe, expect, it } from 'vitest'
import { episode, transition } from '../../../test/support/decided.ts'
import type { EpisodeSettled, Transition } from '../learner.ts'
import { createTabularQ, type QTable, type TabularQSettings } from './tabular-q.ts'

const fold = (settings: TabularQSettings, ...episodes: EpisodeSettled[]): QTable => {
  const learner = createTabularQ(settings)
  return learner.view(episodes.reduce((state, one) => learner.learn(state, one), learner.initial())).table()
}

const single = (option: string, reward: number, state = 's'): Transition => transition({ option, reward, state, terminated: true })

const of = (...transitions: Transition[]): EpisodeSettled => episode({ current: { transitions } })

const plain = { step: 0.5, discount: 0.9, start: 0 } as const

describe('a Q table', () => {
  it('moves a value by α of what it was off: r + γ max Q − Q', () => {
    const first = of(single('a', 1, 'near'))
    const second = of(transition({ option: 'b', reward: 0.2, state: 'far', nextState: 'near' }), single('b', 0, 'near'))
    // near/a: .5 · 1; near/b: 0; far/b: .5 · (.2 + .9 · max(.5, 0)).
    expect(fold(plain, first, second)['tool']).toEqual({ near: { a: 0.5, b: 0 }, far: { b: 0.5 * (0.2 + 0.9 * 0.5) } })
  })

  it('does not look beyond the end of a task, but beyond a cut it does', () => {
    const lesson = of(single('a', 1, 'there'))
    const ending = (terminated: boolean, truncated: boolean) => of(transition({ option: 'a', reward: 0, state: 'here', nextState: 'there', terminated, truncated }))
    expect(fold(plain, lesson, ending(true, false))['tool']?.['here']).toEqual({ a: 0 })
    expect(fold(plain, lesson, ending(false, true))['tool']?.['here']?.['a']).toBeCloseTo(0.5 * 0.9 * 0.5, 12)
    // Both at once is an end; neither, at the end of a run, too.
    expect(fold(plain, lesson, ending(true, true))['tool']?.['here']).toEqual({ a: 0 })
    expect(fold(plain, lesson, ending(false, false))['tool']?.['here']).toEqual({ a: 0 })
  })

  it('learns nothing from a step that was cut off in a state that nobody named', () => {
    expect(fold(plain, of(transition({ option: 'a', reward: 5, state: 'here', truncated: true })))['tool']).toEqual({})
  })

  it('does not feed on itself: 500 updates at .75 with γ .9 end at .75', () => {
    // An earlier system looked ahead from an end to the very state it was in, and reached 7.45.
    const table = fold({ step: 0.1, discount: 0.9, start: 0 }, ...Array.from({ length: 500 }, () => of(single('a', 0.75))))
    expect(table['tool']?.['s']?.['a']).toBeCloseTo(0.75, 9)
  })

  it('gives the verdict on a run to its last step, and to each of them where nothing is looked ahead', () => {
    const judged = episode({
      current: {
        transitions: [transition({ option: 'a', state: 'one' }), transition({ option: 'b', state: 'two' })],
        verdict: { reward: 1, weight: 1 },
      },
    })
    expect(fold(plain, judged)['tool']).toEqual({ one: { a: 0.5 * 0.9 * 0.5 }, two: { b: 0.5 } })
    expect(fold({ ...plain, discount: 0 }, judged)['tool']).toEqual({ one: { a: 0.5 }, two: { b: 0.5 } })
  })

  it('takes rewards in any unit', () => {
    expect(fold({ ...plain, step: 1 }, of(single('a', -10), single('b', 20)))['tool']?.['s']).toEqual({ a: -10, b: 20 })
    expect(fold({ ...plain, step: 1 }, of(single('a', 1e300)))['tool']?.['s']).toEqual({ a: 1e6 })
  })

  it('holds an option never tried at the mean of its state, whatever the range of rewards', () => {
    const learner = createTabularQ({ step: 0.1 })
    const values = (...episodes: EpisodeSettled[]): number[] => {
      const state = episodes.reduce((before, one) => learner.learn(before, one), learner.initial())
      return [...learner.view(state).values({ point: 'tool', state: 's', options: ['a', 'b', 'c'].map((id) => ({ id })), features: single('a', 0).features, similarities: new Float64Array(3) })]
    }
    for (const shift of [-5, 0, 0.45]) {
      const [failed = 0, succeeded = 0, untried = 0] = values(of(single('a', shift)), of(single('b', shift + 0.3)))
      expect(untried).toBeGreaterThan(failed)
      expect(untried).toBeCloseTo(shift + 0.15, 12)
      expect(succeeded).toBeGreaterThan(failed)
    }
  })

  it('ties an option never tried exactly with what all others earned', () => {
    const learner = createTabularQ()
    const state = [of(single('a', 0.45)), of(single('a', 0.45)), of(single('b', 0.45))].reduce((before, one) => learner.learn(before, one), learner.initial())
    const ask = { point: 'tool', state: 's', options: ['a', 'b', 'c'].map((id) => ({ id })), features: single('a', 0).features, similarities: new Float64Array(3) }
    expect([...learner.view(state).values(ask)]).toEqual([0.45, 0.45, 0.45])
  })

  it('takes a lesson back, to within α of it', () => {
    const kept = of(single('a', 0.5))
    const lie = { transitions: [single('a', 1)] }
    const before = fold({ ...plain, step: 0.1 }, kept)['tool']?.['s']?.['a'] ?? 0
    const lied = fold({ ...plain, step: 0.1 }, kept, episode({ current: lie }))['tool']?.['s']?.['a'] ?? 0
    const after = fold({ ...plain, step: 0.1 }, kept, episode({ current: lie }), episode({ previous: lie }))['tool']?.['s']?.['a'] ?? 0
    expect(Math.abs(after - before)).toBeLessThanOrEqual(0.1 * Math.abs(lied - before) + 1e-12)
  })

  it('learns again only the steps whose reward changed', () => {
    const first = transition({ option: 'a', state: 'one', reward: 0 })
    const before = { transitions: [first, single('b', 0, 'two')] }
    const after = { transitions: [first, single('b', 1, 'two')] }
    const table = fold(plain, episode({ current: before }), episode({ previous: before, current: after }))
    expect(table['tool']?.['one']).toEqual({ a: 0 })
    expect(table['tool']?.['two']?.['b']).toBeGreaterThan(0.4)
  })

  it('settles as visits add up, if it is told to', () => {
    // α = 1 / (1 + visits): the mean of what was seen.
    const table = fold({ step: 1, halving: 1, start: 0 }, ...[1, 0, 0, 1, 1].map((reward) => of(single('a', reward))))
    expect(table['tool']?.['s']?.['a']).toBeCloseTo(0.6, 12)
  })

  it('is plain data, also with names like those that objects have', () => {
    const table = fold(plain, of(transition({ option: '__proto__', reward: 1, state: 'constructor', terminated: true })))
    expect(JSON.stringify(table)).toBe('{"tool":{"constructor":{"__proto__":0.5}}}')
  })

  it.each([{ step: 0 }, { step: 1.1 }, { discount: -0.1 }, { discount: 1.1 }, { start: Number.NaN }, { halving: 0 }])('refuses %j', (settings) => {
    expect(() => createTabularQ(settings)).toThrow(/createTabularQ/)
  })

  it('has another name with other settings, and its own with the defaults', () => {
    expect(createTabularQ({ step: 0.1 }).name).toBe('tabular-q')
    expect(createTabularQ({ step: 0.2 }).name).toMatch(/^tabular-q-[0-9a-f]{8}$/)
    expect(createTabularQ({ step: 0.2 }).name).not.toBe(createTabularQ({ step: 0.3 }).name)
  })
})
