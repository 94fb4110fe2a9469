import { describe, expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import type { RecordInput } from '../record/input.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'

const feature = { task: 'add a login form', category: 'frontend', type: 'feature' }

const runs = async (autodidact: Autodidact, count: number, input: Omit<RecordInput, 'task'> & { readonly task?: string }, good = count): Promise<string[]> => {
  const ids: string[] = []
  for (let place = 0; place < count; place += 1) {
    ids.push((await autodidact.record({ ...feature, ...input, outcome: { success: place < good, judge: 'check' } })).run)
  }
  return ids
}

/** What ten runs of another kind amount to. */
const weighed = async (input: Partial<RecordInput>): Promise<number> => {
  const { autodidact } = await opened()
  await runs(autodidact, 10, { task: 'qqq', ...input })
  return (await autodidact.recommend({ ...feature, task: 'zzz' })).evidence?.success.of ?? 0
}

const done = (actions: readonly string[], factors: readonly string[]) => ({ approach: 'incremental', factors, steps: actions.map((action) => ({ action })) })

describe('a recommendation', () => {
  test('says that nothing is known where nothing is', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 5, { task: 'water the plants', category: 'garden', type: 'chore', effort: 9 })
    expect(await autodidact.recommend(feature)).toEqual({
      approach: 'standard', confidence: 0, complexity: 'low', alternatives: [], tools: [], factors: [], similar: [],
      recommendations: ['No similar run is known. Use the approach "standard", and record how it goes.'],
    })
  })

  test('has a confidence that grows with the evidence and never reaches the rate itself', async () => {
    const { autodidact } = await opened()
    let before = 0
    for (const count of [1, 4, 10, 15]) {
      await runs(autodidact, count, { approach: 'incremental' })
      const { confidence, evidence } = await autodidact.recommend(feature)
      expect(confidence).toBeGreaterThan(before)
      expect(confidence).toBeLessThan(evidence?.success.rate ?? 0)
      before = confidence
    }
    // Thirty equal runs, all good: Wilson's bound at 27 to 30 of as many.
    expect(before).toBeGreaterThan(0.87)
    expect(before).toBeLessThan(0.89)
  })

  test('is exactly the bound of Wilson on similarity × weight', async () => {
    const { autodidact } = await opened()
    // Found by no word, so only category, type and complexity count: .9 each.
    await runs(autodidact, 20, { task: 'qqq', approach: 'incremental' }, 15)
    const { confidence, evidence } = await autodidact.recommend({ ...feature, task: 'zzz' })
    const [n, p, z] = [0.9 * 20, 0.75, 1.959963984540054]
    const bound = (p + z ** 2 / (2 * n) - z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n)
    expect(evidence).toMatchObject({ runs: 20, success: { rate: expect.closeTo(p, 9) } })
    expect(evidence?.success.of).toBeCloseTo(n, 9)
    expect(confidence).toBeCloseTo(bound, 9)
  })

  test('falls when the approach fails, until another one is surer', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 10, { approach: 'standard' })
    await runs(autodidact, 6, { approach: 'incremental' })
    const first = await autodidact.recommend(feature)
    expect(first).toMatchObject({ approach: 'standard', alternatives: [{ approach: 'incremental' }] })
    await runs(autodidact, 3, { approach: 'standard' }, 0)
    const second = await autodidact.recommend(feature)
    expect(second.approach === 'standard' ? second.confidence : 0).toBeLessThan(first.confidence)
    await runs(autodidact, 20, { approach: 'standard' }, 0)
    const third = await autodidact.recommend(feature)
    expect(third).toMatchObject({ approach: 'incremental', alternatives: [{ approach: 'standard' }] })
    expect(third.alternatives[0]?.difference.low).toBeGreaterThan(0)
    expect(third.recommendations).toContain('"standard" is worse than "incremental": 30 % of 33 similar runs.')
  })

  test('does not recommend for more than one success what has always failed but once', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 20, { approach: 'standard' }, 1)
    const { confidence, recommendations } = await autodidact.recommend(feature)
    expect(confidence).toBeLessThan(0.05)
    expect(recommendations[1]).toMatch(/^Nothing that was tried went well more often than not/)
  })

  test('counts runs by their similarity', async () => {
    expect(await weighed({})).toBeCloseTo(9, 9)
    expect(await weighed({ type: 'bugfix' })).toBeCloseTo(6, 9)
    expect(await weighed({ type: 'bugfix', effort: 3, dependencies: ['a', 'b', 'c'] })).toBeCloseTo(4, 9)
    expect(await weighed({ category: 'backend' })).toBeCloseTo(5, 9)
    // Complexity alone is below the threshold.
    expect(await weighed({ category: 'garden', type: 'bugfix' })).toBe(0)
  })

  test('finds similar runs by their words, good and bad ones, when the task tells nothing else', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 6, { task: 'migrate the customer table to the new schema', approach: 'incremental' })
    await runs(autodidact, 6, { task: 'migrate the invoice table to the new schema', approach: 'standard' }, 0)
    await runs(autodidact, 6, { task: 'water the plants in the hall', approach: 'parallel' })
    const { approach, alternatives, similar } = await autodidact.recommend({ task: 'migrate the order table to the new schema', limit: 32 })
    expect(approach).toBe('incremental')
    expect(alternatives.map((alternative) => alternative.approach)).toEqual(['standard'])
    expect(new Set(similar.map(({ reward }) => reward))).toEqual(new Set([0, 1]))
    expect(similar.some(({ task }) => task.includes('plants'))).toBe(false)
    expect(similar.every(({ similarity }, place) => similarity <= (similar[place - 1]?.similarity ?? 1))).toBe(true)
  })

  test('counts a run once, whether its pattern tells of it or its words found it', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 12, { approach: 'incremental' })
    const { evidence, similar } = await autodidact.recommend(feature)
    expect(similar).toHaveLength(5)
    expect(evidence?.runs).toBe(12)
    expect(evidence?.success.of).toBeGreaterThan(12 * 0.9)
    expect(evidence?.success.of).toBeLessThanOrEqual(12)
  })

  test('names the tools and factors that go with success, and none that are shown to harm', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 15, done(['edit', 'test'], ['small steps']))
    await runs(autodidact, 15, done(['edit', 'guess'], ['hurry']), 1)
    await autodidact.record({ ...feature, approach: 'incremental', steps: [{ action: 'broken', ok: false }], success: false })
    const { tools, factors } = await autodidact.recommend(feature)
    expect(tools.map(({ name }) => name)).toEqual(['test', 'edit'])
    expect(factors.map(({ name }) => name)).toEqual(['small steps'])
    expect(tools[0]).toMatchObject({ runs: 15, success: { rate: 1 } })
    expect(tools[0]?.difference.low).toBeGreaterThan(0.5)
  })

  test('counts a tool where it was tried, also where it failed, and tells its own calls beside', async () => {
    const { autodidact } = await opened()
    for (let day = 0; day < 30; day += 1) {
      const success = day % 3 > 0
      const steps = [{ action: 'north', ok: true }, { action: 'east', ok: success }, ...(day === 0 ? [{ action: 'east', ok: false }] : [])]
      await autodidact.record({ ...feature, task: `report ${day}`, approach: 'incremental', steps, outcome: { success, judge: 'check' } })
    }
    const { tools, recommendations } = await autodidact.recommend({ ...feature, task: 'report of today' })
    expect(tools).toMatchObject([{ name: 'north', runs: 30, calls: 30, failed: 0 }, { name: 'east', runs: 30, calls: 31, failed: 11 }])
    expect(tools.map(({ success }) => success.rate)).toEqual([expect.closeTo(2 / 3), expect.closeTo(2 / 3)])
    expect(recommendations.at(-1)).toBe('Tools tried: north (67 % of 30 runs), east (67 % of 30 runs; 11 of 31 calls failed).')
  })

  test('shows a tool that fails to be worse than another', async () => {
    const { autodidact } = await opened()
    const call = (action: string, ok: boolean) => autodidact.record({ ...feature, approach: 'incremental', steps: [{ action, ok }], outcome: { success: ok, judge: 'check' } })
    for (let day = 0; day < 30; day += 1) {
      await call('north', true)
      await call('east', day % 3 > 0)
    }
    // The words of the task find the same runs once more: they weigh more by that, and are called no more often.
    expect((await autodidact.recommend(feature)).tools).toMatchObject([{ name: 'north', runs: 30, calls: 30, failed: 0 }])
  })

  test('takes the option of the choice point "approach" for the approach, as it was really taken', async () => {
    const { autodidact } = await opened()
    const decision = await autodidact.decide('approach', ['parallel'], { task: feature.task })
    await autodidact.record({ ...feature, run: decision.run, success: true })
    expect((await autodidact.recommend(feature)).approach).toBe('parallel')
    const other = await autodidact.decide('approach', ['parallel'], { task: feature.task })
    for (let more = 0; more < 2; more += 1) await runs(autodidact, 1, { approach: 'incremental' })
    await autodidact.record({ ...feature, run: other.run, taken: { approach: 'incremental' }, outcome: { success: true, judge: 'check' } })
    const { approach, evidence, alternatives } = await autodidact.recommend(feature)
    expect({ approach, runs: evidence?.runs }).toEqual({ approach: 'incremental', runs: 3 })
    expect(alternatives).toMatchObject([{ approach: 'parallel', runs: 1 }])
  })

  test('follows a decision on the approach that is written after the verdict', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ ...feature, run: 'r1', success: true })
    expect((await autodidact.recommend(feature)).approach).toBe('standard')
    await autodidact.decide('approach', ['parallel'], { run: 'r1' })
    expect(await autodidact.recommend(feature)).toMatchObject({ approach: 'parallel', alternatives: [] })
  })

  test('follows feedback that comes first, late, twice, and is taken back', async () => {
    const { autodidact } = await opened()
    await autodidact.feedback('r1', 'down', { author: 'ada', id: 'f1' })
    await autodidact.record({ ...feature, run: 'r1' })
    const rate = async () => (await autodidact.recommend(feature)).evidence?.success.rate
    expect(await rate()).toBe(0)
    await autodidact.feedback('r1', 'down', { author: 'ada', id: 'f1' })
    expect((await autodidact.recommend(feature)).evidence?.runs).toBe(1)
    await autodidact.feedback('r1', { outcome: { success: true } })
    expect(await rate()).toBe(1)
  })

  test('forgets what it learned of a person who is forgotten', async () => {
    const { autodidact } = await opened()
    await runs(autodidact, 5, { user: 'ada', approach: 'incremental', factors: ['the way of ada'] })
    expect((await autodidact.recommend(feature)).factors).toHaveLength(1)
    await autodidact.forget({ user: 'ada' })
    expect(await autodidact.recommend(feature)).toMatchObject({ confidence: 0, factors: [], similar: [] })
  })

  test('keeps projects apart, and knows what another process wrote', async () => {
    const file = temporaryFile()
    const { autodidact: first } = await opened({}, file)
    const { autodidact: second } = await opened({}, file)
    expect((await second.recommend(feature)).confidence).toBe(0)
    await runs(first, 5, { approach: 'incremental' })
    expect((await second.recommend(feature)).approach).toBe('incremental')
    expect((await second.in('another project').recommend(feature)).confidence).toBe(0)
  })

  test('is the same after a restart and from the first fact', async () => {
    const file = temporaryFile()
    const before = await Autodidact.open(file)
    await runs(before, 8, { approach: 'incremental', durationMs: 1_200 }, 6)
    const said = await before.recommend(feature)
    await before.close()
    const { autodidact } = await opened({}, file)
    expect(await autodidact.recommend(feature)).toEqual(said)
    expect(said.evidence?.durationMs).toBeCloseTo(1_200, 6)
  })

  test('can be bolder, stricter, and of more patterns', async () => {
    const file = temporaryFile()
    const { autodidact: plain } = await opened({}, file)
    await runs(plain, 10, { approach: 'incremental' })
    await runs(plain, 10, { type: 'bugfix', approach: 'parallel' })
    const { autodidact: bold } = await opened({ patterns: { confidenceBoost: 1.5, patternLimit: 2_000 } }, file)
    const { autodidact: strict } = await opened({ patterns: { similarityThreshold: 0.8 } }, file)
    const said = await plain.recommend(feature)
    expect((await bold.recommend(feature)).confidence).toBeGreaterThan(said.confidence)
    expect((await bold.recommend(feature)).confidence).toBeLessThan(1)
    expect((await bold.recommend(feature)).evidence?.success.of).toBeCloseTo(1.5 * (said.evidence?.success.of ?? 0), 9)
    expect(said.alternatives).toHaveLength(1)
    expect((await strict.recommend(feature)).alternatives).toEqual([])
  })

  test('is made of as many patterns as are kept', async () => {
    const file = temporaryFile()
    const { autodidact: wide } = await opened({}, file)
    await runs(wide, 1, { task: 'qqq', category: 'first', approach: 'parallel' })
    for (let place = 0; place < 40; place += 1) await runs(wide, 2, { task: 'qqq', category: `later ${place}`, approach: 'parallel' })
    const { autodidact: narrow } = await opened({ patterns: { patternLimit: 10 } }, file)
    // All have type and complexity in common with it.
    const [all, kept] = [await wide.recommend({ ...feature, task: 'zzz', category: 'first' }), await narrow.recommend({ ...feature, task: 'zzz', category: 'first' })]
    expect(all.evidence?.runs).toBe(81)
    expect(kept.evidence?.runs).toBeLessThanOrEqual(20)
  })

  test('is nothing where learning is off', async () => {
    const { autodidact } = await opened({ learning: false })
    await runs(autodidact, 5, { approach: 'incremental' })
    expect(await autodidact.recommend(feature)).toMatchObject({ approach: 'standard', confidence: 0, similar: [] })
  })

  test.each([[{ task: '' }], [{ task: 'x', effort: -1 }], [{ task: 'x', unknown: 1 }], [7], [{}]])('refuses %j by name', async (input) => {
    const { autodidact } = await opened()
    await expect(autodidact.recommend(JSON.parse(JSON.stringify(input)))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

test('where a user is named, what others did is counted, and not named', async () => {
  const { autodidact } = await opened()
  for (const user of ['ada', 'bob', undefined]) {
    await autodidact.record({ task: `tidy the archive of ${user ?? 'all'}`, category: 'chores', approach: 'standard', success: true, ...(user === undefined ? {} : { user }) })
  }
  const ask = { task: 'tidy the archive', category: 'chores' }
  expect((await autodidact.recommend(ask)).similar).toHaveLength(3)
  const { similar, evidence } = await autodidact.recommend({ ...ask, user: 'ada' })
  expect(similar.map(({ task }) => task).sort()).toEqual(['tidy the archive of ada', 'tidy the archive of all'])
  expect(evidence?.runs).toBe(3)
})
