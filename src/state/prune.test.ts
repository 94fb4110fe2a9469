import { describe, expect, test } from 'vitest'
import * as everything from '../index.ts'
import { Autodidact, type Learner } from '../index.ts'
import { creditRules } from '../credit/rules.ts'
import { rewardOf } from '../decide/rewards.ts'
import { Runner } from '../learn/runner.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'

const isLearner = (value: unknown): value is Learner => typeof value === 'object' && value !== null && 'initial' in value && 'learn' in value && 'save' in value

const learners: readonly Learner[] = [...Object.values<unknown>(everything).filter(isLearner), everything.createTabularQ({ discount: 0 }), everything.createPolicyGradient({ hidden: 3, inputs: 'numbers' })]

const long = (word: string): string => `${word} `.repeat(4_000)

/** Everything that an agent may do, with verdicts that come late, with corrections that are and are not the answer, and with texts of every length. */
const live = async (autodidact: Autodidact): Promise<void> => {
  await autodidact.remember({ id: 'tip', content: 'Refunds above 100 need a second signature.' })
  for (let day = 0; day < 30; day += 1) {
    const task = day % 7 === 0 ? `refund ${long('order')}${day}` : `refund order ${day}`
    const advice = await autodidact.advise(task, { user: day % 3 === 0 ? 'ada' : 'grace', choices: { tool: ['look up', 'ask', 'guess'] }, context: { day } })
    const steps = [
      { action: 'look up', input: { page: long('page') }, output: `found ${day}`, ok: day % 4 !== 0, ...(day % 5 === 0 ? { reward: 0.3, decision: advice.decisions['tool']?.id ?? '' } : {}) },
      { action: 'answer', output: { text: long('text'), day } },
    ]
    const response = day % 6 === 0 ? long(`answer ${day}`) : day % 6 === 1 ? { refunded: day } : `refunded ${day}`
    const outcome = day % 2 === 0 ? { outcome: { success: day % 4 === 0, judge: 'host' as const, ...(day % 8 === 0 ? { error: long('timeout') } : {}) } } : {}
    if (day % 10 === 0) await autodidact.remember({ id: `known-${day}`, content: `Order ${day} may be refunded. ${long('reason')}` })
    const { run } = await autodidact.record({ advice, steps, response, takeaway: `takeaway ${day}`, durationMs: 100 * day, ...outcome })
    if (day % 3 === 0) await autodidact.feedback(run, { correction: day % 2 === 0 ? response : 'another' }, { author: 'ada' })
    if (day % 5 === 0) await autodidact.feedback(run, { score: 0.8, comment: `great ${long('and more')}` })
  }
  await autodidact.advise('not recorded yet', { choices: { tool: ['look up', 'ask'] } })
}

const credit = creditRules({ reward: rewardOf({ name: 'three-part' }) })

/** What all learners know when the log is folded anew, by both kinds of rewards. */
const learnedFrom = async (storage: SqliteStorage): Promise<readonly string[]> => {
  const states: string[] = []
  for (const rules of [undefined, credit]) {
    const runner = new Runner(storage, { learners, ...(rules === undefined ? {} : { credit: rules }) })
    for (const learner of learners) {
      const fold = await runner.foldUpTo('default', learner, Number.MAX_SAFE_INTEGER - 1)
      states.push(`${learner.name} ${Buffer.from(fold.save()).toString('base64')}`)
    }
  }
  return states
}

