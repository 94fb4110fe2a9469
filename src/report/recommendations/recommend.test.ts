import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Autodidact } from '../../autodidact.ts'
import type { RecordInput } from '../../record/input.ts'
import { opened } from '../../../test/support/instance.ts'
import type { Recommendation, RecommendationLimits } from './recommendation.ts'

const code = { task: 'build an endpoint', category: 'api', agent: 'code' }

type RunInput = Omit<RecordInput, 'task'>

/** Records runs that differ by their place. */
const runs = async (autodidact: Autodidact, count: number, inputOf: (place: number) => RunInput): Promise<string[]> => {
  const ids: string[] = []
  for (let place = 0; place < count; place += 1) {
    const input = inputOf(place)
    ids.push((await autodidact.record({ ...code, ...(input.outcome === undefined ? { success: true } : {}), ...input })).run)
  }
  return ids
}

const found = async (autodidact: Autodidact, limits: RecommendationLimits = {}): Promise<readonly Recommendation[]> => (await autodidact.report({ limits })).recommendations

/** Type and rule of each. */
const rulesOf = async (autodidact: Autodidact): Promise<string[]> => (await found(autodidact)).map(({ type, rule }) => `${type}: ${rule}`)

const steps = (...durations: readonly number[]): NonNullable<RecordInput['steps']> => durations.map((durationMs, place) => ({ action: `step-${place}`, ok: true, durationMs }))

describe('a recommendation', () => {
  test('needs five runs of that agent in that category', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 4, () => ({ durationMs: 60_000 }))
    await runs(autodidact, 4, () => ({ durationMs: 60_000, agent: 'test' }))
    await runs(autodidact, 4, () => ({ durationMs: 60_000, category: 'web' }))
    expect(await found(autodidact)).toEqual([])
    await runs(autodidact, 1, () => ({ durationMs: 60_000 }))
    expect((await found(autodidact)).map(({ category, agent }) => [category, agent])).toEqual([['api', 'code']])
  })

  test('is not raised by the runs of others, and goes when it is no longer true', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, () => ({ durationMs: 60_000 }))
    const [before] = await found(autodidact)
    await runs(autodidact, 6, () => ({ durationMs: 10, agent: 'test' }))
    const [after] = (await found(autodidact)).filter(({ type }) => type === 'execution-speed')
    expect(after).toEqual(before)
    await runs(autodidact, 20, () => ({ durationMs: 1_000 }))
    expect((await found(autodidact)).filter(({ agent }) => agent === 'code')).toEqual([])
  })

  test('names runs that can be explained, and none that was forgotten', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 8, (place) => ({ durationMs: 60_000, user: place % 2 === 0 ? 'ada' : 'bob' }))
    const [before] = await found(autodidact)
    expect(before?.evidence.runs).toHaveLength(8)
    for (const run of before?.evidence.runs ?? []) expect((await autodidact.explain(run)).run).toBe(run)
    await autodidact.forget({ user: 'ada' })
    expect(await found(autodidact)).toEqual([])
  })

  test('has an order, a priority that can be asked for, and an id of its own for each rule', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ durationMs: 33_000, success: place % 10 === 0, steps: Array.from({ length: 10 }, () => ({ action: 'edit', ok: false })) }))
    const all = await found(autodidact)
    expect(all.length).toBeGreaterThan(2)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(all.map(({ priority }) => priority)).toEqual(all.map(({ priority }) => priority).toSorted((left, right) => right - left))
    for (const { priority } of all) expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).toContain(priority)
    expect((await autodidact.report({ minPriority: 7 })).recommendations).toEqual(all.filter(({ priority }) => priority >= 7))
  })
})

describe('execution speed', () => {
  test('is what lies above the limit, by the step that takes the time', async () => {
    const { autodidact } = await opened()
    // Mean 50 s, with 10 s and 30 s above the limit of 30 s by turns: 20 s in the mean.
    await runs(autodidact, 10, (place) => ({ durationMs: place % 2 === 0 ? 40_000 : 60_000, steps: steps(1_000, 30_000) }))
    const [slow] = await found(autodidact)
    expect(slow).toMatchObject({ type: 'execution-speed', gain: { measure: 'duration', perRun: 20_000, share: 0.4 }, priority: 8, bottleneck: { action: 'step-1', share: 30 / 31 } })
    expect(await found(autodidact, { durationMs: 49_000 })).toEqual([])
    expect((await found(autodidact, { durationMs: 40_000 })).map(({ gain }) => gain.perRun)).toEqual([10_000])
  })

  test('is what was lost since the beginning', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 40, (place) => ({ durationMs: (place < 20 ? 1_000 : 2_000) + 10 * (place % 5) }))
    const [slower] = await found(autodidact)
    expect(slower).toMatchObject({ rule: 'more duration than at first', gain: { measure: 'duration' } })
    expect(slower?.gain.perRun).toBeCloseTo(1_000, -2)
  })

  test('is what a step takes above its median', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ steps: steps(100, place % 5 < 2 ? 3_000 : 700) }))
    const [uneven] = await found(autodidact)
    // Two runs of five have 2,300 ms above the median of 700.
    expect(uneven).toMatchObject({ type: 'execution-speed', gain: { measure: 'duration', perRun: 920 }, bottleneck: { action: 'step-1' } })
    expect(uneven?.evidence.runs).toHaveLength(8)
  })
})

