import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened } from '../../../test/support/instance.ts'
import { adjustedTrends, trendOf } from './trend.ts'

const task = 'refund order'

describe('performance', () => {
  test('of no runs claims nothing', async () => {
    const { autodidact } = await opened()
    const { overall, groups, groupCount, learned, recommendations, experiments } = await autodidact.report()
    expect({ groups, groupCount, learned, recommendations, experiments }).toEqual({ groups: [], groupCount: 0, learned: { patterns: 0, memories: 0, factors: [] }, recommendations: [], experiments: [] })
    expect(overall).toMatchObject({ runs: 0, errors: { count: 0, perRun: 0 }, reuse: { of: 0 }, ratings: { runs: 0 }, approaches: [], trends: { success: { direction: 'none', runs: 0, p: 1 } } })
    for (const absent of ['duration', 'iterations', 'tokens', 'cost', 'change', 'reward']) expect(overall).not.toHaveProperty(absent)
  })

  test('is told by kind of task and agent, each with its own numbers', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 12; place += 1) {
      const [category, agent] = [place % 3 === 0 ? 'return' : 'refund', place % 2 === 0 ? 'clerk' : undefined]
      await autodidact.record({ task, category, ...(agent === undefined ? {} : { agent }), success: place > 5, durationMs: 100 * place, outcome: { tokens: place, cost: place / 4 } })
    }
    const { groups, groupCount } = await autodidact.report()
    expect(groupCount).toBe(4)
    expect(groups.map(({ category, agent, runs, success, duration, tokens, cost }) => [category, agent, runs, success.count, duration?.median, tokens?.mean, cost?.mean])).toEqual([
      ['refund', undefined, 4, 2, 600, 6, 1.5],
      ['refund', 'clerk', 4, 2, 600, 6, 1.5],
      ['return', undefined, 2, 1, 600, 6, 1.5],
      ['return', 'clerk', 2, 1, 300, 3, 0.75],
    ])
  })

  test('is told by agent and by kind of task, too, over all that they have to do with', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 60; place += 1) {
      const [category, agent] = [place % 3 === 0 ? 'return' : 'refund', place % 2 === 0 ? 'clerk' : 'trainee']
      // The clerk gets quicker and better, whatever the task; the trainee stays as he is.
      const learns = agent === 'clerk'
      await autodidact.record({ task, category, agent, approach: 'by hand', success: learns ? place >= 20 : place % 4 === 1, durationMs: learns ? 2_000 - 20 * place : 1_000 + 10 * (place % 4), steps: [{ action: 'look up', ok: place >= 30 }] })
    }
    const { agents, kinds } = await autodidact.report()
    expect(agents.map(({ agent, performance }) => [agent, performance?.runs, performance?.success.count, performance?.duration?.median])).toEqual([['clerk', 30, 20, 1_420], ['trainee', 30, 15, 1_020]])
    const [clerk, trainee] = agents.map(({ performance }) => performance)
    expect(clerk).toMatchObject({ duration: { p95: expect.closeTo(1_942, -1) as number }, trends: { success: { direction: 'rising' }, duration: { direction: 'falling' } }, change: { errorReduction: 1 }, approaches: [{ approach: 'by hand', runs: 30 }] })
    expect(trainee?.trends).toMatchObject({ success: { direction: 'none' }, duration: { direction: 'none' } })
    // Two agents are looked at: the smaller of two probabilities counts twice.
    expect(clerk?.trends.success.adjusted).toBeCloseTo(2 * (clerk?.trends.success.p ?? 0), 12)
    expect(kinds.map(({ kind, performance }) => [kind, performance?.runs, performance?.success.count, performance?.recent.runs])).toEqual([['refund', 40, 24, 20], ['return', 20, 11, 20]])
    expect(kinds[0]?.performance?.trends.errors.direction).toBe('falling')
  })

  test('of agents and kinds is told of the hundred with the most runs, all of which are counted', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 103; place += 1) await autodidact.record({ task, category: `kind ${place}`, agent: `agent ${place}`, success: true })
    await autodidact.record({ task, category: 'kind 102', agent: 'agent 102', success: true })
    const { agents, kinds } = await autodidact.report()
    for (const all of [agents, kinds]) {
      expect(all).toHaveLength(103)
      expect(all.filter(({ performance }) => performance !== undefined)).toHaveLength(100)
      expect(all[0]).toMatchObject({ runs: 2, performance: { runs: 2 } })
    }
  })

  test('puts runs without a category to the kind that their task is like', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 6; place += 1) {
      await autodidact.record({ task: `Please cancel my order ${place} and refund it`, agent: 'clerk', success: true })
      await autodidact.record({ task: `What is the weather in Oslo on day ${place}?`, agent: 'clerk', success: place > 2 })
    }
    const { groups, kinds } = await autodidact.report()
    expect(new Set(groups.map(({ category, runs, success }) => `${category}: ${success.count} of ${runs}`))).toEqual(new Set(kinds.map(({ kind, runs, interval }) => `${kind}: ${interval.count} of ${runs}`)))
    expect(groups).toHaveLength(2)
  })

  test('says how much has changed since the first third, with intervals', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 60; place += 1) {
      const late = place >= 40
      await autodidact.record({
        task,
        category: 'refund',
        success: late || place % 4 > 0,
        // Up and down by a tenth, so that the geometric means are a round half.
        durationMs: (late ? 500 : 1_000) * 1.1 ** (place % 2 === 0 ? 1 : -1),
        steps: [{ action: 'look up', ok: late || place % 2 === 0 }],
      })
    }
    const [group] = (await autodidact.report()).groups
    const { change, trends, recent, errors } = group ?? {}
    expect(change).toMatchObject({ first: { runs: 20, success: { count: 15 }, erroneous: { count: 10 } }, last: { runs: 20, success: { count: 20 } }, errorReduction: 1, duration: { value: expect.closeTo(0.5, 12) } })
    // 20 of 20 less 15 of 20: Newcombe 1998, method 10, by the score intervals [.8389, 1] and [.5313, .8881].
    expect(change?.success).toMatchObject({ difference: 0.25, low: expect.closeTo(0.25 - Math.hypot(0.1611, 0.1381), 3), high: expect.closeTo(0.25 + Math.hypot(0, 0.2187), 3) })
    expect(trends?.success).toMatchObject({ direction: 'rising', runs: 60 })
    expect(trends?.duration).toMatchObject({ direction: 'falling', runs: 60 })
    expect(trends?.errors.direction).toBe('falling')
    expect(recent).toMatchObject({ runs: 20, success: { count: 20 } })
    expect(errors).toMatchObject({ count: 20, perRun: 1 / 3, runs: { count: 20, of: 60 } })
  })

  test('says nothing of change and trend for fewer than ten runs', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 9; place += 1) await autodidact.record({ task, category: 'refund', success: place > 4 })
    const [group] = (await autodidact.report()).groups
    expect(group).not.toHaveProperty('change')
    expect(group?.trends.success).toMatchObject({ direction: 'none', runs: 9, adjusted: 1 })
  })

  test('knows the approaches that go well, the surest first', async () => {
    const { autodidact } = await opened()
    const went = async (approach: string, good: number, runs: number): Promise<void> => {
      for (let place = 0; place < runs; place += 1) await autodidact.record({ task, category: 'refund', approach, success: place < good, durationMs: 10 * place })
    }
    await went('standard', 1, 8)
    await went('incremental', 9, 10)
    await went('parallel', 1, 1)
    await went('api_heavy', 0, 9)
    const { overall, learned } = await autodidact.report()
    expect(overall.approaches.map(({ approach, runs, success, durationMs }) => [approach, runs, success.count, durationMs])).toEqual([
      ['incremental', 10, 9, 45],
      ['parallel', 1, 1, 0],
      ['standard', 8, 1, 35],
    ])
    expect(learned).toEqual({ patterns: 1, memories: 28, factors: [] })
  })

  test('knows what agents owe their success to, by the verdicts that stand', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 10; place += 1) await autodidact.record({ task, factors: ['small steps', 'small steps'], success: place > 0 })
    await autodidact.record({ run: 'changed', task, factors: ['hurry'], success: true })
    await autodidact.feedback('changed', 'down', { author: 'ada' })
    await autodidact.record({ task, factors: ['unjudged'] })
    expect((await autodidact.report()).learned.factors).toMatchObject([
      { factor: 'small steps', runs: 10, success: { count: 9, of: 10 } },
      { factor: 'hurry', runs: 1, success: { count: 0, of: 1 } },
    ])
  })

  test('takes the approach that was really taken, also when it becomes known late', async () => {
    const { autodidact } = await opened()
    const { option } = await autodidact.decide('approach', ['standard', 'incremental'], { run: 'r', task })
    const other = option === 'standard' ? 'incremental' : 'standard'
    await autodidact.feedback('r', 'up')
    await autodidact.record({ run: 'r', task, taken: { approach: other } })
    expect((await autodidact.report()).overall.approaches).toMatchObject([{ approach: other, runs: 1 }])
  })

  test('counts a run as reuse where something recalled was shown, or really used', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ run: 'first', task: 'refund order 1187', response: 'done', success: true })
    await autodidact.record({ advice: await autodidact.advise('refund order 1190'), response: 'done too', success: true })
    await autodidact.record({ advice: await autodidact.advise('water the plants'), success: true })
    await autodidact.record({ advice: await autodidact.advise('refund order 1191'), used: [], success: true })
    await autodidact.record({ task: 'refund order 1192', used: ['first'], success: true })
    expect((await autodidact.report()).overall.reuse).toMatchObject({ count: 2, of: 5 })
  })
})

