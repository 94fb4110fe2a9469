import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { Autodidact, type AutodidactSettings } from '../autodidact.ts'
import { fixed } from '../decide/policies/fixed.ts'
import type { Policy } from '../decide/policy.ts'
import { seededRandom } from '../decide/random.ts'
import type { Evaluation } from './evaluation.ts'

const tasks = ['refund the order', 'where is my parcel', 'cancel the subscription']
const options = ['a', 'b', 'c']

/** Task i is solved by option i. Runs are named: the model of rewards is cross-fitted by a hash of the name. */
const live = async (autodidact: Autodidact, decisions: number, alter: (at: number) => { readonly taken?: string; readonly silent?: boolean } = () => ({})): Promise<void> => {
  for (let at = 0; at < decisions; at += 1) {
    const place = at % tasks.length
    const task = tasks[place] ?? ''
    const { option, run } = await autodidact.decide('tool', options, { run: `run ${at}`, task, user: at % 2 === 0 ? 'ada' : 'grace' })
    const { taken, silent = false } = alter(at)
    const success = (taken ?? option) === options[place]
    await autodidact.record({ run, task, ...(silent ? {} : { success }), ...(taken === undefined ? {} : { taken: { tool: taken } }), user: at % 2 === 0 ? 'ada' : 'grace' })
  }
}

const withPolicy = (policy: NonNullable<AutodidactSettings['points']>[string]['policy']): AutodidactSettings => ({ seed: 7, points: { tool: { policy: policy ?? 'default' } } })

const answered = (evaluation: Evaluation) => {
  if (evaluation.status !== 'answered') throw new Error(`refused: ${evaluation.refusal.code}`)
  return evaluation
}