describe('iterations', () => {
  test('are counted by steps, or as the host counts them', async () => {
    for (const told of [{ metrics: { iterations: 12 } }, { steps: Array.from({ length: 12 }, () => ({ action: 'think' })) }]) {
      const { autodidact } = await opened()
      await runs(autodidact, 6, () => told)
      expect((await found(autodidact))[0]).toMatchObject({ type: 'iteration-reduction', gain: { measure: 'iterations', perRun: 4, share: 4 / 12 } })
    }
  })

  test('that became more are told of', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 40, (place) => ({ metrics: { iterations: (place < 20 ? 2 : 5) + (place % 2) } }))
    expect(await rulesOf(autodidact)).toEqual(['iteration-reduction: more iterations than at first'])
  })
})

describe('errors', () => {
  test('cost what the runs without them do better', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ success: place < 9, steps: [{ action: 'build', ok: true }, { action: 'deploy', ok: place < 10 }] }))
    const first = (await found(autodidact)).find(({ rule }) => rule === 'success below the limit')
    expect(first).toMatchObject({ type: 'error-reduction', bottleneck: { action: 'deploy', failures: 10, runs: 20 }, gain: { measure: 'success' } })
    // The deployment fails in half of the runs, which all go wrong; of the others nine of ten go well.
    expect(first?.gain.perRun).toBeCloseTo(0.45, 9)
    expect(first?.gain.interval?.low).toBeGreaterThan(0)
    expect(first?.evidence.runs).toHaveLength(11)
  })

  test('are no matter where the limit is not shown to be missed', async () => {
    const { autodidact } = await opened()
    // Of a true rate of .8, 5 of 10 or fewer come with a probability of .033, and 5 of 11 with .012: there is nothing else to be compared.
    await runs(autodidact, 10, (place) => ({ success: place < 6 }))
    expect(await found(autodidact)).toEqual([])
    await runs(autodidact, 1, () => ({ success: false }))
    expect(await found(autodidact)).toEqual([])
    await runs(autodidact, 1, () => ({ success: false }))
    expect((await found(autodidact)).map(({ rule, evidence }) => [rule, evidence.statement])).toEqual([
      ['success below the limit', '6 of 12 runs went well, at most 75.5 % with 95 % confidence; limit 80 %'],
    ])
  })

  test('in one run are counted, whether runs succeed or not', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, () => ({ steps: [1, 2, 3, 4].map(() => ({ action: 'query', ok: false })) }))
    expect((await found(autodidact))[0]).toMatchObject({ rule: 'errors above the limit', gain: { measure: 'errors', perRun: 2, share: 0.5 } })
  })

  test('that came later are told of', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 40, (place) => ({ steps: [{ action: 'query', ok: place < 20 }] }))
    expect(await rulesOf(autodidact)).toContain('error-reduction: more errors than at first')
  })
})

describe('resources', () => {
  test('that go into runs that fail could be saved', async () => {
    const { autodidact } = await opened()
    // Two of three tokens go into the third of the runs that fails.
    await runs(autodidact, 18, (place) => ({ outcome: { success: place % 3 > 0, tokens: place % 3 > 0 ? 100 : 400 } }))
    const [waste] = (await found(autodidact)).filter(({ type }) => type === 'resource-efficiency')
    expect(waste).toMatchObject({ rule: 'tokens of failures', gain: { measure: 'tokens', perRun: 400 / 3, share: 2 / 3 } })
  })

  test('that became more are told of', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 40, (place) => ({ outcome: { success: true, cost: (place < 20 ? 0.01 : 0.03) + 0.001 * (place % 3) } }))
    expect(await rulesOf(autodidact)).toEqual(['resource-efficiency: more cost than at first'])
  })
})

