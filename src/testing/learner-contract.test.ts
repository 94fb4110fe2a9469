import { assert as holds, integer, property } from 'fast-check'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../decide/random.ts'
import type { Learner } from '../learn/learner.ts'
import { createBetaBandit } from '../learn/learners/beta-bandit.ts'
import { createExecutionPatterns } from '../learn/learners/execution-patterns.ts'
import { createLinearBandit } from '../learn/learners/linear-bandit.ts'
import { createLogisticBandit } from '../learn/learners/logistic-bandit.ts'
import { createPolicyGradient } from '../learn/learners/policy-gradient.ts'
import { createTabularQ } from '../learn/learners/tabular-q.ts'
import { experienceStream } from './experience-stream.ts'
import { learnerLaws } from './learner-contract.ts'

const folder = new URL('../learn/learners/', import.meta.url)

const isLearner = (value: unknown): value is Learner =>
  typeof value === 'object' && value !== null && 'initial' in value && 'learn' in value && 'view' in value

const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
const learners = await Promise.all(
  files.map(async (file) => {
    const exported = (await import(new URL(file, folder).href)) as Record<string, unknown>
    return { file, learners: Object.values(exported).filter(isLearner) }
  }),
)

/** Settings that make another algorithm of a learner. */
const configured = {
  file: 'with settings',
  learners: [
    // Of so few that they fade, and make room, within one stream.
    createBetaBandit({ capacity: 3 }),
    createExecutionPatterns({ patternLimit: 10 }),
    createLinearBandit({ forgetting: 0.9 }),
    createLinearBandit({ centred: false, intercept: false }),
    createLogisticBandit({ precision: 4, tableBits: 10 }),
    createPolicyGradient({ hidden: 4 }),
    createPolicyGradient({ hidden: 4, inputs: 'numbers', baseline: 'episode' }),
    createTabularQ({ discount: 0, start: 1, halving: 10 }),
  ],
}

describe.each([...learners, configured])('$file', ({ learners }) => {
  it('exports a learner', () => {
    expect(learners).not.toHaveLength(0)
  })

  for (const learner of learners) {
    const names = learnerLaws(learner, experienceStream(seededRandom(0), 7)).map(({ name }) => name)
    it.each(names)(`${learner.name}: %s`, (name) => {
      holds(
        property(integer(), integer({ min: 7, max: 60 }), (seed, length) => {
          const laws = learnerLaws(learner, experienceStream(seededRandom(seed), length))
          laws.find((law) => law.name === name)?.check()
        }),
        { numRuns: 25 },
      )
    })
  }
})

/** Names of the laws that a learner breaks. */
const broken = (learner: Learner<{ count: number }>): string[] =>
  learnerLaws(learner, experienceStream(seededRandom(3), 30)).flatMap((law) => {
    try {
      law.check()
      return []
    } catch {
      return [law.name]
    }
  })

describe('the laws', () => {
  const counter: Learner<{ count: number }> = {
    name: 'counter',
    version: 1,
    handles: ['run.settled'],
    initial: () => ({ count: 0 }),
    learn: (state, experience) => ({ count: state.count + (experience.kind === 'run.settled' ? 1 : 0) }),
    inverse: (state, experience) => ({ count: state.count - (experience.kind === 'run.settled' ? 1 : 0) }),
    merge: (left, right) => ({ count: left.count + right.count }),
    view: (state) => state,
    save: ({ count }) => Uint8Array.of(count),
    load: ([count = 0]) => ({ count }),
  }
  const shared = { count: 0 }
  let calls = 0

  it('hold for a learner that keeps them', () => {
    expect(broken(counter)).toEqual([])
  })

  it.each([
    ['has a name, a version and kinds it handles', { version: 0 }],
    ['learns from the stream', { learn: (state: { count: number }) => state }],
    ['the same experience gives the same state, bit for bit', { learn: () => ({ count: (calls += 1) % 251 }) }],
    ['a snapshot at any cut changes nothing', { load: () => ({ count: 7 }) }],
    ['saving and loading gives the same bytes again', { load: () => ({ count: 7 }) }],
    ['unknown kinds and unknown fields are ignored', { learn: ({ count }: { count: number }) => ({ count: count + 1 }) }],
    [
      'experience is never changed',
      { learn: (state: { count: number }, experience: object) => (Object.assign(experience, { seen: true }), { count: state.count + 1 }) },
    ],
    ['every initial state is its own, and a view changes nothing', { initial: () => shared, learn: (state: { count: number }) => ((state.count += 1), state) }],
    ['inverse undoes learn', { inverse: (state: { count: number }) => state }],
    [
      'merge is commutative and associative, with the initial state as identity',
      { merge: (left: { count: number }, right: { count: number }) => ({ count: left.count - right.count }) },
    ],
    ['merged logs are as good as one', { merge: (left: { count: number }, right: { count: number }) => (left.count > right.count ? left : right) }],
  ])('catch one that breaks "%s"', (law, fault) => {
    expect(broken({ ...counter, ...fault })).toContain(law)
  })
})
