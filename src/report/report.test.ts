import { Autodidact, type AutodidactSettings, type Fact, reportHtml, seededRandom, type Storage, taskStatistics } from '../index.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'

const open: Autodidact[] = []

const opened = async (settings: AutodidactSettings = {}): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(':memory:', { seed: 3, ...settings })
  open.push(autodidact)
  return autodidact
}

afterEach(async () => {
  for (const autodidact of open.splice(0)) await autodidact.close()
})

test('of an empty namespace claims nothing', async () => {
  const report = await (await opened()).report()
  expect(report).toMatchObject({ namespace: 'default', runs: 0, kinds: [], tenths: [], agents: [], points: [], items: { shown: 0, helpful: [], harmful: [] } })
  expect(report.success).toEqual({ count: 0, of: 0, low: 0, high: 1 })
  expect(report).not.toHaveProperty('since')
  expect(report.storage).toMatchObject({ facts: 0, failedSnapshots: 0, durability: 'none' })
})

describe('runs', () => {
  test('are counted by verdict, kind, agent, and time', async () => {
    let now = 0
    const autodidact = await opened({ clock: () => (now += 10) })
    for (let number = 0; number < 80; number += 1) {
      // Nothing goes well in the first half, everything in the second; every fourth run is not judged.
      const success = number >= 40
      await autodidact.record({
        task: `refund order ${number}`,
        category: number % 2 === 0 ? 'even' : 'odd',
        agent: number < 60 ? 'clerk' : 'manager',
        ...(number % 4 === 0 ? {} : { outcome: { success, judge: 'check' } }),
      })
    }
    const report = await autodidact.report()
    expect(report).toMatchObject({ runs: 80, verified: { count: 60, of: 80, rate: 0.75 }, success: { count: 30, of: 60, rate: 0.5 }, reward: 0.5 })
    expect(report.tenths.map(({ tenth, runs, success }) => [tenth, runs, success.rate])).toEqual(
      Array.from({ length: 10 }, (_, part) => [part + 1, 8, part < 5 ? 0 : 1]),
    )
    expect(report.agents.map(({ agent, runs, success }) => [agent, runs, success.of])).toEqual([
      ['clerk', 60, 45],
      ['manager', 20, 15],
    ])
    expect(report.kinds.map(({ kind, runs, weightedReward, interval }) => [kind, runs, weightedReward, interval.of])).toEqual([
      ['odd', 40, 0.5, 40],
      ['even', 20, 0.5, 20],
    ])
    const times = report.tenths.map(({ since }) => since ?? Number.NaN)
    expect(times).toEqual([...times].sort((left, right) => left - right))
    expect(report.since).toBe(times[0])
    expect(report.until).toBeGreaterThan(times[9] ?? Number.NaN)
  })

  test('count by the verdict that stands, however it came', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'changed', task: 'x', success: true })
    await autodidact.feedback('changed', 'down', { author: 'ada' })
    await autodidact.record({ run: 'withdrawn', task: 'x' })
    await autodidact.feedback('withdrawn', 'up', { id: 'praise' })
    await autodidact.feedback('withdrawn', { retract: 'praise' })
    await autodidact.feedback('early', 'up')
    await autodidact.record({ run: 'early', task: 'x' })
    await autodidact.record({ run: 'corrected', task: 'x', response: 'no', success: true })
    await autodidact.feedback('corrected', { correction: 'yes', comment: 'look again' })
    const report = await autodidact.report()
    expect(report).toMatchObject({ runs: 4, verified: { count: 3 }, success: { count: 1, of: 3 } })
    expect(report.feedback).toEqual({ received: 4, up: 2, down: 1, corrections: 1, outcomes: 0, comments: 1, retracted: 1, authors: 2 })
  })

  test('that were advised and never recorded are told from those that expired', async () => {
    let now = 0
    const autodidact = await opened({ clock: () => now, deadlineMs: 10 })
    await autodidact.advise('x')
    await autodidact.record({ advice: await autodidact.advise('y'), success: true })
    now = 100
    await autodidact.advise('z')
    expect(await autodidact.report()).toMatchObject({ advice: 3, unrecorded: 2, expired: 1, runs: 1 })
  })

  test('of fewer than fifty are not told by tenths, of which each would be of next to nothing', async () => {
    const autodidact = await opened()
    for (let number = 0; number < 49; number += 1) await autodidact.record({ task: 'x', success: true })
    const few = await autodidact.report()
    expect(few.tenths).toEqual([])
    expect(reportHtml(few)).toContain('fewer than 50 runs')
    await autodidact.record({ task: 'x', success: true })
    expect((await autodidact.report()).tenths.map(({ runs }) => runs)).toEqual(Array.from({ length: 10 }, () => 5))
  })

  test('of one kind that went well are one number, however much each verdict is believed', async () => {
    const autodidact = await opened()
    await autodidact.record({ task: 'x', category: 'refund', outcome: { success: true, judge: 'check' } })
    for (let number = 0; number < 2; number += 1) await autodidact.record({ task: 'x', category: 'refund', outcome: { success: false, judge: 'model' } })
    await autodidact.record({ task: 'x', category: 'refund' })
    const [kind] = (await autodidact.report()).kinds
    expect(kind).toMatchObject({ runs: 3, interval: { count: 1, of: 3 } })
    expect(kind?.interval).toEqual(kind?.performance?.success)
    expect(kind?.weightedReward).toBeGreaterThan(0.4)
    expect(kind).not.toHaveProperty('success')
  })

  test('that have no steps are no runs with fewer errors', async () => {
    const autodidact = await opened()
    for (let number = 0; number < 30; number += 1) await autodidact.record({ task: 'x', category: 'refund', success: true, ...(number < 10 ? { steps: [{ action: 'look up', ok: number % 2 === 0 }] } : {}) })
    const before = (await autodidact.report()).overall
    expect(before.change).toMatchObject({ first: { erroneous: { count: 5, of: 10 } }, last: { runs: 10, erroneous: { of: 0 } } })
    expect(before.change).not.toHaveProperty('errorReduction')
    expect(before.trends.errors).toMatchObject({ direction: 'none', runs: 10 })
    for (let number = 0; number < 30; number += 1) await autodidact.record({ task: 'x', category: 'refund', success: true, ...(number < 4 ? { steps: [{ action: 'look up', ok: number > 0 }] } : {}) })
    // All later runs but four have no steps: of the last third none has.
    expect((await autodidact.report()).overall.change?.last.erroneous.of).toBe(0)
    for (let number = 0; number < 4; number += 1) await autodidact.record({ task: 'x', category: 'refund', success: true, steps: [{ action: 'look up', ok: number > 0 }] })
    expect((await autodidact.report()).overall.change).toMatchObject({ last: { erroneous: { count: 1, of: 4 } }, errorReduction: 0.5 })
  })

  test('without steps did not break what went well with them', async () => {
    const autodidact = await opened()
    for (let number = 0; number < 40; number += 1) await autodidact.record({ task: 'x', category: 'refund', success: true, ...(number < 20 ? {} : { steps: [{ action: 'look up', ok: false }] }) })
    expect((await autodidact.report()).recommendations.map(({ rule }) => rule)).not.toContain('more errors than at first')
  })
})