test('whatever was recorded, a report survives JSON', async () => {
  const amount = fc.constantFrom(0, Number.MIN_VALUE, 1, 1e12, 1e308, Number.MAX_VALUE)
  const run = fc.record({ success: fc.boolean(), durationMs: amount, cost: amount, tokens: fc.constantFrom(0, Number.MAX_SAFE_INTEGER), stepMs: amount, iterations: amount })
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 5, maxLength: 40 }), async (given) => {
      const { autodidact } = await opened()
      for (const { success, durationMs, cost, tokens, stepMs, iterations } of given) {
        const steps = [{ action: 'a', input: 'x', output: 'y', ok: success, durationMs: stepMs }]
        await autodidact.record({ task, category: 'refund', agent: success ? 'a' : 'b', durationMs, steps, metrics: { iterations, errors: iterations }, outcome: { success, cost, tokens } })
      }
      const report = await autodidact.report()
      expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    }),
    { numRuns: 40 },
  )
})

describe('ratings', () => {
  test('are the latest word of each voice on a run', async () => {
    const { autodidact } = await opened()
    await autodidact.feedback('early', { score: 0.9 }, { author: 'bob' })
    await autodidact.feedback('taken back', { retract: 'praise' })
    for (const run of ['twice', 'taken back', 'two voices', 'early', 'unrated', 'one decision']) await autodidact.record({ run, task, user: 'ada' })
    await autodidact.feedback('twice', 'up')
    // Whoever is not named is the user of the run.
    await autodidact.feedback('twice', 'down', { author: 'ada' })
    await autodidact.feedback('taken back', 'up', { id: 'praise' })
    await autodidact.feedback('two voices', 'up')
    await autodidact.feedback('two voices', { score: 0.5 }, { author: 'bob' })
    const { id } = await autodidact.decide('tool', ['a'], { run: 'one decision' })
    await autodidact.feedback('one decision', 'down', { decision: id })
    await autodidact.feedback('never recorded', 'down')
    const { ratings } = (await autodidact.report()).overall
    expect(ratings).toMatchObject({ runs: 3, positive: { count: 2, of: 3 } })
    expect(ratings.mean).toBeCloseTo((0 + 0.75 + 0.9) / 3, 12)
  })

  test('have a trend', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 30; place += 1) {
      const { run } = await autodidact.record({ task })
      await autodidact.feedback(run, { score: place < 15 ? 0.3 : 0.7 }, { author: 'ada' })
    }
    const { trends, change } = (await autodidact.report()).overall
    expect(trends.rating).toMatchObject({ direction: 'rising', runs: 30 })
    expect(change?.rating?.value).toBeCloseTo(0.4, 12)
  })
})