describe('one cause', () => {
  test('is one recommendation: the approach, and not also the runs that fail by it, nor what they take', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 60, (place) => {
      const incremental = place % 2 === 0
      return { approach: incremental ? 'incremental' : 'standard', outcome: { success: incremental ? place % 20 > 0 : place % 5 === 0, judge: 'check', tokens: 900, cost: 0.01 } }
    })
    const all = await found(autodidact)
    expect(all.map(({ type }) => type)).toEqual(['approach-selection'])
    expect(all[0]).toMatchObject({ title: 'Use the approach "incremental": 90 % of 30 runs went well, 20 % of 30 with "standard".', instead: 'incremental', gain: { measure: 'success' } })
    // Half of the latest runs would go well .7 more often.
    expect(all[0]?.gain.perRun).toBeCloseTo(0.35, 9)
    expect(all[0]?.evidence.runs).toHaveLength(10)
  })

  test('that is not known stays to be found out', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 40, (place) => ({ approach: place % 2 === 0 ? 'incremental' : 'standard', success: place % 4 === 0 }))
    // Half against none is shown; but with half going well, the limit is missed all the same.
    expect((await rulesOf(autodidact)).toSorted()).toEqual(['approach-selection: a better approach', 'error-reduction: success below the limit'])
  })

  test('an approach is not recommended against one as good, nor against one that nobody takes any more', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 60, (place) => ({ approach: ['a', 'b', 'c'][place % 3] ?? '', success: place % 9 > 2 }))
    expect((await rulesOf(autodidact)).filter((rule) => rule.startsWith('approach'))).toEqual([])
    const { autodidact: changed } = await opened()
    await runs(changed, 20, () => ({ approach: 'old', success: false }))
    await runs(changed, 19, () => ({ approach: 'new' }))
    expect(await rulesOf(changed)).toContain('approach-selection: a better approach')
    await runs(changed, 1, () => ({ approach: 'new' }))
    expect(await rulesOf(changed)).toEqual([])
  })

  test('tokens and money of dear failures are told of once, and the errors of one step once', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ outcome: { success: place % 2 > 0, judge: 'check', tokens: place % 2 > 0 ? 100 : 400, cost: place % 2 > 0 ? 1 : 5 }, steps: Array.from({ length: 6 }, () => ({ action: 'edit', ok: place % 2 > 0 })) }))
    const all = await found(autodidact)
    expect(all.filter(({ type }) => type === 'resource-efficiency').map(({ rule }) => rule)).toEqual(['cost of failures'])
    expect(all.filter(({ type }) => type === 'error-reduction')).toHaveLength(1)
  })
})

describe('another agent', () => {
  test('is recommended where it is shown to succeed more often, and only there', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ success: place % 4 === 0 }))
    await runs(autodidact, 20, (place) => ({ success: place % 10 > 0, agent: 'senior' }))
    await runs(autodidact, 20, () => ({ success: true, agent: 'other', category: 'web' }))
    const selections = (await found(autodidact)).filter(({ type }) => type === 'agent-selection')
    // 18 of 20 against 5 of 20 by Newcombe 1998, method 10, of Clopper and Pearson's limits, at .01: there are five comparisons, each agent with the other and the success of three groups with the limit.
    expect(selections).toMatchObject([{ agent: 'code', instead: 'senior', gain: { measure: 'success', perRun: expect.closeTo(0.65, 9) } }])
    expect(selections[0]?.gain.interval?.low).toBeCloseTo(0.2674805, 6)
  })

  test('is recommended for its speed where it is as good, as far as is known', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, (place) => ({ durationMs: 2_000 + place, success: place > 8 }))
    await runs(autodidact, 20, (place) => ({ durationMs: 1_000 + place, success: place > 5, agent: 'quick' }))
    const selectionsNow = async (): Promise<readonly Recommendation[]> => (await found(autodidact)).filter(({ type }) => type === 'agent-selection')
    // 14 of 20 against 11 of 20: it may still be .14 worse.
    expect(await selectionsNow()).toEqual([])
    await runs(autodidact, 20, (place) => ({ durationMs: 1_000 + place, success: place > 4, agent: 'quick' }))
    expect(await selectionsNow()).toMatchObject([{ agent: 'code', instead: 'quick', rule: 'as good and faster', gain: { measure: 'duration', perRun: expect.closeTo(1_000, -1) } }])
  })
})

const fetched = (place: number, durationMs: number, input: string, output: string) => ({ action: 'fetch', input: { url: input }, output: { text: `${output} ${place}` }, ok: true, durationMs })