describe('choice points', () => {
  test('with two options count as explored what explain calls explored, whichever option comes first', async () => {
    const autodidact = await opened({ points: { tool: { policy: { name: 'epsilon-greedy', epsilon: 0.5 } } } })
    for (const options of [['good', 'bad'], ['bad', 'good']]) {
      for (let number = 0; number < 20; number += 1) {
        const { run, option } = await autodidact.decide('tool', options, { task: 'x' })
        await autodidact.record({ run, task: 'x', success: option === 'good' })
      }
    }
    let explored = 0
    for await (const { kind, id } of autodidact.export({ kinds: ['decision.made'] })) {
      if (kind === 'decision.made' && (await autodidact.explain(id)).decisions[0]?.explored === true) explored += 1
    }
    expect(explored).toBeGreaterThan(0)
    expect((await autodidact.report()).points[0]?.explored.count).toBe(explored)
  })

  test('tell what was drawn, explored, followed, and earned', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'epsilon-greedy' } } })
    const [drawn, rewards] = [new Map<string, number>(), new Map<string, number[]>()]
    let [explored, followed] = [0, 0]
    const random = seededRandom(8)
    for (let number = 0; number < 120; number += 1) {
      const decision = await autodidact.decide('tool', ['a', 'b', 'c'], { task: 'x', run: `run-${number}` })
      drawn.set(decision.option, (drawn.get(decision.option) ?? 0) + 1)
      if (decision.propensity < Math.max(...Object.values(decision.probabilities))) explored += 1
      const taken = random() < 0.2 ? 'c' : decision.option
      if (taken === decision.option) followed += 1
      const score = taken === 'a' ? 0.9 : 0.25
      rewards.set(taken, [...(rewards.get(taken) ?? []), score])
      await autodidact.record({ run: `run-${number}`, task: 'x', taken: { tool: taken }, outcome: { score, judge: 'check' } })
    }
    await autodidact.decide('tone', ['kind', 'short'])
    const [tool, tone] = (await autodidact.report()).points
    expect(explored).toBeGreaterThan(0)
    expect(tool).toMatchObject({ point: 'tool', decisions: 120, settled: 120, explored: { count: explored }, followed: { count: followed, of: 120 } })
    for (const { option, chosen, settled, reward } of tool?.options ?? []) {
      const earned = rewards.get(option) ?? []
      expect([option, chosen, settled]).toEqual([option, drawn.get(option) ?? 0, earned.length])
      expect(reward).toBeCloseTo(earned.reduce((sum, one) => sum + one, 0) / earned.length, 9)
    }
    expect(tone).toMatchObject({ point: 'tone', decisions: 1, settled: 0, followed: { of: 0 } })
    expect(tone).not.toHaveProperty('reward')
  })

  test('where all options are equally likely explore nothing that could be told from the rest', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'uniform' } } })
    for (let number = 0; number < 20; number += 1) await autodidact.decide('tool', ['a', 'b', 'c'])
    const report = await autodidact.report()
    expect(report.points[0]).toMatchObject({ decisions: 20, explored: { count: 0, of: 0 } })
    expect(reportHtml(report)).not.toContain('explored')
  })

  test('under an experiment without a verdict have no answer of numbers', async () => {
    const autodidact = await opened()
    await autodidact.experiments.start({ point: 'tool', id: 'e' })
    const { run, option } = await autodidact.decide('tool', ['a', 'b'], { run: 'r', task: 'x' })
    expect((await autodidact.report()).experiments.map(({ answer }) => answer)).toEqual(['Nothing is judged yet at "tool": no run of this experiment has a verdict.'])
    await autodidact.record({ run, task: 'x', success: option === 'a' })
    expect((await autodidact.report()).experiments[0]?.answer).toMatch(/from (1 and 0|0 and 1) judged runs\.$/)
  })

  test('with many different probabilities take rounding for no exploration', async () => {
    const options = Array.from({ length: 12 }, (_, place) => `option-${place}`)
    const weights = Float64Array.from(options, (_, place) => (place + 1) / 78)
    const uneven = { name: 'uneven', estimated: false, weigh: () => weights }
    const autodidact = await opened({ points: { tool: { policy: uneven } } })
    let best = 0
    for (let number = 0; number < 60; number += 1) if ((await autodidact.decide('tool', options)).option === 'option-11') best += 1
    expect(best).toBeGreaterThan(0)
    expect((await autodidact.report()).points[0]?.explored).toMatchObject({ count: 60 - best, of: 60 })
  })
})