describe('what another policy would have earned', () => {
  test('lies within what can be earned at all', async () => {
    const { autodidact } = await opened({ seed: 3, points: { tool: { policy: { name: 'epsilon-greedy', epsilon: 0.6 } } } })
    for (let at = 0; at < 120; at += 1) {
      const { option, run } = await autodidact.decide('tool', options, { run: `run ${at}` })
      await autodidact.record({ run, task: 'refund the order', success: option === 'a' })
    }
    for (const option of ['a', 'b']) {
      const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option }, acceptEstimated: true })
      if (evaluation.status === 'refused') continue
      const { estimates, guaranteed, logged, gain, value, low, high } = evaluation
      const intervals = [estimates.selfNormalised, estimates.selfNormalisedDoublyRobust, estimates.doublyRobust, estimates.inversePropensity, logged, { value, low, high }, guaranteed]
      for (const number of intervals.flatMap((interval) => Object.values(interval ?? {}))) {
        expect(number).toBeGreaterThanOrEqual(0)
        expect(number).toBeLessThanOrEqual(1)
      }
      expect(Math.abs(gain.low)).toBeLessThanOrEqual(1)
      expect(Math.abs(gain.high)).toBeLessThanOrEqual(1)
    }
    expect((await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'a' } })).status).toBe('answered')
  })

  test('is not told of "fixed" without an option, which is named as the cause', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 3)
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining('needs the option') as string }
    await expect(autodidact.evaluate({ point: 'tool', policy: 'fixed' })).rejects.toMatchObject(refused)
    await expect(autodidact.evaluate({ point: 'tool', policy: { name: 'fixed' } })).rejects.toMatchObject(refused)
    const one = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'a' } })
    expect(one.answer).not.toContain(' 1 decisions')
  })

  test('is not told of an option that was never offered, which is named, nor of the one that would have been taken instead', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 3)
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining('"typo"') as string }
    await expect(autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'typo' } })).rejects.toMatchObject(refused)
    const { option } = await autodidact.decide('tool', ['typo', 'a'], { task: 'refund the order', run: 'once' })
    await autodidact.record({ run: 'once', task: 'refund the order', success: option === 'a' })
    expect((await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'typo' } })).counts.used).toBe(4)
  })

  test('names the options that were offered in the place of one that never was', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 3)
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining('Offered were "a", "b", "c".') as string }
    await expect(autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'A' } })).rejects.toMatchObject(refused)
    await expect(autodidact.evaluate({ point: 'tool', policy: fixed({ option: 'A' }) })).rejects.toMatchObject(refused)
    await expect(autodidact.evaluate({ point: 'else', policy: { name: 'fixed', option: 'A' } })).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
  })

  test('is not told of an option that was offered now and then only', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    for (let at = 0; at < 300; at += 1) {
      const { option, run } = await autodidact.decide('tool', at % 3 === 0 ? ['x', 'y'] : ['x', 'y', 'z'])
      await autodidact.record({ run, task: 'refund the order', success: option === 'x' })
    }
    const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'z' } })
    expect(evaluation).toMatchObject({ status: 'refused', refusal: { code: 'NO_SUPPORT', reason: expect.stringContaining('33 %') as string } })
    expect(evaluation.unsupported).toBeCloseTo(1 / 3, 9)
  })

  test('knows nothing of what the policy would have done in the place of an option that was not offered', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    for (let at = 0; at < 300; at += 1) {
      const { option, run } = await autodidact.decide('tool', at % 25 === 0 ? ['x', 'y'] : ['x', 'z'])
      await autodidact.record({ run, task: 'refund the order', success: option === 'x' })
    }
    // "z" never earns anything; "fixed" takes "x" where there is no "z", which always does.
    const { value, unsupported, expectedEffectiveSampleSize, estimates } = answered(await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'z' } }))
    // Nor do those say anything of it that ask a model: with "x" in its place they would tell .04.
    for (const told of [estimates.directMethod, estimates.doublyRobust, estimates.selfNormalisedDoublyRobust]) expect(told.value).toBeLessThan(0.01)
    expect([value, unsupported]).toEqual([0, expect.closeTo(0.04, 9)])
    // One of two is drawn in the 288 that offered it.
    expect(expectedEffectiveSampleSize).toBeCloseTo(144, 9)
  })

  test('is what it truly earns: any single option succeeds in a third of the tasks', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 600)
    const { value, low, high, logged, counts, effectiveSampleSize, expectedEffectiveSampleSize, estimates, gain, answer, meanWeight } = answered(await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'b' } }))
    expect(low).toBeLessThanOrEqual(1 / 3)
    expect(high).toBeGreaterThanOrEqual(1 / 3)
    expect(Math.abs(value - 1 / 3)).toBeLessThan(0.1)
    expect(gain.low < 0 && gain.high > 0).toBe(true)
    expect(counts).toEqual({ decisions: 600, judged: 600, followed: 600, used: 600, runs: 600, estimated: 0 })
    // Of a uniform log over three options, one decision in three is one of this policy.
    expect(effectiveSampleSize).toBeGreaterThan(150)
    expect(effectiveSampleSize).toBeLessThan(250)
    expect(expectedEffectiveSampleSize).toBeCloseTo(200, 6)
    expect(answer).toContain(`effective ${effectiveSampleSize.toFixed(0)}, mean weight ${meanWeight.toFixed(2)}.`)
    const { selfNormalised, selfNormalisedDoublyRobust } = estimates
    expect({ low, high }).toEqual({ low: Math.min(selfNormalised.low, selfNormalisedDoublyRobust.low), high: Math.max(selfNormalised.high, selfNormalisedDoublyRobust.high) })
    expect(logged?.value).toBeCloseTo(1 / 3, 1)
  })

  test('of the policy that made the log is what the log earned', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 200)
    const { value, logged, gain, effectiveSampleSize, largestWeight, estimates } = answered(await autodidact.evaluate({ point: 'tool', policy: 'uniform' }))
    expect(value).toBeCloseTo(logged?.value ?? 0, 12)
    expect(gain.value).toBeCloseTo(0, 12)
    expect({ effectiveSampleSize, largestWeight }).toEqual({ effectiveSampleSize: expect.closeTo(200, 6), largestWeight: expect.closeTo(1, 9) })
    expect(estimates.inversePropensity.value).toBeCloseTo(value, 12)
  })

  test('counts the decisions of a run once: they share its verdict', async () => {
    const [one, several] = await Promise.all(
      [1, 5].map(async (times) => {
        const { autodidact } = await opened(withPolicy('uniform'))
        for (let at = 0; at < 100; at += 1) {
          for (let time = 0; time < times; time += 1) await autodidact.decide('tool', options, { run: `run ${at}`, task: `step ${time}` })
          await autodidact.record({ run: `run ${at}`, task: 'all steps', success: at % 3 > 0 })
        }
        return answered(await autodidact.evaluate({ point: 'tool', policy: 'uniform' }))
      }),
    )
    expect(several?.counts).toMatchObject({ used: 500, runs: 100 })
    expect(several?.answer).toContain('; 500 decisions in 100 runs, effective 100, ')
    for (const field of ['value', 'effectiveSampleSize', 'expectedEffectiveSampleSize'] as const) expect(several?.[field], field).toBeCloseTo(one?.[field] ?? 0, 9)
    // The model of rewards knows more of the words.
    for (const end of ['low', 'high'] as const) expect(several?.estimates.selfNormalised[end]).toBeCloseTo(one?.estimates.selfNormalised[end] ?? 0, 9)
    expect(several?.guaranteed).toEqual({ low: expect.closeTo(one?.guaranteed.low ?? 0, 9), high: expect.closeTo(one?.guaranteed.high ?? 0, 9) })
  })

  test('counts each decision of a run by its own verdict, where it has one', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    for (let at = 0; at < 150; at += 1) {
      const steps = []
      for (const order of [0, 1, 2]) {
        const { id, option } = await autodidact.decide('tool', options, { run: `run ${at}`, task: tasks[order] ?? '' })
        steps.push({ action: option, decision: id, reward: Number(option === options[order]) })
      }
      await autodidact.record({ run: `run ${at}`, task: 'all of them', steps })
    }
    const own = answered(await autodidact.evaluate({ point: 'tool', policy: 'uniform' }))
    expect(own.counts).toMatchObject({ used: 450, runs: 150 })
    expect([own.value, own.gain.value]).toEqual([expect.closeTo(own.logged?.value ?? 0, 12), expect.closeTo(0, 12)])
    const { value, gain, low, high, logged } = answered(await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'b' } }))
    expect(low < 1 / 3 && high > 1 / 3).toBe(true)
    expect(gain.value).toBeCloseTo(value - (logged?.value ?? 0), 1)
  })

  test('is told of a policy of one’s own, which is asked what was asked then', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 300)
    const seen = new Set<string>()
    // It knows the answers by the words of the task: only a faithful question gets them right.
    const described: Policy = {
      name: 'oracle',
      estimated: false,
      weigh: (_view, ask) => {
        seen.add([...ask.features.hashes].join())
        const place = [...seen].indexOf([...ask.features.hashes].join())
        return Float64Array.from(ask.options, (_, option) => Number(option === place))
      },
    }
    const { value, gain, policy } = answered(await autodidact.evaluate({ point: 'tool', policy: described }))
    expect({ policy, value }).toEqual({ policy: 'oracle', value: 1 })
    expect(gain.low).toBeGreaterThan(0.4)
    expect(seen.size).toBe(3)
  })

  test('of a policy that learns, knows only what came before each decision', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 300)
    const { value, hindsight } = answered(await autodidact.evaluate({ point: 'tool', policy: 'greedy' }))
    if (hindsight?.status !== 'answered') throw new Error('refused')
    // Three tasks are learned soon, but not before the first of them was tried.
    expect(hindsight.value).toBe(1)
    expect(value).toBeLessThan(1)
    expect(value).toBeGreaterThan(0.85)
  })

  test('never knows a verdict on the decision itself, nor one that came later: rewards of pure chance cannot be predicted', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    let coin = 1
    for (let at = 0; at < 400; at += 1) {
      coin = (coin * 16_807) % 2_147_483_647
      const task = `question number ${at} about topic ${coin % 50}`
      const { run } = await autodidact.decide('tool', options, { run: `run ${at}`, task })
      await autodidact.record({ run, task, success: coin % 2 === 0 })
    }
    const { low, high, hindsight } = answered(await autodidact.evaluate({ point: 'tool', policy: 'greedy' }))
    expect(low).toBeLessThan(0.5)
    expect(high).toBeGreaterThan(0.5)
    if (hindsight?.status !== 'answered') throw new Error('refused')
    expect(hindsight.low).toBeGreaterThan(0.6)
  })

  test('counts verdicts as they stand: late, changed, taken back, or erased', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 200)
    const { run } = await autodidact.decide('tool', options, { task: tasks[0] ?? '' })
    const used = async () => (await autodidact.evaluate({ point: 'tool', policy: 'uniform' })).counts
    expect(await used()).toMatchObject({ decisions: 201, judged: 200 })
    await autodidact.record({ run, task: tasks[0] ?? '' })
    await autodidact.feedback(run, 'up', { id: 'thumb' })
    expect(await used()).toMatchObject({ decisions: 201, judged: 201 })
    await autodidact.feedback(run, { retract: 'thumb' })
    expect(await used()).toMatchObject({ decisions: 201, judged: 200 })
    await autodidact.forget({ user: 'ada' })
    expect(await used()).toMatchObject({ decisions: 101, judged: 100 })
  })

  test('leaves out what the agent did otherwise, and what nobody judged', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 300, (at) => (at % 3 === 0 ? { taken: 'other' } : at % 3 === 1 ? { silent: true } : {}))
    const { counts, value, logged } = answered(await autodidact.evaluate({ point: 'tool', policy: 'uniform' }))
    expect(counts).toEqual({ decisions: 300, judged: 200, followed: 100, used: 100, runs: 100, estimated: 0 })
    expect(value).toBeCloseTo(logged?.value ?? 0, 12)
  })

  test('is told of so many options that their probabilities are stored apart', async () => {
    const many = Array.from({ length: 5_000 }, (_, place) => `option ${place}`)
    const weights = Float64Array.from(many, (_, place) => (place < 2_500 ? (place + 1) / ((2_500 * 2_501) / 2) : 0))
    const ascending: Policy = { name: 'ascending', estimated: false, weigh: () => weights }
    const { autodidact } = await opened(withPolicy(ascending))
    for (let at = 0; at < 60; at += 1) {
      const { run } = await autodidact.decide('tool', many)
      await autodidact.record({ run, task: 'x', success: at % 2 === 0 })
    }
    expect(await autodidact.evaluate({ point: 'tool', policy: ascending })).toMatchObject({ status: 'answered', value: 0.5, unsupported: 0 })
    expect(await autodidact.evaluate({ point: 'tool', policy: 'uniform' })).toMatchObject({ status: 'refused', refusal: { code: 'NO_SUPPORT' }, unsupported: expect.closeTo(0.5, 9) })
  })

  test('is the same in another process, and for every namespace its own', async () => {
    const { autodidact, storage } = await opened(withPolicy('uniform'))
    await live(autodidact, 150)
    const acme = autodidact.in('acme')
    await live(acme, 90)
    const other = Autodidact.over(storage)
    const input = { point: 'tool', policy: 'default' } as const
    expect(await other.evaluate(input)).toEqual(await autodidact.evaluate(input))
    expect((await acme.evaluate(input)).counts.decisions).toBe(90)
  })
})