test('few ratings that are all alike are no certainty', async () => {
  const { autodidact } = await opened()
  const rated = async (category: string, each: number): Promise<void> => {
    for (let place = 0; place < 12; place += 1) {
      const { run } = await autodidact.record({ task, category })
      if (place % 4 < each) await autodidact.feedback(run, place < 4 ? 'down' : 'up')
    }
  }
  await rated('three a period', 3)
  await rated('two a period', 2)
  const changes = new Map((await autodidact.report()).groups.map(({ category, change }) => [category, change?.rating]))
  // Newcombe's interval for 3 of 3 against 0 of 3, by hand: 1 − √2 · 3.8415 / 6.8415.
  expect(changes.get('three a period')).toMatchObject({ value: 1, low: expect.closeTo(0.20593, 4), high: 1 })
  // Of two and two equal coins, one pair in eight would look like a change.
  expect(changes.get('two a period')).toBeUndefined()
})

const rising = (count: number, from: number): number[] => Array.from({ length: count }, (_, place) => Number(place >= from))

describe('trends', () => {
  test('of many are believed less', () => {
    const one = trendOf([0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1])
    expect(one).toMatchObject({ direction: 'rising' })
    expect(one.p).toBeGreaterThan(0.005)
    const [same] = adjustedTrends([one, ...Array.from({ length: 9 }, () => trendOf(rising(40, 0)))])
    expect(same).toMatchObject({ p: one.p, adjusted: expect.closeTo(10 * one.p, 12), direction: 'none' })
  })

  test('of too few runs raise nothing for the others', () => {
    const one = trendOf(rising(20, 10))
    expect(adjustedTrends([one, trendOf(rising(9, 4))])).toEqual([one, trendOf(rising(9, 4))])
  })
})