test('what was forgotten is named no more among what helped, and makes room', async () => {
  const autodidact = await opened()
  for (let number = 0; number < 7; number += 1) await autodidact.record({ run: `run ${number}`, user: number < 3 ? 'ada' : 'bob', task: `refund order ${number}`, success: true })
  await autodidact.record({ run: 'other', task: 'greet', used: [], success: true })
  for (let number = 0; number < 7; number += 1) await autodidact.record({ task: `task ${number}`, used: [`run ${number}`], success: true })
  expect((await autodidact.report()).items.helpful.map(({ id }) => id)).toEqual(['run 0', 'run 1', 'run 2', 'run 3', 'run 4'])
  await autodidact.forget({ user: 'ada' })
  expect((await autodidact.report()).items.helpful.map(({ id }) => id)).toEqual(['run 3', 'run 4', 'run 5', 'run 6'])
})

test('items are told apart by whether they helped', async () => {
  const autodidact = await opened()
  await autodidact.record({ run: 'good', task: 'refund order 1187', success: true })
  await autodidact.remember({ id: 'bad', title: 'Refunds', content: 'Never refund an order.' })
  await autodidact.record({ run: 'other', task: 'greet', used: [], success: true })
  for (let number = 0; number < 6; number += 1) {
    await autodidact.record({ task: `task ${number}`, used: ['good'], success: true })
    await autodidact.record({ task: `task ${number}`, used: ['bad'], success: false })
  }
  const { items } = await autodidact.report()
  expect(items).toMatchObject({
    shown: 2,
    helpful: [{ id: 'good', task: 'refund order 1187', runs: 6, helped: { rate: 1 } }],
    harmful: [{ id: 'bad', task: 'Refunds', runs: 6, helped: { rate: 0 } }],
  })
})

test('survives JSON, and the store has a size', async () => {
  const autodidact = await opened()
  const before = (await autodidact.report()).storage.bytes
  for (let number = 0; number < 50; number += 1) await autodidact.record({ task: `task ${number} ${'x'.repeat(2_000)}`, success: true })
  const report = await autodidact.report()
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  expect(report.storage.bytes).toBeGreaterThan(before + 50 * 2_000)
  expect(report.storage.facts).toBe(50)
})

test('reads the log once, and the latest runs once more, however late the verdicts of thousands of runs come', async () => {
  const storage = await SqliteStorage.open(':memory:')
  let read = 0
  const counting = new Proxy(storage, {
    get: (target, name) => {
      if (name === 'read') {
        return async function* (...given: Parameters<Storage['read']>): AsyncGenerator<readonly Fact[]> {
          for await (const page of target.read(...given)) {
            read += page.length
            yield page
          }
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const autodidact = Autodidact.over(counting)
  open.push(autodidact)
  const runs = 600
  for (let number = 0; number < runs; number += 1) await autodidact.record({ run: `run-${number}`, task: `task ${number}` })
  for (let number = 0; number < runs; number += 1) await autodidact.feedback(`run-${number}`, 'up')
  await autodidact.learned(taskStatistics)
  // The fixes that it names are folded when they are first asked for.
  await autodidact.fixesFor({ message: 'no space left' })
  read = 0
  const report = await autodidact.report()
  expect(report.success.count).toBe(runs)
  expect(read).toBe(2 * runs + 20)
})