const refusal = async (settings: AutodidactSettings, policy: Parameters<Autodidact['evaluate']>[0]['policy'], decisions = 200, alter?: Parameters<typeof live>[2]) => {
  const { autodidact } = await opened(settings)
  await live(autodidact, decisions, alter)
  const evaluation = await autodidact.evaluate({ point: 'tool', policy })
  expect(evaluation).not.toHaveProperty('value')
  if (evaluation.status !== 'refused') throw new Error('answered')
  expect(evaluation.answer).toContain(evaluation.refusal.next)
  return evaluation.refusal
}

const chances: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  billing: { crm: 0.9, docs: 0.25 },
  login: { crm: 0.75, docs: 0.6 },
  howto: { crm: 0.15, docs: 0.95 },
}

/** Three kinds of questions and two tools; either tool alone earns .6, what is best for each kind .867. */
const support = async (settings: AutodidactSettings, decisions: number) => {
  const { autodidact } = await opened(settings)
  const random = seededRandom(settings.seed ?? 0)
  const drawn = { excess: 0, variance: 0 }
  for (let at = 0; at < decisions; at += 1) {
    const category = Object.keys(chances)[Math.floor(random() * 3)] ?? ''
    const { option, run, probabilities } = await autodidact.decide('tool', ['crm', 'docs'], { task: `${category} ${at}`, category, run: `run ${at}` })
    const { crm = 0, docs = 0 } = probabilities
    expect(crm + docs).toBeCloseTo(1, 12)
    drawn.excess += Number(option === 'crm') - crm
    drawn.variance += crm * docs
    await autodidact.record({ run, task: `${category} ${at}`, success: random() < (chances[category]?.[option] ?? 0) })
  }
  return { autodidact, worth: { crm: 0.6, docs: 0.6 }, drawn }
}