describe.each(['keep', 'unverified', 'all'] as const)('pruning with texts "%s"', (texts) => {
  test('leaves what was learned as it was to the last bit, takes what it says, and the second time nothing', async () => {
    const clock = handClock()
    const { autodidact, storage, log } = await opened({ clock }, temporaryFile())
    await live(autodidact)
    const before = await learnedFrom(storage)
    expect(before.every((state) => state.length > 20)).toBe(true)
    clock.advance(1000)
    const planned = await autodidact.prune({ before: clock(), texts, dryRun: true })
    const untouched = await log()
    const report = await autodidact.prune({ before: clock(), texts })
    expect({ ...planned, dryRun: false, blobs: 0, bytes: 0 }).toEqual({ ...report, blobs: 0, bytes: 0 })
    expect(report.facts).toBe(report.kinds.reduce((sum, { facts }) => sum + facts, 0))
    expect(report.kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['run.recorded', 'advice.given']))
    expect(report.kinds.every(({ bytes }) => bytes > 0)).toBe(true)
    expect(report.blobs).toBeGreaterThan(0)
    expect(report.bytes.after).toBeLessThan(report.bytes.before)
    expect(await learnedFrom(storage)).toEqual(before)
    const left = await log()
    expect(left.map(({ id, sequence, kind, recordedAt }) => [id, sequence, kind, recordedAt])).toEqual(untouched.map(({ id, sequence, kind, recordedAt }) => [id, sequence, kind, recordedAt]))
    expect(await autodidact.prune({ before: clock(), texts })).toMatchObject({ facts: 0, kinds: [], blobs: 0, unindexed: 0 })
  })

  test('learns the same afterwards from late verdicts as it would have without', async () => {
    const states: (readonly string[])[] = []
    for (const pruned of [false, true]) {
      const clock = handClock()
      const { autodidact, storage, facts } = await opened({ clock, seed: 3 })
      for (const [day, response] of ['Oslo', 'Rome', { city: 'Bern' }].entries()) {
        await autodidact.record({ run: `run ${day}`, task: `capital ${day}`, response, steps: [{ action: 'look', output: 'x' }], ...(day === 0 ? { success: true } : {}) })
      }
      clock.advance(1000)
      if (pruned) await autodidact.prune({ before: clock(), texts })
      await autodidact.feedback('run 0', { correction: ' Oslo ' }, { author: 'ada', id: 'f0' })
      await autodidact.feedback('run 1', { correction: 'Milan' }, { author: 'ada', id: 'f1' })
      await autodidact.feedback('run 2', { correction: { city: 'Bern' } }, { author: 'ada', id: 'f2' })
      await autodidact.record({ run: 'run 1', task: 'capital 1', response: 'Rome', steps: [{ action: 'look', output: 'x' }] })
      expect(await facts('run.recorded')).toHaveLength(3)
      states.push(await learnedFrom(storage))
    }
    expect(states[1]).toEqual(states[0])
  })
})

test('recall shows the same where texts are kept, and only what was judged where the others went', async () => {
  const clock = handClock()
  const { autodidact } = await opened({ clock })
  await autodidact.record({ run: 'judged', task: 'refund order 1187', response: 'refunded', steps: [{ action: 'look', output: long('x') }], success: true })
  await autodidact.record({ run: 'unjudged', task: 'refund order 1190', response: 'refunded too', takeaway: 'refunds work' })
  const recalled = () => autodidact.recall('refund order', { unverified: true })
  const before = await recalled()
  clock.advance(1000)
  await autodidact.prune({ before: clock() })
  expect((await recalled()).prompt).toBe(before.prompt)
  expect((await autodidact.prune({ before: clock(), texts: 'unverified' })).unindexed).toBe(1)
  expect((await recalled()).items.map(({ id }) => id)).toEqual(['judged'])
  expect((await autodidact.prune({ before: clock(), texts: 'all' })).unindexed).toBe(1)
  expect((await recalled()).items).toEqual([])
  // Not even when somebody judges it later.
  await autodidact.feedback('unjudged', { correction: 'the right answer' })
  expect((await recalled()).items).toEqual([])
})

test('what is newer, not recorded yet, or of another namespace stays as it is', async () => {
  const clock = handClock()
  const { autodidact, log } = await opened({ clock })
  const secret = { steps: [{ action: 'look', output: 'kept' }] }
  const open = await autodidact.advise('a task that is under way')
  await autodidact.in('acme').record({ task: 'x', ...secret })
  clock.advance(10)
  const middle = clock()
  await autodidact.record({ task: 'new', ...secret })
  const before = await log()
  expect(await autodidact.prune({ before: middle, texts: 'all' })).toMatchObject({ facts: 0 })
  expect(await log()).toEqual(before)
  const { parts } = await autodidact.record({ advice: open, response: 'done' })
  expect(parts.every(({ status }) => status === 'stored')).toBe(true)
})

test('bad input is refused by name', async () => {
  const { autodidact } = await opened()
  for (const settings of [{}, { before: -1 }, { before: 'yesterday' }, { before: 1, texts: 'some' }, { before: 1, more: true }, undefined]) {
    await expect(autodidact.prune(settings as { before: number })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  }
})