describe('steps that need not wait', () => {
  test('are what independent steps take beyond the longest', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({
      durationMs: 1_000,
      steps: [fetched(place, 300, 'alpha', 'first'), fetched(place, 300, 'beta', 'second'), fetched(place, 200, 'gamma', 'third')],
    }))
    const [parallel] = await found(autodidact)
    expect(parallel).toMatchObject({ type: 'parallel-execution', gain: { measure: 'duration', perRun: 500, share: 0.5 }, priority: 9 })
  })

  test('are not those that take something from the one before, or whose results are not known', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ durationMs: 600, steps: [fetched(place, 300, 'alpha', 'continue at beta'), fetched(place, 300, 'beta', 'end')] }))
    await runs(autodidact, 6, () => ({ durationMs: 600, category: 'web', steps: [1, 2].map((place) => ({ action: 'fetch', input: `page ${place}`, ok: true, durationMs: 300 })) }))
    expect(await found(autodidact)).toEqual([])
  })
})

const both = (place: number) => [fetched(place, 200, 'alpha', 'first'), fetched(place, 200, 'beta', 'second')]

describe('steps that were done at the same time', () => {
  test('are not told to be, however long the run goes on after them', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ durationMs: 201, steps: both(place) }))
    expect(await found(autodidact)).toEqual([])
    await runs(autodidact, 6, (place) => ({ durationMs: 700, steps: both(place) }))
    expect(await found(autodidact)).toEqual([])
  })

  test('are no reason to recommend it where the run does not tell how long it took', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ steps: both(place) }))
    expect(await found(autodidact)).toEqual([])
  })

  test('gain at most what a run takes beyond its longest one, where clocks are coarse', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ durationMs: 398, steps: both(place) }))
    expect((await found(autodidact))[0]).toMatchObject({ type: 'parallel-execution', gain: { perRun: 198, share: 198 / 398 } })
  })

  test('save by caching what is left of the longest, and never more than the run took', async () => {
    const { autodidact } = await opened()
    // 4 of the same 100 ms at the same time, in 101: without all but one, nothing is gained in the first, and a run in the others.
    await runs(autodidact, 10, () => ({ durationMs: 101, steps: [1, 2, 3, 4].map(() => call('rates', 'a table of rates')) }))
    const [cached] = await found(autodidact)
    expect(cached).toMatchObject({ type: 'caching', gain: { measure: 'duration', perRun: 90, share: expect.closeTo(90 / 101, 9) } })
    expect(cached?.evidence.runs).toHaveLength(9)
  })

  test('save nothing by caching, or by being even, where others take as long beside them', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 10, (place) => ({ durationMs: 101, steps: [call('rates', 'a table of rates'), { action: 'wait', ok: true, durationMs: 100 }, call(`order ${place}`, `order ${place} is paid`)] }))
    // The step with outliers takes 3,000 or 700 ms, and beside those of 3,000 is always another one.
    await runs(autodidact, 20, (place) => (place % 5 < 2 ? { category: 'web', durationMs: 3_001, steps: steps(3_000, 3_000) } : { category: 'web', durationMs: 701, steps: steps(100, 700) }))
    expect(await found(autodidact)).toEqual([])
  })
})

const call = (input: string, output: string, durationMs = 100) => ({ action: 'lookup', input, output, ok: true, durationMs })

describe('calls that are made again', () => {
  test('are worth what they take after the first', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ durationMs: 400, steps: [call('rates', 'a table of rates', 200), call(`order ${place}`, `order ${place} is paid`)] }))
    const [cached] = (await found(autodidact)).filter(({ type }) => type === 'caching')
    // Five of six runs need not ask again.
    expect(cached?.gain).toMatchObject({ measure: 'duration', share: expect.closeTo((200 * 5) / 6 / 400, 9) })
    expect(cached?.gain.perRun).toBeCloseTo((200 * 5) / 6, 9)
    expect(cached?.evidence.runs).toHaveLength(5)
  })

  test('are nothing where the result was another one, or the call failed', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, (place) => ({ durationMs: 400, steps: [call('rates', `rates of day ${place}`, 200)] }))
    await runs(autodidact, 6, () => ({ durationMs: 400, category: 'web', steps: [{ ...call('rates', 'no connection'), ok: false }] }))
    expect((await found(autodidact)).filter(({ type }) => type === 'caching')).toEqual([])
  })
})

const pushFailed = (place: number) => ({ action: 'git', input: 'git push', output: `fatal: The current branch has no upstream branch, hint ${place}.`, ok: false })

const rulesOfRuns = async (count: number, inputOf: (place: number) => RunInput): Promise<string[]> => {
  const { autodidact } = await opened()
  await runs(autodidact, count, inputOf)
  return rulesOf(autodidact)
}