describe('a log whose policy learned', () => {
  test.each(['default', 'softmax', 'squarecb'] as const)('of "%s" has propensities of 1 together, with which options were drawn', async (policy) => {
    const { drawn } = await support({ seed: 11, points: { tool: { policy } } }, 600)
    // A sum of differences from their expectations, in units of its standard deviation.
    expect(Math.abs(drawn.excess) / Math.sqrt(drawn.variance)).toBeLessThan(3.5)
  })

  test('answers nothing that is wrong', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { autodidact, worth } = await support({ seed }, 300)
      for (const option of ['crm', 'docs'] as const) {
        const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option } })
        const { low, high } = evaluation.status === 'answered' ? evaluation : (evaluation.guaranteed ?? { low: 1, high: 0 })
        expect({ seed, option, holds: low <= worth[option] && worth[option] <= high }).toEqual({ seed, option, holds: true })
      }
    }
  })

  test('answers where it explored', async () => {
    const { autodidact, worth } = await support({ seed: 3, points: { tool: { policy: { name: 'epsilon-greedy', epsilon: 0.1 } } } }, 1_000)
    for (const option of ['crm', 'docs'] as const) {
      const { low, high, gain, expectedEffectiveSampleSize } = answered(await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option } }))
      expect(low <= worth[option] && worth[option] <= high).toBe(true)
      expect(gain.low <= gain.value && gain.value <= gain.high).toBe(true)
      expect(gain.high).toBeLessThan(0)
      expect(expectedEffectiveSampleSize).toBeGreaterThanOrEqual(50)
    }
  })
})