const slower = (place: number): RunInput => ({ agent: 'code', durationMs: 1_000 + (place % 3) })
const withErrorsFrom = (first: number) => (place: number): RunInput => ({ steps: [{ action: 'query', ok: place < first }] })

describe('what is too little to be worth a word is not told, however sure it is', () => {
  test.each<[string, number, (place: number) => RunInput]>([
    ['a duration that grew by a twentieth', 60, (place) => ({ durationMs: (place < 20 ? 1_000 : 1_050) + (place % 3) })],
    ['calls again that take a twentieth of a run', 20, () => ({ durationMs: 400, steps: [call('rates', 'a table of rates', 20)] })],
    ['a step that is slow now and then', 20, (place) => ({ steps: steps(100, place % 5 < 1 ? 1_500 : 700) })],
    ['tokens of failures that take hardly more than others', 20, (place) => ({ outcome: { success: place % 4 > 0, tokens: place % 4 > 0 ? 100 : 101 } })],
  ])('%s', async (_what, count, inputOf) => {
    expect(await rulesOfRuns(count, inputOf)).toEqual([])
  })

  test('an agent that is faster by a twentieth', async () => {
    expect(await rulesOfRuns(120, (place) => (place % 2 === 0 ? slower(place) : { agent: 'quick', durationMs: 950 + (place % 3) }))).toEqual([])
  })

  test('a step of a run in which none takes much more than another', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 10, () => ({ durationMs: 60_000, steps: steps(15_000, 15_000, 15_000, 15_000) }))
    expect((await found(autodidact)).map(({ rule, bottleneck }) => [rule, bottleneck])).toEqual([['duration above the limit', undefined]])
  })

  test('a beginning of fewer than five runs', async () => {
    expect(await rulesOfRuns(22, withErrorsFrom(2))).not.toContain('error-reduction: more errors than at first')
    expect(await rulesOfRuns(26, withErrorsFrom(6))).toContain('error-reduction: more errors than at first')
  })
})

test('an error is named by what does not differ from one time to the next, with what has helped against it', async () => {
  const { autodidact } = await opened()
  await runs(autodidact, 8, (place) => ({ category: 'taught', steps: [pushFailed(place), { action: 'git', input: 'git push --set-upstream origin main', ok: true }] }))
  await runs(autodidact, 12, (place) => ({ success: place < 4, steps: place < 4 ? [{ action: 'git', input: 'git status', ok: true }] : [pushFailed(place + 20)] }))
  const error = (await found(autodidact)).find(({ type, category }) => type === 'error-reduction' && category === 'api')
  expect(error).toMatchObject({
    error: { tool: 'git', times: 8, runs: 8, template: 'fatal: The current branch has no upstream branch, hint <number> .' },
    bottleneck: { action: 'git', failures: 8 },
    fix: { steps: [{ action: 'git', input: 'git push --set-upstream origin main' }] },
    gain: { measure: 'success', perRun: expect.closeTo(8 / 12, 9) },
  })
  expect(error?.fix?.confidence).toBeGreaterThanOrEqual(0.85)
  expect(error?.title).toContain('Prevent "fatal: The current branch')
})

test('every gain is above 0, no share above 1, and every run that is named is one of that group, whatever was recorded', async () => {
  const step = fc.record({ action: fc.constantFrom('a', 'b'), input: fc.constantFrom('x', 'y', 'z'), output: fc.constantFrom('x', 'o', ''), ok: fc.boolean(), durationMs: fc.constantFrom(0, 1, 50, 90_000) })
  const run = fc.record({ agent: fc.constantFrom('code', 'test'), success: fc.boolean(), durationMs: fc.constantFrom(0, 10, 50_000), steps: fc.array(step, { maxLength: 12 }), tokens: fc.constantFrom(0, 5, 1e6) })
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 5, maxLength: 30 }), async (given) => {
      const { autodidact } = await opened()
      const agents = new Map<string, string>()
      for (const { success, tokens, ...input } of given) agents.set((await autodidact.record({ ...code, ...input, outcome: { success, tokens } })).run, input.agent)
      for (const { gain, evidence, agent, instead, title } of await found(autodidact)) {
        expect(gain.perRun, title).toBeGreaterThan(0)
        expect(gain.share, title).toBeGreaterThan(0)
        expect(gain.share, title).toBeLessThanOrEqual(1 + 1e-9)
        expect(evidence.runs.length, title).toBeGreaterThan(0)
        expect(evidence.looked).toBeGreaterThanOrEqual(5)
        for (const id of evidence.runs) expect([agent, instead]).toContain(agents.get(id))
      }
    }),
    { numRuns: 60 },
  )
})