describe('a log that cannot answer', () => {
  test('because it never tried', async () => {
    expect(await refusal(withPolicy({ name: 'fixed', option: 'a' }), 'uniform')).toMatchObject({
      code: 'NO_SUPPORT',
      reason: '67 % of what the policy would have chosen had probability 0 in the log.',
      next: expect.stringContaining('epsilon'),
    })
  })

  test('because too little of it looks like the policy', async () => {
    expect(await refusal(withPolicy('uniform'), { name: 'fixed', option: 'b' }, 60)).toMatchObject({ code: 'LOW_EFFECTIVE_SAMPLE_SIZE' })
  })

  test('because it hardly ever tried, however much of it looks like the policy', async () => {
    const { autodidact, worth } = await support({ seed: 4 }, 300)
    const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'docs' } })
    // It looks like more than a hundred decisions of this policy, in which it would have earned far more than it does.
    expect(evaluation.effectiveSampleSize).toBeGreaterThan(100)
    expect(evaluation.expectedEffectiveSampleSize).toBeLessThan(30)
    if (evaluation.status !== 'refused') throw new Error('answered')
    const { refusal, guaranteed, answer } = evaluation
    expect(refusal).toMatchObject({ code: 'TOO_LITTLE_EXPLORATION', next: expect.stringContaining('epsilon') as string })
    expect(guaranteed?.low).toBeLessThan(worth.docs)
    expect(guaranteed?.high).toBeGreaterThan(worth.docs)
    expect(answer).toContain(`${refusal.next} Guaranteed is 0.`)
  })

  test('because chance drew what was rare too often', async () => {
    const weights = Float64Array.of(0.9, 0.1)
    const { autodidact } = await opened({ seed: 1, points: { tool: { policy: { name: 'mine', estimated: false, weigh: () => weights } } } })
    for (let at = 0; at < 600; at += 1) {
      const { option, run } = await autodidact.decide('tool', ['a', 'b'], { run: `run ${at}` })
      await autodidact.record({ run, task: 'x', success: option === 'a' || at % 2 === 0 })
    }
    const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'b' } })
    expect(evaluation.meanWeight).toBeGreaterThan(1.25)
    expect(evaluation.expectedEffectiveSampleSize).toBeCloseTo(60, 6)
    expect(evaluation).toMatchObject({ status: 'refused', refusal: { code: 'UNBALANCED_WEIGHTS', reason: expect.stringContaining('By chance') as string } })
    if (evaluation.status !== 'refused') throw new Error('answered')
    expect(evaluation.guaranteed?.low).toBeLessThan(0.5)
    expect(evaluation.guaranteed?.high).toBeGreaterThan(0.5)
    expect(await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'a' } })).toMatchObject({ status: 'answered', value: 1 })
  })

  test('because whether a decision was judged depends on its option: then nothing is guaranteed either', async () => {
    const { autodidact } = await opened(withPolicy('uniform'))
    for (let at = 0; at < 600; at += 1) {
      const { option, run } = await autodidact.decide('tool', options, { run: `run ${at}` })
      await autodidact.record({ run, task: 'x', ...(option === 'b' && at % 2 === 0 ? {} : { success: true }) })
    }
    const evaluation = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'b' } })
    expect(evaluation).toMatchObject({ status: 'refused', refusal: { code: 'UNBALANCED_WEIGHTS', reason: expect.stringContaining('does not explain') as string, next: expect.stringContaining('judged') as string } })
    expect(evaluation).not.toHaveProperty('guaranteed')
  })

  test('because nobody judged', async () => {
    expect(await refusal(withPolicy('uniform'), 'uniform', 100, () => ({ silent: true }))).toMatchObject({ code: 'NOTHING_JUDGED' })
  })

  test('because its propensities are estimates, unless these are accepted', async () => {
    const third = new Float64Array(3).fill(1 / 3)
    const policy: Policy = { name: 'thompson', estimated: true, weigh: () => third }
    expect(await refusal(withPolicy(policy), 'uniform')).toMatchObject({ code: 'ESTIMATED_PROPENSITIES' })
    const { autodidact } = await opened(withPolicy(policy))
    await live(autodidact, 200)
    expect(await autodidact.evaluate({ point: 'tool', policy: 'uniform', acceptEstimated: true })).toMatchObject({ status: 'answered', counts: { estimated: 200 } })
  })

  test.each([
    ['an unknown point', { point: 'nowhere', policy: 'uniform' }, 'UNKNOWN_ID'],
    ['an unknown policy', { point: 'tool', policy: 'magic' }, 'UNKNOWN_POLICY'],
    ['an unknown learner', { point: 'tool', policy: { name: 'mine', learner: 'dream', estimated: false, weigh: () => new Float64Array(3) } }, 'UNKNOWN_LEARNER'],
    ['no point', { policy: 'uniform' }, 'INVALID_INPUT'],
  ])('is an error only where the question is wrong: %s', async (_what, input, code) => {
    const { autodidact } = await opened(withPolicy('uniform'))
    await live(autodidact, 3)
    await expect(autodidact.evaluate(input as never)).rejects.toMatchObject({ code })
  })
})
